/** What an actor of another server published lately, from its outbox. */
import type { JobContext } from '../../platform/context.js';
import { originOf } from '../addresses.js';
import { keepMember } from '../featured-posts.js';
import { fetchDocument } from '../internal/fetch-document.js';
import { fetchFirstMembers } from '../internal/read-collection.js';
import { idOf, objectOf, textOf } from '../internal/read-properties.js';
import { isAbsence, type RemoteActor } from '../resolve-actor.js';

const MOST_POSTS = 20;
const MOST_PAGES = 3;
/** Answers and reposts stand among the posts. */
const MOST_MEMBERS = 60;

/**
 * Asks for what an actor published lately, and keeps the posts, each believed only as its author's own. They have their
 * places by the dates that they have; nobody is told.
 *
 * @throws {OutsideUnavailable} when the outbox is not there
 * @throws {MalformedDocument} when it is something else
 */
export async function fetchOutbox(
  context: JobContext,
  actor: RemoteActor,
  outboxUri: string,
): Promise<void> {
  const members = await fetchFirstMembers(context, outboxUri, MOST_MEMBERS, MOST_PAGES);
  let posts = 0;
  for (const member of members) {
    if (posts >= MOST_POSTS) return;
    const said = await orNothing(context, member, () => saidIn(context, actor, member));
    if (said !== null && (await keepMember(context, actor, said))) posts += 1;
  }
}

/** What an activity created; null for a repost, and for what somebody else did. */
async function saidIn(context: JobContext, actor: RemoteActor, member: unknown): Promise<unknown> {
  const uri = idOf(member);
  if (uri === null || originOf(uri) !== originOf(actor.uri)) return null;
  const embedded = objectOf(member);
  const document = embedded?.['type'] === undefined ? await fetchDocument(context, uri) : embedded;
  if (document['object'] === undefined) return document;
  const isOwn = textOf(document['type']) === 'Create' && idOf(document['actor']) === actor.uri;
  return isOwn ? document['object'] : null;
}

async function orNothing(
  context: JobContext,
  member: unknown,
  work: () => Promise<unknown>,
): Promise<unknown> {
  try {
    return await work();
  } catch (error) {
    if (!isAbsence(error)) throw error;
    context.log.debug({ err: error, uri: idOf(member) }, 'an activity is not to be had');
    return null;
  }
}

/** What an actor of another server published lately, from its outbox. */
import type { JobContext } from '../../platform/context.js';
import { DomainError } from '../../platform/errors.js';
import type { PostId } from '../../posts/post.entity.js';
import { setRepost } from '../../posts/set-repost.js';
import { originOf } from '../addresses.js';
import { keepMember } from '../featured-posts.js';
import { fetchDocument } from '../internal/fetch-document.js';
import { fetchFirstMembers } from '../internal/read-collection.js';
import type { JsonObject } from '../internal/read-document.js';
import { idOf, instantOf, objectOf, textOf } from '../internal/read-properties.js';
import { isAbsence, type RemoteActor } from '../resolve-actor.js';
import { mayAskThird } from './ask-third.js';
import { fetchThread } from './fetch-thread.js';
import { isFollowedHere } from './keep-note.js';
import { actAs, findSubject, type KnownSubject } from './receiving.js';
import { isBuried } from './tombstones.js';

const MOST_POSTS = 20;
const MOST_PAGES = 3;
/** Answers stand among the posts. */
const MOST_MEMBERS = 60;

/**
 * Asks for what an actor published lately, and keeps the posts, each believed only as its author's own, and what they reposted. They
 * have their places by the dates that they have; nobody is told.
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
  let kept = 0;
  for (const member of members) {
    if (kept >= MOST_POSTS) return;
    if (await orNothing(context, member, () => keepSaid(context, actor, member))) kept += 1;
  }
}

/** Keeps what an activity created or reposted; whether there was anything. */
async function keepSaid(
  context: JobContext,
  actor: RemoteActor,
  member: unknown,
): Promise<boolean> {
  const uri = idOf(member);
  if (uri === null || originOf(uri) !== originOf(actor.uri)) return false;
  const embedded = objectOf(member);
  const document = embedded?.['type'] === undefined ? await fetchDocument(context, uri) : embedded;
  if (document['object'] === undefined)
    return (await keepMember(context, actor, document)) !== null;
  if (idOf(document['actor']) !== actor.uri) return false;
  switch (textOf(document['type'])) {
    case 'Create':
      return (await keepMember(context, actor, document['object'])) !== null;
    case 'Announce':
      return keepRepost(context, actor, document);
    default:
      return false;
  }
}

/** A repost of what is known here; of anything else where somebody here follows who reposts it. */
async function keepRepost(
  context: JobContext,
  actor: RemoteActor,
  { id, object, published }: JsonObject,
): Promise<boolean> {
  const uri = idOf(object);
  if (uri === null || (await isBuried(context, actor, String(id)))) return false;
  const subject =
    (await findSubject(context.database, uri)) ?? (await findReposted(context, actor, uri));
  if (!subject || subject.kind === 'comment' || subject.isDeleted) return false;
  const foundFrom = instantOf(published) ?? context.clock.now();
  const postId = subject.id as PostId;
  await setRepost(actAs(context, actor.actorId), { postId, isReposted: true, foundFrom });
  return true;
}

async function findReposted(
  context: JobContext,
  actor: RemoteActor,
  uri: string,
): Promise<KnownSubject | null> {
  if (!(await isFollowedHere(context.database, actor.actorId))) return null;
  return (await mayAskThird({ context, sender: actor }, uri)) ? fetchThread(context, uri) : null;
}

async function orNothing(
  context: JobContext,
  member: unknown,
  work: () => Promise<boolean>,
): Promise<boolean> {
  try {
    return await work();
  } catch (error) {
    if (!isAbsence(error) && !(error instanceof DomainError)) throw error;
    context.log.debug({ err: error, uri: idOf(member) }, 'an activity is not to be had');
    return false;
  }
}

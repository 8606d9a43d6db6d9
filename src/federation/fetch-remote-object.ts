/** Looking somebody or something up on another server, for somebody of ours who named it. */
import type { ActorId } from '../actors/actor.entity.js';
import { findActorByHandle, findActorByUrl } from '../actors/actor.queries.js';
import type { CommandContext } from '../platform/context.js';
import { NotFound } from '../platform/errors.js';
import { OutsideUnavailable } from '../platform/outside-unavailable.js';
import { requireRate } from '../platform/require-rate.js';
import { requireViewer } from '../platform/require-viewer.js';
import type { CommentId, PostId } from '../posts/post.entity.js';
import { isOurs, originOf } from './addresses.js';
import { remoteActorNoticed } from './federation.events.js';
import { fetchByPage } from './internal/fetch-by-page.js';
import { provenNote } from './internal/fetch-note.js';
import { asDomain, findHandle } from './internal/find-handle.js';
import { isActor } from './internal/read-actor.js';
import { MalformedDocument } from './internal/read-document.js';
import { fetchThread } from './receive/fetch-thread.js';
import { findSubject, type KnownSubject } from './receive/receiving.js';
import { fetchActor, type RemoteActor } from './resolve-actor.js';

/** What is looked up: one of the two. */
export interface RemoteLocator {
  /** `name@host`, with or without a leading @. */
  readonly handle?: string;
  /** Identity or page of an actor, a post or a comment, or `acct:name@host`. */
  readonly url?: string;
}

/** What was found. */
export type FoundObject =
  | { readonly kind: 'actor'; readonly id: ActorId }
  | { readonly kind: 'post'; readonly id: PostId }
  | { readonly kind: 'comment'; readonly id: CommentId };

const LOOK_UP_LIMIT = { name: 'look-up', points: 100, windowSeconds: 3600, failsClosed: false };

/** @source RFC 7565 */
const ACCOUNT_URI = /^acct:@?([\w.-]{1,64}@[^@/?#]{1,255})$/i;

/**
 * Finds what a handle or an address names, over the network where it is not of this server.
 *
 * @throws {NotFound} NOT_FOUND when there is nothing that can be shown, or its server does not answer
 * @throws {RateLimited} RATE_LIMITED for more than 100 in an hour
 */
export async function fetchRemoteObject(
  context: CommandContext,
  { handle, url }: RemoteLocator,
): Promise<FoundObject> {
  const viewer = requireViewer(context);
  await requireRate(context, LOOK_UP_LIMIT, viewer.accountId);
  const path = [handle === undefined ? 'url' : 'handle'];
  try {
    const found =
      handle === undefined ? await byUrl(context, url ?? '') : await byHandle(context, handle);
    if (found) return found;
  } catch (error) {
    if (!(error instanceof OutsideUnavailable) && !(error instanceof MalformedDocument))
      throw error;
    context.log.info({ err: error }, 'nothing was found on another server');
  }
  throw new NotFound(path);
}

async function byHandle(context: CommandContext, handle: string): Promise<FoundObject | null> {
  const [username = '', host] = handle.replace(/^@/, '').split('@');
  const domain = host === undefined ? context.config.publicUrl.host : asDomain(host);
  if (domain === null) return null;
  if (domain === context.config.publicUrl.host) {
    const local = await findActorByHandle(context.database, username, null);
    return local && local.status !== 'DELETED' ? { kind: 'actor', id: local.id } : null;
  }
  const { actorUri } = await findHandle(context, username, domain);
  return lookAt(context, await fetchActor(context, actorUri));
}

/** Whoever is looked at is shown with what they pinned, once their server has told. */
async function lookAt(
  { database }: CommandContext,
  { actorId }: RemoteActor,
): Promise<FoundObject> {
  await database.transaction((tx) => tx.append(remoteActorNoticed, { actorId }));
  return { kind: 'actor', id: actorId };
}

async function byUrl(context: CommandContext, url: string): Promise<FoundObject | null> {
  const [, account] = ACCOUNT_URI.exec(url) ?? [];
  if (account !== undefined) return byHandle(context, account);
  const known = await findKnown(context, url);
  if (known || originOf(url) === null || isOurs(context.config, url)) return known;
  const document = await fetchByPage(context, url);
  if (isActor(document)) return lookAt(context, await fetchActor(context, document.id));
  const asked = await provenNote(context, document);
  const services = { ...context, jobId: context.requestId };
  const subject = await fetchThread(services, asked.note.uri, asked);
  return subject && toFound(subject);
}

async function findKnown({ database }: CommandContext, url: string): Promise<FoundObject | null> {
  const subject = await findSubject(database, url);
  if (subject && !subject.isDeleted) return toFound(subject);
  const actor = await findActorByUrl(database, url);
  return actor && actor.status !== 'DELETED' ? { kind: 'actor', id: actor.id } : null;
}

function toFound({ kind, id }: KnownSubject): FoundObject {
  return kind === 'comment'
    ? { kind: 'comment', id: id as CommentId }
    : { kind: 'post', id: id as PostId };
}

/** What people of other servers pinned to their profiles. */
import type { JobContext } from '../platform/context.js';
import type { PostId } from '../posts/post.entity.js';
import { PINS_PER_PROFILE } from '../posts/set-post-pinned.js';
import { replaceRemotePins } from '../posts/set-remote-pins.js';
import { originOf } from './addresses.js';
import { fetchDocument } from './internal/fetch-document.js';
import { fetchFirstMembers } from './internal/read-collection.js';
import type { JsonObject } from './internal/read-document.js';
import { readNote } from './internal/read-note.js';
import { idOf, objectOf } from './internal/read-properties.js';
import { keepPost } from './receive/keep-note.js';
import { findSubject } from './receive/receiving.js';
import { isAbsence, type RemoteActor } from './resolve-actor.js';

/**
 * Asks what an actor pinned, and keeps that: at most six posts, each believed only as its author's own. One that is not
 * to be had is left out.
 *
 * @throws {OutsideUnavailable} when the collection is not there
 * @throws {MalformedDocument} when it is something else
 */
export async function fetchFeatured(
  context: JobContext,
  actor: RemoteActor,
  featuredUri: string,
): Promise<void> {
  const members = await fetchFirstMembers(context, featuredUri, PINS_PER_PROFILE);
  const pinned: PostId[] = [];
  for (const member of members) {
    const id = await keepMember(context, actor, member);
    if (id && !pinned.includes(id)) pinned.push(id);
  }
  await replaceRemotePins(context, actor.actorId, pinned);
}

/** A post of an actor that is named, or embedded by its own server; null when it is none that is kept. */
export async function keepMember(
  context: JobContext,
  actor: RemoteActor,
  member: unknown,
): Promise<PostId | null> {
  const uri = idOf(member);
  if (uri === null || originOf(uri) !== originOf(actor.uri)) return null;
  const known = await findSubject(context.database, uri);
  if (known) {
    const isPost = known.kind !== 'comment' && known.authorId === actor.actorId;
    return isPost && !known.isDeleted ? (known.id as PostId) : null;
  }
  try {
    const embedded: JsonObject | null = objectOf(member);
    const document =
      embedded?.['type'] === undefined
        ? await fetchDocument(context, uri)
        : { ...embedded, id: uri };
    const note = readNote(document, context.clock.now());
    if (note.inReplyTo !== null || note.authorUri !== actor.uri) return null;
    const kept = await keepPost(context, { note, author: actor, isNews: false });
    return kept && (kept.id as PostId);
  } catch (error) {
    if (!isAbsence(error)) throw error;
    context.log.debug({ err: error, uri }, 'a pinned post is not to be had');
    return null;
  }
}

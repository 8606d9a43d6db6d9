/** The leave of an author to make a video of theirs: asked when it is ordered, when it is made and when it is published. */
import type { ActorId } from '../actors/actor.entity.js';
import type { MediaId } from '../media/media.entity.js';
import { statement, type Reader, type Transaction } from '../platform/db/database.js';
import { Forbidden, NotFound } from '../platform/errors.js';
import type { PostId } from './post.entity.js';
import { findRemixPolicies, type RemixKind } from './remix-policies.js';
import { canRemix } from './remix.policy.js';
import { canSee } from './visibility.js';
import { findSubjectFacts } from './visibility.queries.js';

const UNPUBLISHED = statement(
  'remixes.to_be_published',
  `select media_id as "mediaId", original_id as "originalId", kind from remixes
   where media_id = any($1::uuid[]) and author_id = $2 and post_id is null`,
);

/** What somebody of this server may do with a post. */
export async function findLeave(
  reader: Reader,
  viewerId: ActorId,
  postId: PostId,
  kind: RemixKind,
): Promise<'UNSEEN' | 'REFUSED' | 'GRANTED'> {
  const facts = (await findSubjectFacts(reader, [postId], viewerId)).get(postId);
  if (!facts || facts.kind === 'comment' || !canSee({ actorId: viewerId, isLocal: true }, facts))
    return 'UNSEEN';
  const policy = (await findRemixPolicies(reader, [postId])).get(postId)?.[kind] ?? 'NOBODY';
  return canRemix(viewerId, facts, policy) ? 'GRANTED' : 'REFUSED';
}

/**
 * Refuses a post that somebody may not make a video of.
 *
 * @throws {NotFound} NOT_FOUND when it is not there or not seen
 * @throws {Forbidden} FORBIDDEN
 */
export async function requireRemixable(
  reader: Reader,
  viewerId: ActorId,
  postId: PostId,
  kind: RemixKind,
  path: readonly string[],
): Promise<void> {
  const leave = await findLeave(reader, viewerId, postId, kind);
  if (leave === 'UNSEEN') throw new NotFound(path);
  if (leave === 'REFUSED')
    throw new Forbidden('The author does not let you use this video.', 'FORBIDDEN', path);
}

/**
 * Refuses remixes of the author that are to be published, when those of whose videos they are made do not let them any
 * more. A policy, a follow or a setting may have changed since they were made, and nobody has to have noticed yet.
 *
 * @throws {Forbidden} FORBIDDEN
 */
export async function requireLeaves(
  tx: Transaction,
  authorId: ActorId,
  mediaIds: readonly MediaId[],
  pathOf: (index: number) => readonly string[],
): Promise<void> {
  const remixes = await tx.rows<{ mediaId: MediaId; originalId: PostId; kind: RemixKind }>(
    UNPUBLISHED,
    [mediaIds, authorId],
  );
  for (const { mediaId, originalId, kind } of remixes) {
    if ((await findLeave(tx, authorId, originalId, kind)) === 'GRANTED') continue;
    const path = pathOf(mediaIds.indexOf(mediaId));
    throw new Forbidden('The original video may not be used any more.', 'FORBIDDEN', path);
  }
}

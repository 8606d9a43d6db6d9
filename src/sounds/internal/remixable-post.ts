/** The video of which another one is made. */
import type { ActorId } from '../../actors/actor.entity.js';
import type { Reader } from '../../platform/db/database.js';
import { Forbidden, NotFound } from '../../platform/errors.js';
import type { PostId } from '../../posts/post.entity.js';
import { canSee } from '../../posts/visibility.js';
import { findSubjectFacts } from '../../posts/visibility.queries.js';
import { canRemix } from '../remix.policy.js';
import type { RemixKind } from '../remix.js';
import { findRemixPolicies } from '../remixes.queries.js';

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

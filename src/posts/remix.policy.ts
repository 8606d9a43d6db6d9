/** Who may make a video of one that they see. Pure functions. */
import type { ActorId } from '../actors/actor.entity.js';
import type { RemixPolicy } from '../actors/visibility.js';
import { canRepost } from './repost.policy.js';
import type { SubjectFacts } from './visibility.queries.js';

/** What decides it about the original. */
export type OriginalFacts = Pick<
  SubjectFacts,
  'authorId' | 'kind' | 'isLocal' | 'isFollower' | 'visibility' | 'isArchived'
>;

/** Whether somebody who sees a video may use it: one of this server that everybody may see, as its author lets them. */
export function canRemix(viewerId: ActorId, original: OriginalFacts, policy: RemixPolicy): boolean {
  if (original.kind !== 'video' || !original.isLocal || !canRepost(original)) return false;
  if (viewerId === original.authorId || policy === 'EVERYONE') return true;
  return policy === 'FOLLOWERS' && original.isFollower;
}

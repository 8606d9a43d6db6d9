/** Who may quote a post that they see, and who may take a quote away. Pure functions. */
import type { ActorId } from '../actors/actor.entity.js';
import type { QuotePolicy } from '../actors/visibility.js';
import { canRepost } from './repost.policy.js';
import type { VisibilityFacts } from './visibility.js';

/** What the quote policy of a post is decided by. */
export interface QuotingFacts extends Pick<VisibilityFacts, 'visibility' | 'isArchived'> {
  readonly authorId: ActorId;
  readonly quotePolicy: QuotePolicy;
  /** The viewer is an accepted follower of the author. */
  readonly isFollower: boolean;
}

/** Whether somebody who sees a post may quote it: only what everybody may see anyway, and as its author lets them. */
export function canQuote(viewerId: ActorId, post: QuotingFacts): boolean {
  if (!canRepost(post)) return false;
  if (viewerId === post.authorId || post.quotePolicy === 'EVERYONE') return true;
  return post.quotePolicy === 'FOLLOWERS' && post.isFollower;
}

/** Whether somebody may take a quoted post out of the post that quotes it: who wrote the quoted one. */
export function canDetachQuote(viewerId: ActorId, quotedAuthorId: ActorId): boolean {
  return viewerId === quotedAuthorId;
}

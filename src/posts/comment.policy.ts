/** Who may comment on a post that they see, and who may take comments away. Pure functions. */
import type { ActorId } from '../actors/actor.entity.js';
import type { CommentPolicy } from '../actors/visibility.js';
import type { CommentVisibility } from './comment-visibility.js';
import type { AudienceFacts } from './visibility.js';

/** What the comment policy of a post is decided by. */
export interface CommentingFacts {
  readonly authorId: ActorId;
  readonly commentPolicy: CommentPolicy;
  /** The viewer is an accepted follower of the author. */
  readonly isFollower: boolean;
  /** The author is an accepted follower of the viewer. */
  readonly isFollowedByAuthor: boolean;
  readonly isMentioned: boolean;
}

/** Whether somebody who sees the post may comment on it. The author always may. */
export function canComment(viewerId: ActorId, post: CommentingFacts): boolean {
  if (viewerId === post.authorId) return true;
  switch (post.commentPolicy) {
    case 'EVERYONE':
      return true;
    case 'FOLLOWERS':
      return post.isFollower;
    case 'FOLLOWING':
      return post.isFollowedByAuthor;
    case 'MENTIONED':
      return post.isMentioned;
    case 'NOBODY':
      return false;
  }
}

/** Whether somebody may pin and hide comments of a post: who wrote the post. */
export function canCurateComments(viewerId: ActorId, postAuthorId: ActorId): boolean {
  return viewerId === postAuthorId;
}

/** Whether somebody may delete a comment: who wrote it, and who wrote the post that it stands under. */
export function canDeleteComment(
  viewerId: ActorId,
  authorId: ActorId,
  postAuthorId: ActorId,
): boolean {
  return viewerId === authorId || viewerId === postAuthorId;
}

/**
 * Whether all followers of somebody see a post, and the comments for fewer people above an answer to it. Only then an
 * answer may be for those followers: other servers know who follows, and not who sees the post.
 */
export function doFollowersSee(
  viewerId: ActorId,
  post: AudienceFacts,
  narrowings: readonly AudienceFacts[],
): boolean {
  const isForFollowers = ({ visibility, authorId }: AudienceFacts): boolean =>
    visibility === 'FOLLOWERS' && authorId === viewerId;
  const isForAll = ['PUBLIC', 'UNLISTED', 'LOCAL'].includes(post.visibility);
  return (isForAll || isForFollowers(post)) && narrowings.every(isForFollowers);
}

/**
 * Whom an answer is for when its author does not say: whoever sees what it answers. Below a comment for fewer people it
 * is for its author's followers where they all see that, or else for those whom it names: nobody's words become known
 * to more people by being answered.
 */
export function defaultCommentVisibility(
  viewerId: ActorId,
  post: AudienceFacts,
  narrowings: readonly AudienceFacts[],
): CommentVisibility {
  if (narrowings.length === 0) return 'AS_POST';
  return doFollowersSee(viewerId, post, narrowings) ? 'FOLLOWERS' : 'MENTIONED';
}

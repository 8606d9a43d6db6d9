/** Deleting a comment, and with it the comments that answer it: they would stand under nothing. */
import type { CommandContext } from '../platform/context.js';
import { NotFound } from '../platform/errors.js';
import { requireActing } from '../platform/require-viewer.js';
import { canDeleteComment } from './comment.policy.js';
import { eraseComment } from './internal/erase-comment.js';
import type { CommentId, PostId } from './post.entity.js';
import { lockSubject, requireSeen } from './seen-subject.js';

/**
 * Deletes a comment as its author or as the author of the post, and everything below it. Its author need not see it
 * any more: who lost sight of the post takes their words back all the same.
 *
 * Opens its own transaction.
 *
 * @returns the post that it stood under
 * @throws {NotFound} NOT_FOUND, also for a comment that the viewer may not delete
 */
export async function deleteComment(
  context: CommandContext,
  commentId: CommentId,
): Promise<PostId> {
  const viewer = requireActing(context);
  return context.database.transaction(async (tx) => {
    const comment = await lockSubject(tx, viewer, commentId, ['commentId']);
    const { root, authorId, isDeleted } = comment;
    if (isDeleted || root === null || !canDeleteComment(viewer.actorId, authorId, root.authorId))
      throw new NotFound(['commentId']);
    if (authorId !== viewer.actorId) requireSeen(viewer, comment, ['commentId']);
    const postId = root.id as PostId;
    await eraseComment(tx, context.clock.now(), { ...comment, id: commentId, postId });
    return postId;
  });
}

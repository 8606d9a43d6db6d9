/** Tells the server of a comment that was let in as its author follows, or is followed, that it may stand. */
import { defineJob } from '../../platform/jobs/job.js';
import type { CommentId } from '../../posts/post.entity.js';
import { approveComment, findAnsweringComment } from '../approve-comment.js';

/** What is gone meanwhile may not stand. */
export const approveCommentLetIn = defineJob<{ commentId: CommentId }>(
  'approveCommentLetIn',
  async (context, { commentId }) => {
    const comment = await findAnsweringComment(context.database, { id: commentId });
    if (comment) await approveComment(context, comment, null);
  },
);

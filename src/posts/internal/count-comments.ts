/** Counters of comments. Every caller holds the lock of the post, so none of them can race. */
import { statement, type Transaction } from '../../platform/db/database.js';
import type { CommentId, PostId } from '../post.entity.js';

const COUNT_COMMENTS = statement(
  'post_counts.comments',
  'update post_counts set comments = comments + $2 where post_id = $1',
);
const COUNT_REPLIES = statement(
  'post_counts.replies',
  'update post_counts set replies = replies + $2 where post_id = $1',
);

/**
 * Adds to the comments of a post (all levels, without hidden ones), and to the direct answers of the comment above
 * (those that are hidden, if at all, along with it).
 */
export async function countComments(
  tx: Transaction,
  postId: PostId,
  parentId: CommentId | null,
  change: { comments: number; answers: 1 | 0 | -1 },
): Promise<void> {
  await tx.rows(COUNT_COMMENTS, [postId, change.comments]);
  if (parentId !== null && change.answers !== 0)
    await tx.rows(COUNT_REPLIES, [parentId, change.answers]);
}

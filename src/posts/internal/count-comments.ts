/** Counters of comments. Every caller holds the lock of the post, so none of them can race. */
import type { Transaction } from '../../platform/db/database.js';
import { statementForMany } from '../../platform/db/for-many.js';
import type { CommentId, PostId } from '../post.entity.js';

const COUNT = statementForMany(
  'post_counts.comments',
  `update post_counts c set comments = c.comments + total.comments, replies = c.replies + total.replies
   from (select id, sum(comments)::int as comments, sum(replies)::int as replies
     from jsonb_to_recordset($1::jsonb) as added(id uuid, comments int, replies int) group by id) total
   where post_id = total.id`,
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
  await tx.ask(COUNT, { id: postId, comments: change.comments, replies: 0 });
  if (parentId !== null && change.answers !== 0)
    await tx.ask(COUNT, { id: parentId, comments: 0, replies: change.answers });
}

/** Takes a comment, with the comments below it, out of the sight of everybody but its author and the author of the post. */
import { statement, type Transaction } from '../../platform/db/database.js';
import { isCountedIn, type Narrowed } from '../comment-visibility.js';
import type { CommentId } from '../post.entity.js';
import { commentHidden, commentUpdated, type CommentFact } from '../posts.events.js';
import { countComments } from './count-comments.js';

/** A comment that does not hide others yet. */
export interface HidableComment extends CommentFact, Pick<Narrowed, 'narrowedTo'> {
  /** The comment by whose hiding it is hidden; null = it is not. */
  readonly hiddenThrough: CommentId | null;
}

// What is hidden by itself below keeps that; the rest follows the comment, also what staff removed and may restore.
const HIDE = statement(
  'comments.hide',
  `with recursive below as (
     select id from posts where id = $1
     union all
     select c.id from posts c join below on c.parent_id = below.id
       where c.kind = 'comment' and c.hidden_through is not distinct from $2::uuid
   ), hidden as (
     update posts set hidden_through = $1 where id in (select id from below) returning deleted_at, narrowed_through
   ) select count(*) filter (where deleted_at is null and ${isCountedIn('hidden')})::int as count from hidden`,
);
const UNPIN = statement(
  'comments.unpin_hidden',
  'delete from pinned_comments where comment_id = $1',
);

/** Hides a comment that is there. Its caller holds the lock of the post. */
export async function hideComment(
  tx: Transaction,
  { hiddenThrough, narrowedTo, ...fact }: HidableComment,
): Promise<void> {
  const { commentId, postId, parentId } = fact;
  const row = await tx.row<{ count: number }>(HIDE, [commentId, hiddenThrough]);
  await tx.rows(UNPIN, [commentId]);
  const comments = hiddenThrough === null ? -(row?.count ?? 0) : 0;
  await countComments(tx, postId, parentId, { comments, answers: narrowedTo === null ? -1 : 0 });
  await tx.append(commentHidden, fact);
  await tx.append(commentUpdated, fact);
}

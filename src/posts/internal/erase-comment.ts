/** Turns a comment and the comments that answer it into tombstones: those would stand under nothing. */
import type { ActorId } from '../../actors/actor.entity.js';
import { statement, type Transaction } from '../../platform/db/database.js';
import type { CommentId, PostId } from '../post.entity.js';
import { commentDeleted } from '../posts.events.js';
import { dropAlbums } from './album.js';
import { countComments } from './count-comments.js';
import { eraseContent } from './erase-content.js';

/** A comment that is there. */
export interface ErasableComment {
  readonly id: CommentId;
  readonly postId: PostId;
  readonly parentId: CommentId | null;
  readonly authorId: ActorId;
  /** The comment by whose hiding it is hidden; null = it is not. */
  readonly hiddenThrough: CommentId | null;
  /** The staff took it out of sight; absent = not. */
  readonly isRemoved?: boolean;
}

const BELOW = statement(
  'comments.below',
  `with recursive below as (
     select id, hidden_through, deleted_at from posts where id = $1
     union all
     select c.id, c.hidden_through, c.deleted_at from posts c join below on c.parent_id = below.id
       where c.kind = 'comment' and (c.deleted_at is null or c.removed_at is not null)
   ) select id, hidden_through is null and deleted_at is null as "isShown" from below`,
);

/** Erases a comment and everything below it, also what the staff removed. Its caller holds the lock of the post. */
export async function eraseComment(
  tx: Transaction,
  now: Date,
  { id: commentId, postId, parentId, authorId, hiddenThrough, isRemoved }: ErasableComment,
): Promise<void> {
  const below = await tx.rows<{ id: CommentId; isShown: boolean }>(BELOW, [commentId]);
  const ids = below.map(({ id }) => id);
  await dropAlbums(tx, now, ids);
  await eraseContent(tx, ids, now);
  await countComments(tx, postId, parentId, {
    comments: -below.filter(({ isShown }) => isShown).length,
    // A comment that is hidden itself, or removed, is not among the answers already.
    answers: hiddenThrough === commentId || isRemoved ? 0 : -1,
  });
  await tx.append(commentDeleted, { commentId, postId, parentId, authorId });
}

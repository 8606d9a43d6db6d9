/** Turns a comment and the comments that answer it into tombstones: those would stand under nothing. */
import type { ActorId } from '../../actors/actor.entity.js';
import { statement, type Transaction } from '../../platform/db/database.js';
import { isCountedIn, type Narrowed } from '../comment-visibility.js';
import type { CommentId, PostId } from '../post.entity.js';
import { commentDeleted } from '../posts.events.js';
import { dropAlbums } from './album.js';
import { countComments } from './count-comments.js';
import { eraseContent } from './erase-content.js';

/** A comment that is there. */
export interface ErasableComment extends Pick<Narrowed, 'narrowedTo'> {
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
     select id, hidden_through, narrowed_through, deleted_at from posts where id = $1
     union all
     select c.id, c.hidden_through, c.narrowed_through, c.deleted_at from posts c join below on c.parent_id = below.id
       where c.kind = 'comment' and (c.deleted_at is null or c.removed_at is not null)
   ) select id, hidden_through is null and ${isCountedIn('below')} and deleted_at is null as "isCounted" from below`,
);

/** Erases a comment and everything below it, also what the staff removed. Its caller holds the lock of the post. */
export async function eraseComment(
  tx: Transaction,
  now: Date,
  { id: commentId, postId, parentId, authorId, ...comment }: ErasableComment,
): Promise<void> {
  const below = await tx.rows<{ id: CommentId; isCounted: boolean }>(BELOW, [commentId]);
  const ids = below.map(({ id }) => id);
  await dropAlbums(tx, now, ids);
  await eraseContent(tx, ids, now);
  await countComments(tx, postId, parentId, {
    comments: -below.filter(({ isCounted }) => isCounted).length,
    answers: isAmongAnswers(commentId, comment) ? -1 : 0,
  });
  await tx.append(commentDeleted, { commentId, postId, parentId, authorId });
}

/** One that is hidden itself, removed, or for fewer people than what it answers is not counted there. */
function isAmongAnswers(
  id: CommentId,
  {
    hiddenThrough,
    narrowedTo,
    isRemoved,
  }: Pick<ErasableComment, 'hiddenThrough' | 'narrowedTo' | 'isRemoved'>,
): boolean {
  return hiddenThrough !== id && narrowedTo === null && isRemoved !== true;
}

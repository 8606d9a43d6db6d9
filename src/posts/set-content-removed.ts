/**
 * What the staff takes out of sight. For the rule, removed is deleted: nobody sees it, its author neither. But
 * nothing is erased, so that it can come back as it was.
 */
import type { ActorId } from '../actors/actor.entity.js';
import type { Visibility } from '../actors/visibility.js';
import { statement, type Transaction } from '../platform/db/database.js';
import { isCounted, type Narrowed } from './comment-visibility.js';
import { openAlbum } from './internal/album.js';
import { countComments } from './internal/count-comments.js';
import { countPost } from './internal/post-quota.js';
import type { CommentId, PostId, PostKind } from './post.entity.js';
import { commentDeleted, commentUpdated, postDeleted, postUnarchived } from './posts.events.js';

interface RemovableRow extends Narrowed {
  readonly id: PostId | CommentId;
  readonly kind: PostKind;
  readonly rootId: PostId | null;
  readonly parentId: CommentId | null;
  readonly authorId: ActorId;
  readonly visibility: Visibility;
  readonly archivedAt: Date | null;
  /** Of a comment: the one by whose hiding it is hidden. */
  readonly hiddenThrough: CommentId | null;
}

// Always the posts before the comments, and each in the order of ids: two commands never wait in a circle.
const LOCK = statement(
  'posts.lock_removable',
  `select from post_counts where post_id in (select coalesce(root_id, id) from posts where id = any($1::uuid[]))
   order by post_id for update`,
);
const COLUMNS = `p.id, p.kind, p.root_id as "rootId", p.parent_id as "parentId", p.author_id as "authorId", p.visibility,
  p.archived_at as "archivedAt", p.hidden_through as "hiddenThrough",
  p.narrowed_to as "narrowedTo", p.narrowed_through as "narrowedThrough"`;
const REMOVE = statement(
  'posts.remove',
  `update posts p set removed_at = $2, deleted_at = $2 where id = any($1::uuid[]) and deleted_at is null returning ${COLUMNS}`,
);
const RESTORE = statement(
  'posts.restore',
  `update posts p set removed_at = null, deleted_at = null where id = any($1::uuid[]) and removed_at is not null
   returning ${COLUMNS}`,
);
const MARK = statement(
  'posts.mark_sensitive',
  `update posts set is_sensitive = true where id = any($1::uuid[])`,
);

/**
 * Removes posts and comments, or restores what was removed, inside the caller's transaction. What is deleted
 * or restored already stays as it is.
 *
 * @param removedAt null = restore
 */
export async function setContentRemoved(
  tx: Transaction,
  ids: readonly (PostId | CommentId)[],
  removedAt: Date | null,
): Promise<void> {
  await tx.rows(LOCK, [ids]);
  const rows =
    removedAt === null
      ? await tx.rows<RemovableRow>(RESTORE, [ids])
      : await tx.rows<RemovableRow>(REMOVE, [ids, removedAt]);
  for (const row of rows) {
    if (row.rootId === null) await followPost(tx, row, removedAt);
    else await followComment(tx, row, row.rootId, removedAt !== null);
  }
}

/** Marks posts as sensitive inside the caller's transaction. */
export async function markSensitive(
  tx: Transaction,
  ids: readonly (PostId | CommentId)[],
): Promise<void> {
  await tx.rows(MARK, [ids]);
}

async function followPost(
  tx: Transaction,
  row: RemovableRow,
  removedAt: Date | null,
): Promise<void> {
  const { authorId, visibility, archivedAt } = row;
  const postId = row.id as PostId;
  await openAlbum(tx, { id: postId, authorId, visibility, archivedAt: removedAt ?? archivedAt });
  const isArchived = archivedAt !== null;
  if (!isArchived) await countPost(tx, authorId, visibility, removedAt === null ? 1 : -1);
  if (removedAt !== null)
    await tx.append(postDeleted, { postId, authorId, visibility, isArchived });
  else if (!isArchived) await tx.append(postUnarchived, { postId, authorId, visibility });
}

async function followComment(
  tx: Transaction,
  row: RemovableRow,
  postId: PostId,
  isRemoved: boolean,
): Promise<void> {
  const { authorId, parentId, hiddenThrough, narrowedTo } = row;
  const commentId = row.id as CommentId;
  const change = isRemoved ? -1 : 1;
  // What the author of the post hid, or is for fewer people, is counted nowhere, or only among the answers to what is so with it.
  const comments = hiddenThrough === null && isCounted(row) ? change : 0;
  const answers = hiddenThrough === commentId || narrowedTo !== null ? 0 : change;
  await countComments(tx, postId, parentId, { comments, answers });
  await tx.append(isRemoved ? commentDeleted : commentUpdated, {
    commentId,
    postId,
    parentId,
    authorId,
  });
}

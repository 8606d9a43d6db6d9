/** Bookmarking: keeping a post for oneself. Nobody else ever learns of it. */
import type { CommandContext } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import { NotFound } from '../platform/errors.js';
import { newId, type Id } from '../platform/ids.js';
import { requireViewer } from '../platform/require-viewer.js';
import { lockFolder } from './internal/bookmark-folders.js';
import type { PostId } from './post.entity.js';
import { lockSeenSubject } from './seen-subject.js';

const ADD = statement(
  'bookmarks.add',
  `insert into bookmarks (id, owner_id, post_id, folder_id, created_at) values ($1, $2, $3, $4, $5)
   on conflict (owner_id, post_id) do update
     set folder_id = case when $6 then excluded.folder_id else bookmarks.folder_id end`,
);
const REMOVE = statement(
  'bookmarks.remove',
  'delete from bookmarks where owner_id = $1 and post_id = $2 returning id',
);

/** What to do with the viewer's bookmark of a post. */
export interface BookmarkChange {
  readonly postId: PostId;
  readonly isBookmarked: boolean;
  /** Null = in no folder; absent = where it is, or in no folder when it is new. */
  readonly folderId?: Id<'bookmarkfolder'> | null;
}

/**
 * Bookmarks a post, moves the bookmark to a folder, or removes it. Doing it twice is the same as once. A bookmark
 * can be removed when its post is not seen any more.
 *
 * Opens its own transaction.
 *
 * @throws {NotFound} NOT_FOUND for the post or the folder
 */
export async function setBookmark(
  context: CommandContext,
  { postId, isBookmarked, folderId }: BookmarkChange,
): Promise<void> {
  const viewer = requireViewer(context);
  await context.database.transaction(async (tx) => {
    if (!isBookmarked && (await tx.row(REMOVE, [viewer.actorId, postId]))) return;
    const post = await lockSeenSubject(tx, viewer, postId, ['postId']);
    if (post.kind === 'comment') throw new NotFound(['postId']);
    if (!isBookmarked) return;
    if (folderId != null) await lockFolder(tx, viewer, folderId);
    const now = context.clock.now();
    await tx.rows(ADD, [
      newId<'bookmark'>(now),
      viewer.actorId,
      postId,
      folderId ?? null,
      now,
      folderId !== undefined,
    ]);
  });
}

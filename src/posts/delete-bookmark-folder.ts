/** Deleting folders of bookmarks; what was in them stays bookmarked. */
import type { CommandContext } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import type { Id } from '../platform/ids.js';
import { requireViewer } from '../platform/require-viewer.js';
import { lockFolder } from './internal/bookmark-folders.js';

const DELETE = statement('bookmark_folders.delete', 'delete from bookmark_folders where id = $1');

/**
 * Deletes a folder of the viewer. Opens its own transaction.
 *
 * @throws {NotFound} NOT_FOUND, also for somebody else's folder
 */
export async function deleteBookmarkFolder(
  context: CommandContext,
  folderId: Id<'bookmarkfolder'>,
): Promise<void> {
  const viewer = requireViewer(context);
  await context.database.transaction(async (tx) => {
    await lockFolder(tx, viewer, folderId);
    await tx.rows(DELETE, [folderId]);
  });
}

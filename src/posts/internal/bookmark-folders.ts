/** How commands reach a folder of the viewer. */
import type { Viewer } from '../../platform/context.js';
import { statement, type Transaction } from '../../platform/db/database.js';
import { NotFound } from '../../platform/errors.js';
import type { Id } from '../../platform/ids.js';

const LOCK = statement(
  'bookmark_folders.lock',
  'select id from bookmark_folders where id = $1 and owner_id = $2 for update',
);

/**
 * Locks a folder of the viewer until the end of the transaction.
 *
 * @throws {NotFound} NOT_FOUND, also for somebody else's folder
 */
export async function lockFolder(
  tx: Transaction,
  viewer: Viewer,
  folderId: Id<'bookmarkfolder'>,
): Promise<void> {
  if (!(await tx.row(LOCK, [folderId, viewer.actorId]))) throw new NotFound(['folderId']);
}

/** Deleting a collection; its posts stay. */
import type { CommandContext } from '../platform/context.js';
import { requireViewer } from '../platform/require-viewer.js';
import type { CollectionId } from './collection.entity.js';
import { lockOwnCollection } from './own-collection.js';

/**
 * Deletes a collection of the viewer. Opens its own transaction.
 *
 * @throws {NotFound} NOT_FOUND, also for somebody else's collection
 */
export async function deleteCollection(
  context: CommandContext,
  collectionId: CollectionId,
): Promise<void> {
  const viewer = requireViewer(context);
  await context.database.transaction(async (tx) => {
    tx.em.remove(await lockOwnCollection(tx, viewer, collectionId));
  });
}

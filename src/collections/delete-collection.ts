/** Deleting a collection or playlist; its posts stay. */
import type { CommandContext } from '../platform/context.js';
import { requireViewer } from '../platform/require-viewer.js';
import type { CollectionId, Holds } from './collection.entity.js';
import { lockOwnCollection } from './own-collection.js';

/**
 * Deletes a collection of the viewer that holds such posts. Opens its own transaction.
 *
 * @throws {NotFound} NOT_FOUND, also for somebody else's collection
 */
export async function deleteCollection(
  context: CommandContext,
  collectionId: CollectionId,
  holds: Holds,
): Promise<void> {
  const viewer = requireViewer(context);
  await context.database.transaction(async (tx) => {
    tx.em.remove(await lockOwnCollection(tx, viewer, collectionId, holds));
  });
}

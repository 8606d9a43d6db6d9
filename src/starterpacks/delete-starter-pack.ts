/** Deleting a starter pack; who follows whom stays. */
import type { CommandContext } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import { requireViewer } from '../platform/require-viewer.js';
import { lockOwnPack } from './internal/own-pack.js';
import type { StarterPackId } from './starter-pack.js';

const DELETE = statement('starter_packs.delete', 'delete from starter_packs where id = $1');

/**
 * Deletes a starter pack of the viewer. Opens its own transaction.
 *
 * @throws {NotFound} NOT_FOUND, also for somebody else's pack
 */
export async function deleteStarterPack(
  context: CommandContext,
  packId: StarterPackId,
): Promise<void> {
  const viewer = requireViewer(context);
  await context.database.transaction(async (tx) => {
    await lockOwnPack(tx, viewer.actorId, packId);
    await tx.rows(DELETE, [packId]);
  });
}

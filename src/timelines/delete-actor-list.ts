/** Deleting a list of actors; follows stay as they are. */
import type { CommandContext } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import { requireViewer } from '../platform/require-viewer.js';
import type { ActorListId } from './actor-lists.queries.js';
import { lockOwnList } from './internal/own-list.js';

const DELETE = statement('actor_lists.delete', 'delete from actor_lists where id = $1');

/**
 * Deletes a list of the viewer. Opens its own transaction.
 *
 * @throws {NotFound} NOT_FOUND, also for somebody else's list
 */
export async function deleteActorList(context: CommandContext, listId: ActorListId): Promise<void> {
  const viewer = requireViewer(context);
  await context.database.transaction(async (tx) => {
    await lockOwnList(tx, viewer, listId);
    await tx.rows(DELETE, [listId]);
  });
}

/** How commands reach a list of the viewer. */
import type { Viewer } from '../../platform/context.js';
import { statement, type Transaction } from '../../platform/db/database.js';
import { NotFound } from '../../platform/errors.js';
import type { ActorListId } from '../actor-lists.queries.js';

const LOCK = statement(
  'actor_lists.lock',
  'select id from actor_lists where id = $1 and owner_id = $2 for update',
);

/**
 * Locks a list of the viewer until the end of the transaction.
 *
 * @throws {NotFound} NOT_FOUND, also for somebody else's list
 */
export async function lockOwnList(
  tx: Transaction,
  viewer: Viewer,
  listId: ActorListId,
): Promise<void> {
  if (!(await tx.row(LOCK, [listId, viewer.actorId]))) throw new NotFound(['listId']);
}

/** How commands reach a collection that only its owner may change. */
import type { Viewer } from '../platform/context.js';
import { statement, type Transaction } from '../platform/db/database.js';
import { NotFound } from '../platform/errors.js';
import { Collection, type CollectionId } from './collection.entity.js';

const LOCK = statement(
  'collections.lock',
  'select id from collections where id = $1 and owner_id = $2 for update',
);

/**
 * The viewer's own collection, locked until the end of the transaction.
 *
 * @throws {NotFound} NOT_FOUND when it is not there or somebody else's
 */
export async function lockOwnCollection(
  tx: Transaction,
  viewer: Viewer,
  id: CollectionId,
): Promise<Collection> {
  if (!(await tx.row(LOCK, [id, viewer.actorId]))) throw new NotFound(['collectionId']);
  return tx.em.findOneOrFail(Collection, { id });
}

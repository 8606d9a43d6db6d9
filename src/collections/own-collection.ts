/** How commands reach a collection that only its owner may change. */
import type { Viewer } from '../platform/context.js';
import { statement, type Transaction } from '../platform/db/database.js';
import { NotFound } from '../platform/errors.js';
import { Collection, type CollectionId, type Holds } from './collection.entity.js';

const LOCK = statement(
  'collections.lock',
  'select id from collections where id = $1 and owner_id = $2 and holds = $3 for update',
);

/** The input that names one. */
const NAMED: Readonly<Record<Holds, string>> = { POSTS: 'collectionId', VIDEOS: 'playlistId' };

/**
 * The viewer's own collection or playlist, locked until the end of the transaction.
 *
 * @throws {NotFound} NOT_FOUND when it is not there, somebody else's or of the other kind
 */
export async function lockOwnCollection(
  tx: Transaction,
  viewer: Viewer,
  id: CollectionId,
  holds: Holds,
): Promise<Collection> {
  if (!(await tx.row(LOCK, [id, viewer.actorId, holds]))) throw new NotFound([NAMED[holds]]);
  return tx.em.findOneOrFail(Collection, { id });
}

/** Whoever has moved away publishes where they are now. */
import { statement, type Transaction } from '../platform/db/database.js';
import { Forbidden } from '../platform/errors.js';
import type { ActorId } from './actor.entity.js';

const MOVED = statement(
  'actors.is_moved',
  `select from actors where id = $1 and (moved_to_id is not null or status = 'MOVED')`,
);

/**
 * Refuses whoever has moved to another account.
 *
 * @throws {Forbidden} FORBIDDEN
 */
export async function requireHere(tx: Transaction, actorId: ActorId): Promise<void> {
  if (await tx.row(MOVED, [actorId]))
    throw new Forbidden('This account has moved: publish with the one that it has moved to.');
}

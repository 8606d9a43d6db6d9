/** How commands reach a pack that only its owner may change. */
import type { ActorId } from '../../actors/actor.entity.js';
import { statement, type Transaction } from '../../platform/db/database.js';
import { NotFound } from '../../platform/errors.js';
import type { StarterPackId } from '../starter-pack.js';

/** A pack, locked until the end of the transaction. */
export interface OwnPack {
  readonly id: StarterPackId;
  readonly ownerId: ActorId;
}

const LOCK = statement(
  'starter_packs.lock_own',
  `select id, owner_id as "ownerId" from starter_packs where id = $1 and owner_id = $2 and removed_at is null for update`,
);

/**
 * The owner's pack.
 *
 * @throws {NotFound} NOT_FOUND when it is not there, somebody else's, or removed by the staff
 */
export async function lockOwnPack(
  tx: Transaction,
  ownerId: ActorId,
  id: StarterPackId,
): Promise<OwnPack> {
  const pack = await tx.row<OwnPack>(LOCK, [id, ownerId]);
  if (!pack) throw new NotFound(['starterPackId']);
  return pack;
}

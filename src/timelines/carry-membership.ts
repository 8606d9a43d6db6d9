/** Places in lists when somebody in them has moved to another account. */
import type { ActorId } from '../actors/actor.entity.js';
import type { Moving } from '../actors/move-actor.js';
import { statement, type Transaction } from '../platform/db/database.js';

const CARRY = statement(
  'actor_lists.carry',
  `update actor_list_members m set actor_id = $3 from actor_lists l
   where l.id = m.list_id and l.owner_id = $1 and m.actor_id = $2 and $1 <> $3::uuid
     and not exists (select from actor_list_members other where other.list_id = l.id and other.actor_id = $3)`,
);
const REMOVE = statement(
  'actor_lists.remove_carried',
  `delete from actor_list_members m using actor_lists l
   where l.id = m.list_id and l.owner_id = $1 and m.actor_id = $2`,
);

/** Gives the places of one actor in somebody's lists to another one, inside the caller's transaction. */
export async function carryMembership(
  tx: Transaction,
  ownerId: ActorId,
  { actorId, targetId }: Moving,
): Promise<void> {
  await tx.rows(CARRY, [ownerId, actorId, targetId]);
  await tx.rows(REMOVE, [ownerId, actorId]);
}

/** Statements that change relations. Every caller holds the lock of the pair, so none of them can race. */
import { statement, type Transaction } from '../../platform/db/database.js';
import { statementForMany } from '../../platform/db/for-many.js';
import type { ActorId } from '../actor.entity.js';

const LOCK_PAIR = statement(
  'relations.lock_pair',
  `select pg_advisory_xact_lock(hashtextextended(least($1::text, $2::text) || greatest($1::text, $2::text), 0))`,
);

/** Makes changes between two actors wait for each other until the end of the transaction. */
export async function lockPair(tx: Transaction, one: ActorId, other: ActorId): Promise<void> {
  await tx.rows(LOCK_PAIR, [one, other]);
}

// In one order, so that two that count several people never wait for each other in a circle.
const COUNT_FOLLOW = statementForMany(
  'relations.count_follow',
  `with total as (
     select actor_id, sum(followers)::int as followers, sum(following)::int as following
     from jsonb_to_recordset($1::jsonb) as counted("followerId" uuid, "followeeId" uuid, change int)
       cross join lateral (values ("followerId", 0, change), ("followeeId", change, 0)) one(actor_id, followers, following)
     group by actor_id)
   insert into actor_counts as c (actor_id, followers, following)
   select actor_id, greatest(followers, 0), greatest(following, 0) from total order by actor_id
   on conflict (actor_id) do update set
     followers = c.followers + (select followers from total where total.actor_id = c.actor_id),
     following = c.following + (select following from total where total.actor_id = c.actor_id)`,
);

/** Adds `change` (1 or −1) to the counters of both sides of a follow. */
export async function countFollow(
  tx: Transaction,
  followerId: ActorId,
  followeeId: ActorId,
  change: 1 | -1,
): Promise<void> {
  await tx.sum(COUNT_FOLLOW, { followerId, followeeId, change });
}

const DELETE_FOLLOW = statement(
  'relations.delete_follow',
  `delete from follows where follower_id = $1 and followee_id = $2 returning state`,
);

/** Ends a follow or a request; tells which it was, null when there was none. Counters are kept right. */
export async function endFollow(
  tx: Transaction,
  followerId: ActorId,
  followeeId: ActorId,
): Promise<'ACCEPTED' | 'REQUESTED' | null> {
  const ended = await tx.row<{ state: 'ACCEPTED' | 'REQUESTED' }>(DELETE_FOLLOW, [
    followerId,
    followeeId,
  ]);
  if (ended?.state === 'ACCEPTED') await countFollow(tx, followerId, followeeId, -1);
  return ended?.state ?? null;
}

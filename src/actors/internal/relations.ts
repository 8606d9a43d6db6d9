/** Statements that change relations. Every caller holds the lock of the pair, so none of them can race. */
import { statement, type Transaction } from '../../platform/db/database.js';
import type { ActorId } from '../actor.entity.js';

const LOCK_PAIR = statement(
  'relations.lock_pair',
  `select pg_advisory_xact_lock(hashtextextended(least($1::text, $2::text) || greatest($1::text, $2::text), 0))`,
);

/** Makes changes between two actors wait for each other until the end of the transaction. */
export async function lockPair(tx: Transaction, one: ActorId, other: ActorId): Promise<void> {
  await tx.rows(LOCK_PAIR, [one, other]);
}

const COUNT_FOLLOW = statement(
  'relations.count_follow',
  `insert into actor_counts as c (actor_id, followers, following)
   select v.actor_id, greatest(v.followers, 0), greatest(v.following, 0)
   from (values ($1::uuid, 0, $3::int), ($2::uuid, $3::int, 0)) as v(actor_id, followers, following)
   order by v.actor_id
   on conflict (actor_id) do update set
     followers = c.followers + case when c.actor_id = $2 then $3 else 0 end,
     following = c.following + case when c.actor_id = $1 then $3 else 0 end`,
);

/** Adds `change` (1 or −1) to the counters of both sides of a follow. */
export async function countFollow(
  tx: Transaction,
  followerId: ActorId,
  followeeId: ActorId,
  change: 1 | -1,
): Promise<void> {
  await tx.rows(COUNT_FOLLOW, [followerId, followeeId, change]);
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

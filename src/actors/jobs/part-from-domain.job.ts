/** Ends every follow between somebody and the people of a server that they block. */
import { statement } from '../../platform/db/database.js';
import { defineJob } from '../../platform/jobs/job.js';
import type { ActorId } from '../actor.entity.js';
import { lockPair } from '../internal/relations.js';
import { endPair } from '../unfollow-actor.js';

const PAIRS = 100;

// Whoever has lifted the block meanwhile keeps what is left.
const NEXT = statement(
  'domain_blocks.next_follows',
  `select f.follower_id as "followerId", f.followee_id as "followeeId"
   from follows f join actors other on other.id = case when f.follower_id = $1 then f.followee_id else f.follower_id end
   where (f.follower_id = $1 or f.followee_id = $1) and $2 = any(domain_with_parents(other.domain))
     and exists (select from domain_blocks where actor_id = $1 and domain = $2)
   limit ${PAIRS}`,
);

interface Pair {
  readonly followerId: ActorId;
  readonly followeeId: ActorId;
}

/** Every pair is a transaction of its own: a run that was cut off is finished by the next. */
export const partFromDomain = defineJob<{ actorId: ActorId; domain: string }>(
  'partFromDomain',
  async ({ database }, { actorId, domain }) => {
    for (;;) {
      const pairs = await database.rows<Pair>(NEXT, [actorId, domain]);
      if (pairs.length === 0) return;
      for (const { followerId, followeeId } of pairs)
        await database.transaction(async (tx) => {
          await lockPair(tx, followerId, followeeId);
          await endPair(tx, followerId, followeeId);
        });
    }
  },
);

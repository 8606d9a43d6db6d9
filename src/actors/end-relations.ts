/** Ends every follow of an actor, a little at a time, with the counters of the others right after each. */
import type { Services } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import type { ActorId } from './actor.entity.js';
import { lockPair } from './internal/relations.js';
import { endPair } from './unfollow-actor.js';

const PAIRS = 100;

const NEXT = statement(
  'relations.next_to_end',
  `(select follower_id as "followerId", followee_id as "followeeId" from follows where follower_id = $1 limit ${PAIRS})
   union all
   (select follower_id, followee_id from follows where followee_id = $1 limit ${PAIRS})`,
);

/** Ends up to 100 follows and requests in each direction. @returns how many there were; 0 = it is done */
export async function endSomeRelations(
  { database }: Pick<Services, 'database'>,
  actorId: ActorId,
): Promise<number> {
  const pairs = await database.rows<{ followerId: ActorId; followeeId: ActorId }>(NEXT, [actorId]);
  for (const { followerId, followeeId } of pairs) {
    await database.transaction(async (tx) => {
      await lockPair(tx, followerId, followeeId);
      await endPair(tx, followerId, followeeId);
    });
  }
  return pairs.length;
}

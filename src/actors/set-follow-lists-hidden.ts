/** Whether others see whom a local actor follows and who follows it. */
import type { Services } from '../platform/context.js';
import { statement, type Transaction } from '../platform/db/database.js';
import type { ActorId } from './actor.entity.js';

const SET = statement(
  'actors.set_follow_lists_hidden',
  `update actors set hides_follow_lists = $2, updated_at = $3
   where id = $1 and domain is null and hides_follow_lists <> $2`,
);

/** Hides or shows the lists and their counters, inside the caller's transaction. Idempotent. */
export async function setFollowListsHidden(
  context: Pick<Services, 'clock'>,
  tx: Transaction,
  actorId: ActorId,
  isHidden: boolean,
): Promise<void> {
  await tx.rows(SET, [actorId, isHidden, context.clock.now()]);
}

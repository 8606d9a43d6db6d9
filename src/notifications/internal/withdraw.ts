/** Takes people out of notifications when what they did is undone. */
import type { ActorId } from '../../actors/actor.entity.js';
import { statement, type Statement, type Transaction } from '../../platform/db/database.js';
import type { NotificationId } from '../notification-kinds.js';
import { countActors } from './groups.js';

/**
 * A statement that takes out whoever did not do it, or does not any more. $1 is the recipient, $2 the actors.
 *
 * @param groups condition on the notification `n`
 * @param stillHolds condition under which the actor of `a` stays
 */
export function withdrawal(name: string, groups: string, stillHolds: string): Statement {
  return statement(
    name,
    `with locked as (
       select n.id, n.kind from notifications n
       where n.recipient_id = $1 and ${groups} and exists (select from notification_actors a
         where a.notification_id = n.id and a.actor_id = any($2::uuid[]) and a.state <> 'GONE')
       order by n.id for update)
     update notification_actors a set state = 'GONE' from locked n
     where a.notification_id = n.id and a.actor_id = any($2::uuid[]) and a.state <> 'GONE' and not (${stillHolds})
     returning n.id`,
  );
}

/** Runs a withdrawal and counts anew. */
export async function withdraw(
  tx: Transaction,
  query: Statement,
  recipientId: ActorId,
  actorIds: readonly ActorId[],
  values: readonly unknown[] = [],
): Promise<void> {
  const left = await tx.rows<{ id: NotificationId }>(query, [recipientId, actorIds, ...values]);
  await countActors(
    tx,
    left.map(({ id }) => id),
  );
}

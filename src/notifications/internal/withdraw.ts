/** Takes people out of notifications when what they did is undone. */
import type { ActorId } from '../../actors/actor.entity.js';
import { statement, type Statement, type Transaction } from '../../platform/db/database.js';
import type { NotificationId } from '../notification-kinds.js';
import { countActors } from './groups.js';

/** What somebody did to something, and who was told of it. */
export interface Deed {
  readonly recipientId: ActorId;
  readonly actorId: ActorId;
  readonly subjectId: string;
}

/**
 * A statement that takes out whoever did not do it, or does not any more; $1 is a list of `Deed`.
 *
 * @param groups condition on the notification `n` for the deed `w`
 * @param stillHolds condition under which the actor of `w` stays
 */
export function withdrawal(name: string, groups: string, stillHolds: string): Statement {
  return statement(
    name,
    `with wanted as materialized (
       select n.id, w."actorId" from jsonb_to_recordset($1::jsonb) as w("recipientId" uuid, "actorId" uuid, "subjectId" uuid)
       join notifications n on n.recipient_id = w."recipientId" and ${groups}
       join notification_actors a on a.notification_id = n.id and a.actor_id = w."actorId" and a.state <> 'GONE'
       where not (${stillHolds})),
     locked as materialized (
       select id from notifications where id in (select id from wanted) order by id for update)
     update notification_actors a set state = 'GONE' from wanted join locked on locked.id = wanted.id
     where a.notification_id = wanted.id and a.actor_id = wanted."actorId" and a.state <> 'GONE'
     returning a.notification_id as id`,
  );
}

/** Runs a withdrawal and counts anew. */
export async function withdraw(
  tx: Transaction,
  query: Statement,
  deeds: readonly Deed[],
): Promise<void> {
  if (deeds.length === 0) return;
  const list = deeds.map(({ recipientId, actorId, subjectId }) => {
    return { recipientId, actorId, subjectId };
  });
  const left = await tx.rows<{ id: NotificationId }>(query, [JSON.stringify(list)]);
  await countActors(tx, [...new Set(left.map(({ id }) => id))]);
}

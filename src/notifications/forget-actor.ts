/** Takes an actor out of the notifications of others, a little at a time. */
import type { ActorId } from '../actors/actor.entity.js';
import type { Services } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import { countActors } from './internal/groups.js';
import type { NotificationId } from './notification-kinds.js';

const NEXT = statement(
  'notifications.next_to_forget',
  'select notification_id as id from notification_actors where actor_id = $1 order by notification_id limit 200',
);
const LOCK = statement(
  'notifications.lock_to_forget',
  'select from notifications where id = any($1::uuid[]) order by id for update',
);
const LEAVE = statement(
  'notifications.forget_actor',
  'delete from notification_actors where actor_id = $1 and notification_id = any($2::uuid[])',
);
const DROP_EMPTY = statement(
  'notifications.drop_empty',
  `delete from notifications n where id = any($1::uuid[]) and has_actors
     and not exists (select from notification_actors a where a.notification_id = n.id)`,
);

/** Leaves up to 200 notifications; one with nobody left goes. @returns how many there were; 0 = it is done */
export async function forgetActor(
  { database }: Pick<Services, 'database'>,
  actorId: ActorId,
): Promise<number> {
  return database.transaction(async (tx) => {
    const ids = (await tx.rows<{ id: NotificationId }>(NEXT, [actorId])).map(({ id }) => id);
    await tx.rows(LOCK, [ids]);
    await tx.rows(LEAVE, [actorId, ids]);
    await countActors(tx, ids);
    await tx.rows(DROP_EMPTY, [ids]);
    return ids.length;
  });
}

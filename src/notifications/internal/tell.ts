/**
 * Makes a notification known: live, and to what listens to the same event. Of one notification at most every few
 * seconds; what joins it meanwhile is told with the next.
 */
import type { ActorId } from '../../actors/actor.entity.js';
import { addSeconds } from '../../platform/clock.js';
import { statement, type Transaction } from '../../platform/db/database.js';
import { declareJob } from '../../platform/jobs/job.js';
import { enqueueEach } from '../../platform/jobs/enqueue.js';
import type { NotificationId } from '../notification-kinds.js';
import { notificationsReceived, TELL_SECONDS } from '../notifications.events.js';

/** Tells what joined a notification while it was not to be told again. */
export const tellLater = declareJob<{ notificationId: NotificationId }>('tellNotification', {
  keyOf: ({ notificationId }) => notificationId,
});

// Read before it was told: nothing left to say.
const STATE = statement(
  'notifications.tell_state',
  `select n.id, n.recipient_id as "recipientId", n.told_at as "toldAt" from notifications n
   left join notification_preferences p on p.actor_id = n.recipient_id
   where n.id = any($1::uuid[]) and n.told_position is distinct from n.position
     and (not n.has_actors or n.actor_count > 0)
     and not coalesce(n.position <= p.read_position, false) and not coalesce(n.position <= n.read_position, false)
   order by n.id`,
);
const TOLD = statement(
  'notifications.told',
  'update notifications set told_position = position, told_at = $2 where id = any($1::uuid[])',
);

interface TellState {
  readonly id: NotificationId;
  readonly recipientId: ActorId;
  readonly toldAt: Date | null;
}

/** Tells of each notification now, or lets a job do it when it is time. The caller holds the locks. */
export async function tell(
  tx: Transaction,
  notifications: readonly { readonly id: NotificationId }[],
  now: Date,
): Promise<void> {
  if (notifications.length === 0) return;
  const states = await tx.rows<TellState>(STATE, [notifications.map(({ id }) => id)]);
  const rested = addSeconds(now, -TELL_SECONDS);
  const due = states.filter(({ toldAt }) => toldAt === null || toldAt <= rested);
  if (due.length > 0) {
    await tx.rows(TOLD, [due.map(({ id }) => id), now]);
    const received = due.map(({ id, recipientId }) => ({ notificationId: id, recipientId }));
    await tx.append(notificationsReceived, { received });
  }
  const later = states.flatMap(({ id, toldAt }) =>
    toldAt === null || toldAt <= rested
      ? []
      : [{ runAt: addSeconds(toldAt, TELL_SECONDS), input: { notificationId: id } }],
  );
  await enqueueEach(tx, tellLater, later);
}

/**
 * Makes a notification known: live, and to what listens to the same event. Of one notification at most every few
 * seconds; what joins it meanwhile is told with the next.
 */
import type { ActorId } from '../../actors/actor.entity.js';
import { addSeconds } from '../../platform/clock.js';
import { statement, type Transaction } from '../../platform/db/database.js';
import { declareJob } from '../../platform/jobs/job.js';
import { enqueueMany } from '../../platform/jobs/enqueue.js';
import type { NotificationId } from '../notification-kinds.js';
import { notificationsReceived, TELL_SECONDS } from '../notifications.events.js';

/** What is told later. */
export interface LaterTold {
  readonly notificationId: NotificationId;
}

/** Tells what joined a notification while it was not to be told again. */
export const tellLater = declareJob<LaterTold>('tellNotification', {
  keyOf: ({ notificationId }) => notificationId,
});

// Read before it was told: nothing left to say.
const STATE = statement(
  'notifications.tell_state',
  `select n.id, n.recipient_id as "recipientId", n.told_at as "toldAt",
     n.planned_at as "plannedAt" from notifications n
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
const PLAN = statement(
  'notifications.plan',
  'update notifications set planned_at = $2 where id = any($1::uuid[])',
);

interface TellState {
  readonly id: NotificationId;
  readonly recipientId: ActorId;
  readonly toldAt: Date | null;
  /** For when a job is to tell it next. */
  readonly plannedAt: Date | null;
}

/**
 * Tells of each notification now, or lets a job do it when it is time, of which there is one. The caller holds the locks.
 *
 * @param isPlanned this is that job; where it is too early by this clock, there has to be another one
 */
export async function tell(
  tx: Transaction,
  notifications: readonly { readonly id: NotificationId }[],
  now: Date,
  isPlanned = false,
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
  await plan(
    tx,
    states.flatMap(({ id, toldAt, plannedAt }) => {
      if (toldAt === null || toldAt <= rested) return [];
      return isPlanned || plannedAt === null || plannedAt <= toldAt ? [{ id, toldAt }] : [];
    }),
  );
}

async function plan(
  tx: Transaction,
  early: readonly { readonly id: NotificationId; readonly toldAt: Date }[],
): Promise<void> {
  if (early.length === 0) return;
  const latest = Math.max(...early.map(({ toldAt }) => toldAt.getTime()));
  const runAt = addSeconds(new Date(latest), TELL_SECONDS);
  await tx.rows(PLAN, [early.map(({ id }) => id), runAt]);
  const each = early.map(({ id }) => ({ notificationId: id }));
  await enqueueMany(tx, runAt, tellLater, each);
}

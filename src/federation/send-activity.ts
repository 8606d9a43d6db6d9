/** From an activity to rows that will be delivered, whatever happens next. */
import type { ActorId } from '../actors/actor.entity.js';
import { statement, type Transaction } from '../platform/db/database.js';
import { newId } from '../platform/ids.js';
import type { Activity } from './documents/activities.js';
import { activitySent, type SentActivityId } from './federation.events.js';
import type { Inbox } from './recipients.queries.js';

/** What to send, in whose name, and where. */
export interface Sending {
  readonly activity: Activity;
  readonly actorId: ActorId;
  /** The post or comment that it is about, so that what follows reaches the same servers; null = none. */
  readonly subjectId: string | null;
  readonly inboxes: readonly Inbox[];
}

const ADD = statement(
  'sent_activities.add',
  `insert into sent_activities (id, uri, actor_id, subject_id, body, created_at) values ($1, $2, $3, $4, $5, $6)
   on conflict (uri) do nothing returning id`,
);
const ADD_DELIVERIES = statement(
  'deliveries.add',
  `insert into deliveries (activity_id, inbox_url, host, next_attempt_at)
   select $1, i."inboxUrl", i.host, $3 from jsonb_to_recordset($2::jsonb) as i("inboxUrl" text, host text)`,
);

/** Sends inside the caller's transaction. An activity that was sent before, by its id, is not sent again. */
export async function sendActivity(tx: Transaction, now: Date, sending: Sending): Promise<void> {
  const { activity, actorId, subjectId, inboxes } = sending;
  if (inboxes.length === 0) return;
  const id: SentActivityId = newId(now);
  const values = [id, activity.id, actorId, subjectId, JSON.stringify(activity), now];
  if (!(await tx.row(ADD, values))) return;
  await tx.rows(ADD_DELIVERIES, [id, JSON.stringify(inboxes), now]);
  for (const host of new Set(inboxes.map((inbox) => inbox.host)))
    await tx.append(activitySent, { host });
}

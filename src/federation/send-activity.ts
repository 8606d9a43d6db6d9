/** From an activity to rows that will be delivered, whatever happens next. */
import type { ActorId, ActorStatus } from '../actors/actor.entity.js';
import { statement, type Transaction } from '../platform/db/database.js';
import { newId } from '../platform/ids.js';
import type { Activity } from './documents/activities.js';
import { sliceOf } from './delivery-slices.js';
import { deliveriesDue, type SentActivityId } from './federation.events.js';
import type { Inbox } from './recipients.queries.js';

/** What to send, in whose name, and where. */
export interface Sending {
  readonly activity: Pick<Activity, 'id' | 'type'>;
  readonly actorId: ActorId;
  /** The post or comment that it is about, so that what follows reaches the same servers; null = none. */
  readonly subjectId: string | null;
  readonly inboxes: readonly Inbox[];
  /** Somebody elsewhere said it: it is theirs to take back, and kept no longer than it takes to deliver. */
  readonly isPassedOn?: true;
}

const ADD = statement(
  'sent_activities.add',
  `insert into sent_activities (id, uri, actor_id, subject_id, body, created_at, is_lasting)
   values ($1, $2, $3, $4, $5, $6, $7)
   on conflict (uri) do nothing returning id`,
);
const STATUS = statement('sent_activities.status', 'select status from actors where id = $1');
const ADD_DELIVERIES = statement(
  'deliveries.add',
  `with wanted as materialized (
     select * from unnest($2::text[], $3::text[], $5::smallint[]) as i(inbox_url, host, slice)), added as (
     insert into deliveries (activity_id, inbox_url, host, next_attempt_at, position, state)
     select $1, i.inbox_url, i.host, $4, s.position, case when exists (select from unreachable_hosts h
         where h.host = i.host and h.parked_at is not null) then 'PARKED' else 'PENDING' end
     from sent_activities s cross join wanted i
     where s.id = $1 and i.host not in (select suspended_hosts((select array_agg(host) from wanted))) returning host, state),
   turns as (
     insert into delivery_turns (slice, host, due_at) select distinct w.slice, w.host, $4::timestamptz from wanted w
     where w.host in (select host from added where state = 'PENDING') returning slice)
   select coalesce(array_agg(distinct slice), '{}') as slices from turns`,
);

/** What takes back or ends is sent for somebody who is not here any more, too. */
const ENDINGS = new Set(['Delete', 'Undo', 'Reject']);

/** What may be taken back, or be followed by a Delete that has to reach the same inboxes. */
const LASTING = new Set(['Follow', 'Block', 'Like', 'EmojiReact', 'Announce', 'Create', 'Update']);

/** Whether an activity of this type is sent in the name of an actor in this state. */
export function isSentFor(status: ActorStatus, type: string): boolean {
  const isHere =
    status === 'ACTIVE' || status === 'LIMITED' || status === 'MOVED' || status === 'MEMORIAL';
  return isHere || ENDINGS.has(type);
}

/** Sends inside the caller's transaction; nothing goes to suspended servers, and what is for a parked one waits. An activity that was sent before, by its id, is not sent again. */
export async function sendActivity(tx: Transaction, now: Date, sending: Sending): Promise<void> {
  const { activity, actorId, subjectId, inboxes, isPassedOn = false } = sending;
  if (inboxes.length === 0) return;
  const id: SentActivityId = newId(now);
  const actor = await tx.row<{ status: ActorStatus }>(STATUS, [actorId]);
  if (!actor || !isSentFor(actor.status, activity.type)) return;
  const isLasting = !isPassedOn && subjectId !== null && LASTING.has(activity.type);
  const values = [id, activity.id, actorId, subjectId, JSON.stringify(activity), now, isLasting];
  if (!(await tx.row(ADD, values))) return;
  await addDeliveries(tx, now, id, inboxes);
}

async function addDeliveries(
  tx: Transaction,
  now: Date,
  id: SentActivityId,
  inboxes: readonly Inbox[],
): Promise<void> {
  const hosts = inboxes.map(({ host }) => host);
  const added = await tx.row<{ slices: number[] }>(ADD_DELIVERIES, [
    id,
    inboxes.map(({ inboxUrl }) => inboxUrl),
    hosts,
    now,
    hosts.map(sliceOf),
  ]);
  const { slices } = added!;
  if (slices.length > 0) await tx.append(deliveriesDue, { slices });
}

/**
 * Sends something in the name of the server, inside the caller's transaction: to one other, which gets what is about the same
 * thing in the order in which it was sent. It is kept no longer than it takes to deliver.
 */
export async function sendAsServer(
  tx: Transaction,
  now: Date,
  sending: {
    readonly activity: Pick<Activity, 'id' | 'type'>;
    /** What it is about, such as a conversation. */
    readonly subjectId: string;
    readonly inbox: Inbox;
  },
): Promise<void> {
  const { activity, subjectId, inbox } = sending;
  const id: SentActivityId = newId(now);
  // Each server gets a text of its own, which may have the same id.
  const uri = `${activity.id}#${inbox.inboxUrl}`;
  const values = [id, uri, null, subjectId, JSON.stringify(activity), now, false];
  if (!(await tx.row(ADD, values))) return;
  await addDeliveries(tx, now, id, [inbox]);
}

const DELIVERED = statement(
  'sent_activities.forget_of_conversation',
  `delete from sent_activities s where s.subject_id = $1 and s.actor_id is null
   and not exists (select from deliveries d where d.activity_id = s.id and d.state in ('PENDING', 'PARKED'))`,
);

/** Lets go of what was said of a conversation and has arrived, or was given up. */
export async function forgetDelivered(tx: Transaction, conversationId: string): Promise<void> {
  await tx.rows(DELIVERED, [conversationId]);
}

const SAID = `s.body::jsonb->>'type' in ('Create', 'Update')`;
const CALL_OFF = statement(
  'deliveries.call_off',
  `update deliveries d set state = 'FAILED', last_failure = 'It is gone.' from sent_activities s
   where s.id = d.activity_id and s.subject_id = $1 and ($2::text[] is null or d.host = any($2)) and d.state in ('PENDING', 'PARKED')
     and ${SAID}`,
);
const EMPTY = statement(
  'sent_activities.empty',
  `update sent_activities s set body = '{}' where s.subject_id = $1 and ${SAID}`,
);

/** Lets go of what was said about a post or comment that is gone: what is not delivered yet will not be. */
export async function forgetSent(tx: Transaction, subjectId: string): Promise<void> {
  await tx.rows(CALL_OFF, [subjectId, null]);
  await tx.rows(EMPTY, [subjectId]);
}

/** What was said about a post or comment and is not delivered yet goes to these hosts no more. */
export async function callOff(
  tx: Transaction,
  subjectId: string,
  hosts: readonly string[],
): Promise<void> {
  await tx.rows(CALL_OFF, [subjectId, hosts]);
}

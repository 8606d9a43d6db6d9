/** Mailboxes: what is new for each person of this server, in places without gaps. */
import type { ActorId } from '../../actors/actor.entity.js';
import type { ChatDeviceId } from '../../devices/device.js';
import { statement, type Transaction } from '../../platform/db/database.js';
import type { ChatMessageId } from '../conversation.js';
import { planWakeUps } from './wake-up.js';

/** Something for one mailbox. */
export interface Posting {
  readonly actorId: ActorId;
  readonly messageId: ChatMessageId;
  /** Null = for each device that was in the group. */
  readonly deviceId: ChatDeviceId | null;
}

const OPEN = statement(
  'mailboxes.open',
  `insert into mailboxes (actor_id) select id from actors where id = any($1::uuid[]) and domain is null order by id
   on conflict do nothing`,
);
const OPEN_CURSORS = statement(
  'mailbox_cursors.open',
  `insert into mailbox_cursors (device_id, actor_id, position)
   select device.id, device.actor_id, box.head from unnest($1::uuid[], $2::uuid[]) as device(id, actor_id)
     join mailboxes box on box.actor_id = device.actor_id
   on conflict (device_id) do nothing`,
);
// Everybody who writes to several mailboxes takes them in this order, so that nobody waits for each other.
const LOCK = statement(
  'mailboxes.lock',
  'select head from mailboxes where actor_id = any($1::uuid[]) order by actor_id for update',
);
// The counter of a mailbox moves under its lock, which is held until the commit: whoever sees a place sees all before it.
const POST = statement(
  'mailbox_entries.post',
  `with posted as (
     select entry.*, row_number() over (partition by entry.actor_id order by entry.place) as number
     from unnest($1::uuid[], $2::uuid[], $3::uuid[]) with ordinality as entry(actor_id, message_id, device_id, place)),
   moved as (
     update mailboxes box set head = box.head + counted.entries
     from (select actor_id, count(*) as entries from posted group by actor_id) counted
     where box.actor_id = counted.actor_id returning box.actor_id, box.head - counted.entries as base)
   insert into mailbox_entries (actor_id, position, message_id, device_id)
   select posted.actor_id, moved.base + posted.number, posted.message_id, posted.device_id
   from posted join moved on moved.actor_id = posted.actor_id`,
);

/** Gives devices of people of this server that join a group their mailbox, and a cursor where it stands. */
export async function openMailboxes(
  tx: Transaction,
  devices: readonly { readonly deviceId: ChatDeviceId; readonly actorId: ActorId }[],
): Promise<void> {
  if (devices.length === 0) return;
  const actorIds = devices.map(({ actorId }) => actorId);
  await tx.rows(OPEN, [actorIds]);
  await tx.rows(OPEN_CURSORS, [devices.map(({ deviceId }) => deviceId), actorIds]);
}

/** Puts messages into the mailboxes of people of this server, in this order, inside the transaction that accepts them. */
export async function post(tx: Transaction, postings: readonly Posting[]): Promise<void> {
  if (postings.length === 0) return;
  const actorIds = postings.map(({ actorId }) => actorId);
  await tx.rows(LOCK, [[...new Set(actorIds)]]);
  await tx.rows(POST, [
    actorIds,
    postings.map(({ messageId }) => messageId),
    postings.map(({ deviceId }) => deviceId),
  ]);
  await planWakeUps(tx, actorIds);
}

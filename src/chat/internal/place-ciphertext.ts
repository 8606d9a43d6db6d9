/** A message that a device encrypted, in its place and in every mailbox of its group. */
import type { ActorId } from '../../actors/actor.entity.js';
import type { ChatDeviceId } from '../../devices/device.js';
import { statement, type Transaction } from '../../platform/db/database.js';
import type { ConversationId } from '../conversation.js';
import type { NewEnvelope } from './store-envelope.js';
import { planWakeUps } from './wake-up.js';

/** Somebody with devices in a group. */
export interface Addressee {
  readonly actorId: ActorId;
  /** The sender's device is theirs. */
  readonly hasSender: boolean;
  /** They are of this server. */
  readonly isLocal: boolean;
  readonly senderUri: string;
}

// Mailboxes are locked in the order of their owners, as by everybody who writes to several.
const AUDIENCE = statement(
  'conversation_devices.audience',
  `with people as materialized (
     select actor_id, bool_or(device_id = $2) as has_sender from conversation_devices
     where conversation_id = $1 and left_sequence is null group by actor_id),
   locked as materialized (
     select actor_id from mailboxes where actor_id in (select actor_id from people) order by actor_id for update)
   select people.actor_id as "actorId", people.has_sender as "hasSender", a.domain is null as "isLocal",
     (select uri from actors where id = $3) as "senderUri"
   from people join actors a on a.id = people.actor_id left join locked on locked.actor_id = people.actor_id
   order by people.actor_id`,
);
// What each of its parts does is told where it is done alone: `storeEnvelope`, `moveUp`, `post`. Together they are one
// way to the database instead of four, while everybody else who writes here waits.
const PLACE = statement(
  'chat_messages.place_ciphertext',
  `with next as (
     update conversations set last_sequence = last_sequence + 1, updated_at = $8::timestamptz where id = $2::uuid
     returning last_sequence as sequence),
   kept as (
     insert into chat_messages (id, conversation_id, sequence, sender_id, uri, content_html, client_message_id, sent_at,
       kind, epoch, sender_device_id, ciphertext, expires_at, frank)
     select $1::uuid, $2::uuid, next.sequence, $3::uuid, $4::text, '', $5::text, $8::timestamptz, $6::text, $7::integer,
       $9::uuid, $10::bytea, $11::timestamptz, $12::bytea from next),
   listed as (
     update conversation_members set position = $1::uuid, is_archived = is_archived and is_muted and actor_id <> $3::uuid,
       is_request = is_request and actor_id <> $3::uuid,
       last_read_sequence = case when actor_id = $3::uuid then next.sequence else last_read_sequence end
     from next where conversation_id = $2::uuid and $6::text = 'APPLICATION'),
   boxes as (
     update mailboxes set head = head + 1 where actor_id = any($13::uuid[]) returning actor_id, head)
   insert into mailbox_entries (actor_id, position, message_id) select actor_id, head, $1::uuid from boxes`,
);

/** Whoever has devices in a group, by id; their mailboxes are locked. Needs the lock of the conversation. */
export function lockAudience(
  tx: Transaction,
  id: ConversationId,
  { deviceId, senderId }: { readonly deviceId: ChatDeviceId; readonly senderId: ActorId },
): Promise<Addressee[]> {
  return tx.rows<Addressee>(AUDIENCE, [id, deviceId, senderId]);
}

/**
 * Gives a message the next place of its conversation, and puts it into mailboxes that the caller has locked. What is for
 * reading moves the conversation up in the lists of all.
 */
export async function placeCiphertext(
  tx: Transaction,
  envelope: Omit<NewEnvelope, 'sequence'>,
  audience: readonly ActorId[],
): Promise<void> {
  const { id, conversationId, senderId, uri, clientMessageId, sentAt } = envelope;
  const { kind, epoch, senderDeviceId, ciphertext, expiresAt, frank } = envelope;
  const place = [id, conversationId, senderId, uri, clientMessageId, kind, epoch, sentAt];
  await tx.rows(PLACE, [...place, senderDeviceId, ciphertext, expiresAt, frank, audience]);
  await planWakeUps(tx, audience);
}

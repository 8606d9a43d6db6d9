/** Reads of mailboxes: each device gets what was accepted while it was in the group, and nothing else. */
import type { ActorId } from '../actors/actor.entity.js';
import type { ChatDeviceId } from '../devices/device.js';
import { statement, type Reader } from '../platform/db/database.js';
import type { ChatMessageRow, ConversationId } from './conversation.js';
import { messageColumns } from './messages.queries.js';

/** One place of a mailbox. */
export interface MailboxEntryRow {
  readonly position: bigint;
  /** Null when it is for other devices. */
  readonly message: ChatMessageRow | null;
}

/** Where a mailbox stands for a device. */
export interface MailboxState {
  /** The last place of all. */
  readonly headPosition: bigint;
  /** Up to here the device has everything. */
  readonly position: bigint;
}

/** A part of a mailbox. */
export interface MailboxPage {
  readonly entries: readonly MailboxEntryRow[];
  readonly headPosition: bigint;
  readonly hasMore: boolean;
}

/** Whose mailbox, for which device. */
export interface MailboxOwner {
  readonly actorId: ActorId;
  readonly deviceId: ChatDeviceId;
}

/** An entry, with the last place of all. */
interface PageRow extends ChatMessageRow {
  readonly headPosition: string;
  readonly entryPosition: string;
  readonly isForDevice: boolean;
}

/** Most entries at once. */
export const MOST_ENTRIES = 200;

/** Encrypted bytes at once; a single message may have more. */
const PAGE_BYTES = 4 * 1024 * 1024;

/**
 * True for what was accepted in the interval in which a device was in the group; the commit that lets it in is not for it.
 *
 * @param device SQL expression of its id; the message has the alias `message`
 */
export const isForDevice = (device: string): string =>
  `exists (select from conversation_devices stay where stay.conversation_id = message.conversation_id
     and stay.device_id = ${device} and message.sequence > stay.joined_sequence
     and (stay.left_sequence is null or message.sequence <= stay.left_sequence))`;

const STATE = statement(
  'mailboxes.state',
  `select box.head::text as "headPosition", coalesce(cursor.position, box.head)::text as position
   from mailboxes box left join mailbox_cursors cursor on cursor.device_id = $2
   where box.actor_id = $1`,
);
const PAGE = statement(
  'mailbox_entries.page',
  `with listed as (
     select entry.position, entry.message_id, entry.device_id from mailbox_entries entry
     where entry.actor_id = $1 and entry.position > $3::bigint order by entry.position limit $4),
   measured as (
     select listed.*, message.id is not null as is_for_device,
       sum(coalesce(octet_length(message.ciphertext), 0)) over (order by listed.position)
         - coalesce(octet_length(message.ciphertext), 0) as bytes_before
     from listed left join chat_messages message on message.id = listed.message_id
       and case when listed.device_id is null then ${isForDevice('$2::uuid')} else listed.device_id = $2 end)
   select (select head::text from mailboxes where actor_id = $1) as "headPosition",
     measured.position::text as "entryPosition", measured.is_for_device as "isForDevice", ${messageColumns('$1::uuid')}
   from measured join chat_messages message on message.id = measured.message_id
   where measured.bytes_before <= ${PAGE_BYTES} order by measured.position`,
);
const COMMITS = statement(
  'chat_messages.commits_from',
  `select ${messageColumns('null::uuid')} from chat_messages message
   where message.conversation_id = $1 and message.kind = 'COMMIT' and message.epoch >= $3 and ${isForDevice('$2::uuid')}
   order by message.epoch limit $4`,
);

/** Where a mailbox stands; a device that was never in a group has nothing to catch up with. */
export async function findMailboxState(
  reader: Reader,
  { actorId, deviceId }: MailboxOwner,
): Promise<MailboxState> {
  const row = await reader.row<{ headPosition: string; position: string }>(STATE, [
    actorId,
    deviceId,
  ]);
  return { headPosition: BigInt(row?.headPosition ?? 0), position: BigInt(row?.position ?? 0) };
}

/** The next entries behind a place; without one, behind what the device has acknowledged. */
export async function findMailboxPage(
  reader: Reader,
  owner: MailboxOwner,
  { after, size }: { readonly after: bigint | null; readonly size: number },
): Promise<MailboxPage> {
  const from = after ?? (await findMailboxState(reader, owner)).position;
  const values = [owner.actorId, owner.deviceId, String(from), size];
  const rows = await reader.rows<PageRow>(PAGE, values);
  const last = rows.at(-1);
  if (!last) {
    const { headPosition } = await findMailboxState(reader, owner);
    return { entries: [], headPosition, hasMore: false };
  }
  const entries = rows.map(({ headPosition: _head, entryPosition, isForDevice, ...message }) => ({
    position: BigInt(entryPosition),
    message: isForDevice ? message : null,
  }));
  const headPosition = BigInt(last.headPosition);
  return { entries, headPosition, hasMore: BigInt(last.entryPosition) < headPosition };
}

/** Commits of a conversation from an epoch on that a device may have, the oldest first. */
export function findCommitsFrom(
  reader: Reader,
  from: {
    readonly conversationId: ConversationId;
    readonly deviceId: ChatDeviceId;
    readonly epoch: number;
    readonly limit: number;
  },
): Promise<ChatMessageRow[]> {
  const { conversationId, deviceId, epoch, limit } = from;
  return reader.rows<ChatMessageRow>(COMMITS, [conversationId, deviceId, epoch, limit]);
}

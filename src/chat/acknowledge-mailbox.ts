/** A device says what it has for good. */
import type { ChatDeviceId } from '../devices/device.js';
import { requireDevice } from '../devices/devices.queries.js';
import type { CommandContext } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import type { ChatMessageId } from './conversation.js';
import { requireViewer } from '../platform/require-viewer.js';

/** So many places are tidied up at once; the next acknowledgement goes on. */
const TIDIED = 1000;

const ACKNOWLEDGE = statement(
  'mailbox_cursors.acknowledge',
  `update mailbox_cursors cursor set position = greatest(cursor.position, least($2::bigint, box.head))
   from mailboxes box where cursor.device_id = $1 and box.actor_id = cursor.actor_id
   returning cursor.position::text as position`,
);
const TIDY = statement(
  'mailbox_entries.tidy',
  `with gone as (delete from mailbox_entries where (actor_id, position) in (
       select actor_id, position from mailbox_entries where actor_id = $1
         and position <= (select min(position) from mailbox_cursors where actor_id = $1)
       order by position limit ${TIDIED})
     returning message_id)
   select distinct message_id as id from gone order by id`,
);
// Whoever is on another server may still ask for it, as long as such things are kept.
// What two people tidy up at the same moment may stay: it goes with what is old. What somebody else is letting go of is theirs:
// they wait for the places that were tidied up, and nobody waits for them.
const RELEASE = statement(
  'chat_messages.release',
  `delete from chat_messages where id in (select id from chat_messages where id = any($1::uuid[]) for update skip locked)
   and not exists (select from mailbox_entries where message_id = chat_messages.id)
   and not exists (select from conversations conversation join conversation_members member on member.conversation_id = conversation.id
       join actors a on a.id = member.actor_id
     where conversation.id = chat_messages.conversation_id and conversation.hub_origin is null and a.domain is not null)`,
);

/**
 * Moves the cursor of a device of the viewer; it never goes back, and not beyond the last entry. A repeat changes nothing.
 * What all devices of everybody have is let go. Opens its own transaction.
 *
 * @returns where it stands
 * @throws {NotFound} NOT_FOUND for a device that is not theirs, or revoked
 */
export async function acknowledgeMailbox(
  context: CommandContext,
  deviceId: ChatDeviceId,
  upTo: bigint,
): Promise<bigint> {
  const viewer = requireViewer(context);
  return context.database.transaction(async (tx) => {
    await requireDevice(tx, viewer, deviceId);
    const row = await tx.row<{ position: string }>(ACKNOWLEDGE, [deviceId, String(upTo)]);
    const tidied = await tx.rows<{ id: ChatMessageId }>(TIDY, [viewer.actorId]);
    if (tidied.length > 0) await tx.rows(RELEASE, [tidied.map(({ id }) => id)]);
    return BigInt(row?.position ?? 0);
  });
}

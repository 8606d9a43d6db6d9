/** What becomes of a device in conversations when it is taken out of use: it gets nothing more. */
import type { ChatDeviceId } from '../devices/device.js';
import type { Services } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import { groupChanged } from './chat.events.js';
import type { ConversationId } from './conversation.js';
import { memberIdsOf } from './internal/members.js';
import { stopDelivery } from './internal/encrypted-group.js';

const NEXT = statement(
  'conversation_devices.next_of_revoked',
  `select conversation_id as id from conversation_devices
   where device_id = $1 and left_sequence is null and removed_epoch is null order by conversation_id limit 1`,
);
const LOCK = statement(
  'conversations.lock_sequence',
  'select last_sequence as sequence from conversations where id = $1 for update',
);
const FORGET_CURSOR = statement(
  'mailbox_cursors.forget',
  'delete from mailbox_cursors where device_id = $1',
);
const FORGET_LEASES = statement(
  'commit_leases.forget_device',
  'delete from commit_leases where device_id = $1',
);

/** Ends the delivery of a revoked device, one conversation after the other; a run that was cut off is finished by the next. */
export async function leaveWithDevice(
  { database }: Pick<Services, 'database'>,
  deviceId: ChatDeviceId,
): Promise<void> {
  await database.rows(FORGET_CURSOR, [deviceId]);
  await database.rows(FORGET_LEASES, [deviceId]);
  let next = await database.row<{ id: ConversationId }>(NEXT, [deviceId]);
  while (next) {
    await stopIn(database, next.id, deviceId);
    next = await database.row<{ id: ConversationId }>(NEXT, [deviceId]);
  }
}

async function stopIn(
  database: Services['database'],
  id: ConversationId,
  deviceId: ChatDeviceId,
): Promise<void> {
  await database.transaction(async (tx) => {
    const conversation = await tx.row<{ sequence: number }>(LOCK, [id]);
    if (!conversation) return;
    await stopDelivery(tx, id, [deviceId], conversation.sequence);
    const memberIds = [...(await memberIdsOf(tx, id))];
    await tx.append(groupChanged, { conversationId: id, memberIds });
  });
}

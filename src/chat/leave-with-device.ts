/** What becomes of a device in conversations when it is taken out of use: it gets nothing more. */
import type { ChatDeviceId } from '../devices/device.js';
import type { CommandContext, Services } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import { NotFound } from '../platform/errors.js';
import type { ConversationId } from './conversation.js';
import { requireChatter } from './internal/chatting.js';
import { devicesOf, lockGroup, stopDelivery } from './internal/encrypted-group.js';
import { memberIdsOf } from './internal/members.js';
import { tellOfGroup } from './internal/news-of-group.js';

const NEXT = statement(
  'conversation_devices.next_of_revoked',
  // What another server orders, that one says.
  `select stay.conversation_id as id from conversation_devices stay join conversations conversation on conversation.id = stay.conversation_id
   where stay.device_id = $1 and stay.left_sequence is null and stay.removed_epoch is null and conversation.hub_origin is null
   order by stay.conversation_id limit 1`,
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

/**
 * Ends the delivery of one device of whoever acts in one conversation, whether it is still valid or not. A repeat changes
 * nothing. Opens its own transaction.
 *
 * @throws {NotFound} NOT_FOUND for a conversation that they do not see, or a device of theirs that is not in its group
 */
export async function leaveConversationWithDevice(
  context: CommandContext,
  conversationId: ConversationId,
  deviceId: ChatDeviceId,
): Promise<void> {
  const { actorId } = requireChatter(context);
  await context.database.transaction(async (tx) => {
    const { lastSequence } = await lockGroup(tx, conversationId, actorId);
    const devices = await devicesOf(tx, conversationId);
    const own = devices.find((one) => one.deviceId === deviceId && one.actorId === actorId);
    if (!own) throw new NotFound(['deviceId']);
    if (!own.isReceiving) return;
    await stopDelivery(tx, conversationId, [deviceId], lastSequence);
    await tellOfGroup(tx, conversationId, [...(await memberIdsOf(tx, conversationId))]);
  });
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
    await tellOfGroup(tx, id, memberIds);
  });
}

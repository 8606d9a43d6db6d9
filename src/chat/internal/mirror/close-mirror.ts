/** The end of a mirrored conversation for everybody here: its hub has nothing more for this server. */
import type { ChatDeviceId } from '../../../devices/device.js';
import type { Services } from '../../../platform/context.js';
import { statement } from '../../../platform/db/database.js';
import { groupChanged } from '../../chat.events.js';
import type { ConversationId } from '../../conversation.js';
import { stopDelivery } from '../encrypted-group.js';
import { leaveMembers } from '../members.js';
import { memberIdsHere } from './members-here.js';
import { lockMirror } from './mirror.js';

const DEVICES = statement(
  'mirrors.devices_here',
  `select device.device_id as id from conversation_devices device join actors a on a.id = device.actor_id
   where device.conversation_id = $1 and device.left_sequence is null and a.domain is null`,
);

/** Takes everybody here out; what is in their mailboxes stays. Opens its own transaction. */
export async function closeMirror(
  { database }: Pick<Services, 'database'>,
  id: ConversationId,
): Promise<void> {
  await database.transaction(async (tx) => {
    const mirror = await lockMirror(tx, id);
    if (!mirror) return;
    const devices = await tx.rows<{ id: ChatDeviceId }>(DEVICES, [id]);
    const ids = devices.map((device) => device.id);
    await stopDelivery(tx, id, ids, mirror.lastSequence);
    const memberIds = await memberIdsHere(tx, id);
    await leaveMembers(tx, id, memberIds);
    if (memberIds.length > 0) await tx.append(groupChanged, { conversationId: id, memberIds });
  });
}

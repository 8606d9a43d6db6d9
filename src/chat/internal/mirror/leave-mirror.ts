/** Somebody here is out of a mirrored conversation, with all their devices. */
import type { ActorId } from '../../../actors/actor.entity.js';
import type { Services } from '../../../platform/context.js';
import { groupChanged } from '../../chat.events.js';
import type { ConversationId } from '../../conversation.js';
import { devicesOf, stopDelivery } from '../encrypted-group.js';
import { leaveMembers } from '../members.js';
import { memberIdsHere } from './members-here.js';
import { lockMirror } from './mirror.js';

/** Takes them out; a repeat changes nothing. Opens its own transaction. */
export async function leaveMirror(
  { database }: Pick<Services, 'database'>,
  id: ConversationId,
  actorId: ActorId,
): Promise<void> {
  await database.transaction(async (tx) => {
    const mirror = await lockMirror(tx, id);
    if (!mirror) return;
    const own = (await devicesOf(tx, id)).filter((device) => device.actorId === actorId);
    const deviceIds = own.map(({ deviceId }) => deviceId);
    await stopDelivery(tx, id, deviceIds, mirror.lastSequence);
    const memberIds = await memberIdsHere(tx, id);
    await leaveMembers(tx, id, [actorId]);
    await tx.append(groupChanged, { conversationId: id, memberIds });
  });
}

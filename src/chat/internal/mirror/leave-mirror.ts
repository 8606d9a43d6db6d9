/** Somebody here is out of a mirrored conversation, with all their devices. */
import type { ActorId } from '../../../actors/actor.entity.js';
import type { Services } from '../../../platform/context.js';
import { groupChanged } from '../../chat.events.js';
import type { ConversationId } from '../../conversation.js';
import { devicesOf, stopDelivery } from '../encrypted-group.js';
import { leaveMembers } from '../members.js';
import { memberIdsHere } from './members-here.js';
import { addHubErrand } from '../../run-hub-errands.js';
import { lockMirror } from './mirror.js';

/** Who leaves. */
export interface Leaving {
  readonly actorId: ActorId;
  /** False: the hub has still to be told. */
  readonly hasHubHeard: boolean;
}

/** Takes them out; a repeat changes nothing. Opens its own transaction. */
export async function leaveMirror(
  { database, clock }: Pick<Services, 'database' | 'clock'>,
  id: ConversationId,
  { actorId, hasHubHeard }: Leaving,
): Promise<void> {
  await database.transaction(async (tx) => {
    const mirror = await lockMirror(tx, id);
    if (!mirror) return;
    const own = (await devicesOf(tx, id)).filter((device) => device.actorId === actorId);
    const deviceIds = own.map(({ deviceId }) => deviceId);
    await stopDelivery(tx, id, deviceIds, mirror.lastSequence);
    const memberIds = await memberIdsHere(tx, id);
    await leaveMembers(tx, id, [actorId]);
    const errand = { conversationId: id, actorId, kind: 'leave', signatureKey: null } as const;
    if (!hasHubHeard) await addHubErrand(tx, errand, clock.now());
    await tx.append(groupChanged, { conversationId: id, memberIds });
  });
}

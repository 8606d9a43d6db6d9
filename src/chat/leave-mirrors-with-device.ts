/** What becomes of a device of somebody here in conversations of other servers when it is taken out of use. */
import type { ActorId } from '../actors/actor.entity.js';
import type { ChatDeviceId } from '../devices/device.js';
import type { Services } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import { groupChanged } from './chat.events.js';
import type { ConversationId } from './conversation.js';
import { stopDelivery } from './internal/encrypted-group.js';
import { memberIdsHere } from './internal/mirror/members-here.js';
import { lockMirror } from './internal/mirror/mirror.js';
import { addHubErrand } from './run-hub-errands.js';

const NEXT = statement(
  'mirrors.next_of_revoked',
  `select stay.conversation_id as id, device.actor_id as "actorId", device.signature_key as "signatureKey"
   from conversation_devices stay join chat_devices device on device.id = stay.device_id
     join actors a on a.id = device.actor_id join conversations conversation on conversation.id = stay.conversation_id
   where stay.device_id = $1 and stay.left_sequence is null and stay.removed_epoch is null
     and conversation.hub_uri is not null and a.domain is null order by stay.conversation_id limit 1`,
);

interface Stay {
  readonly id: ConversationId;
  readonly actorId: ActorId;
  readonly signatureKey: Buffer;
}

/**
 * Ends the delivery of a revoked device at once, and has each hub told until it has heard it. A run that was cut off is
 * finished by the next. Opens its own transactions.
 */
export async function leaveMirrorsWithDevice(
  services: Pick<Services, 'database' | 'clock'>,
  deviceId: ChatDeviceId,
): Promise<void> {
  const { database } = services;
  let next = await database.row<Stay>(NEXT, [deviceId]);
  while (next) {
    await stopIn(services, next, deviceId);
    next = await database.row<Stay>(NEXT, [deviceId]);
  }
}

async function stopIn(
  { database, clock }: Pick<Services, 'database' | 'clock'>,
  { id: conversationId, actorId, signatureKey }: Stay,
  deviceId: ChatDeviceId,
): Promise<void> {
  await database.transaction(async (tx) => {
    const mirror = await lockMirror(tx, conversationId);
    if (!mirror) return;
    await stopDelivery(tx, conversationId, [deviceId], mirror.lastSequence);
    const errand = { conversationId, actorId, kind: 'leaveDevice', signatureKey } as const;
    await addHubErrand(tx, errand, clock.now());
    const memberIds = await memberIdsHere(tx, conversationId);
    await tx.append(groupChanged, { conversationId, memberIds });
  });
}

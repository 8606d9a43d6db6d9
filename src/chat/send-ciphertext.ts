/** Writing in an encrypted conversation. */
import type { ActorId } from '../actors/actor.entity.js';
import type { ChatDeviceId } from '../devices/device.js';
import { requireDevice } from '../devices/devices.queries.js';
import type { MlsMessageHeader } from '../mls/message-header.js';
import type { CommandContext } from '../platform/context.js';
import { statement, type Transaction } from '../platform/db/database.js';
import { Forbidden, Invalid } from '../platform/errors.js';
import { newId } from '../platform/ids.js';
import { chatEnvelopeAccepted, serversBehind } from './chat.events.js';
import {
  CIPHERTEXT_BYTES,
  conversationUriOf,
  LATE_EPOCHS,
  type ChatMessageId,
  type ConversationId,
} from './conversation.js';
import { requireChatter } from './internal/chatting.js';
import { findEarlier, requireClientId } from './internal/client-message-id.js';
import { lockGroup, type EncryptedGroup } from './internal/encrypted-group.js';
import { post } from './internal/mailbox.js';
import { requireMessageRate } from './internal/message-rate.js';
import { requireMlsMessage, requireOfGroup } from './internal/mls-input.js';
import { storeEnvelope } from './internal/store-envelope.js';
import { frank, requireTag } from './franking.js';
import { lockWritable } from './internal/writable.js';
import { moveUp } from './internal/store-message.js';
import { EpochTooOld, MlsMismatch } from './mls.errors.js';

/** What a device encrypted, and where. */
export interface CiphertextDraft {
  readonly conversationId: ConversationId;
  readonly clientMessageId: string;
  readonly deviceId: ChatDeviceId;
  /** An MLSMessage: something to read, or a proposal. */
  readonly data: Buffer;
}

const DATA = ['content', 'mls', 'data'];
const DEVICE = ['content', 'mls', 'deviceId'];

const NEXT = statement(
  'conversations.next_envelope',
  `update conversations set last_sequence = last_sequence + 1, updated_at = $2 where id = $1
   returning last_sequence as sequence, (select uri from actors where id = $3) as "senderUri"`,
);
const AUDIENCE = statement(
  'conversation_devices.audience',
  `select device.actor_id as "actorId", bool_or(device.device_id = $2) as "hasSender", a.domain is null as "isLocal"
   from conversation_devices device join actors a on a.id = device.actor_id
   where device.conversation_id = $1 and device.left_sequence is null group by device.actor_id, a.domain order by device.actor_id`,
);

/**
 * Accepts a message or a proposal of a device of whoever acts, once for each `clientMessageId`. Opens its own transaction.
 *
 * @throws {NotFound} NOT_FOUND for a conversation that the viewer does not see, or a device that is not theirs
 * @throws {Invalid} INVALID_INPUT for bytes that are no such message, or a wrong client id
 * @throws {Conflict} IDEMPOTENCY_KEY_REUSED when the client id was used in another conversation
 * @throws {Forbidden} FORBIDDEN when the device is not in the group, or nobody else is there any more
 * @throws {EpochTooOld} EPOCH_TOO_OLD, {@link MlsMismatch} MLS_MISMATCH for a group or an epoch that it cannot be of
 * @throws {TooMany} LIMIT_EXCEEDED for a sixth message before anybody accepts or answers
 * @throws {RateLimited} RATE_LIMITED for more than the configuration allows
 */
export async function sendCiphertext(
  context: CommandContext,
  { conversationId, clientMessageId, deviceId, data }: CiphertextDraft,
): Promise<ChatMessageId> {
  const viewer = requireChatter(context);
  requireClientId(clientMessageId);
  const header = requireMlsMessage(data, CIPHERTEXT_BYTES, DATA);
  if (header.content === 'COMMIT')
    throw new Invalid('A commit goes to commitConversation.', DATA, 'MLS_CONTENT');
  const tag = header.content === 'APPLICATION' ? requireTag(header, DATA) : null;
  await requireMessageRate(context, viewer.actorId);
  const now = context.clock.now();
  return context.database.transaction(async (tx) => {
    await requireDevice(tx, viewer, deviceId, DEVICE);
    const group = await lockGroupToWrite(tx, conversationId, viewer.actorId);
    const sent = { senderId: viewer.actorId, conversationId, clientMessageId };
    const earlier = await findEarlier(tx, sent);
    if (earlier) return earlier;
    const epoch = requireEpoch(header, group);
    const { audience, isOutside } = await requireAudience(tx, conversationId, deviceId);
    const { sequence, senderUri } = (await tx.row<{ sequence: number; senderUri: string }>(NEXT, [
      conversationId,
      now,
      viewer.actorId,
    ]))!;
    const id = newId<'chatmessage'>(now);
    const conversationUri = conversationUriOf(context.config, conversationId);
    await storeEnvelope(tx, {
      ...sent,
      id,
      sequence,
      epoch,
      kind: header.content === 'APPLICATION' ? 'APPLICATION' : 'PROPOSAL',
      senderDeviceId: deviceId,
      ciphertext: data,
      uri: `${context.config.publicUrl.origin}/messages/${id}`,
      expiresAt: expiryOf(group, now),
      sentAt: now,
      frank:
        tag && (await frank(context.sealer, { tag, senderUri, conversationUri, acceptedAt: now })),
    });
    if (header.content === 'APPLICATION')
      await moveUp(tx, { id, conversationId, senderId: viewer.actorId, sequence });
    await post(
      tx,
      audience.map((actorId) => ({ actorId, messageId: id, deviceId: null })),
    );
    await tx.append(chatEnvelopeAccepted, {
      conversationId,
      messageId: id,
      senderId: viewer.actorId,
      memberIds: audience,
    });
    if (isOutside) await tx.append(serversBehind, { conversationId, isStateNew: false });
    return id;
  });
}

async function lockGroupToWrite(
  tx: Transaction,
  id: ConversationId,
  actorId: ActorId,
): Promise<EncryptedGroup> {
  await lockWritable(tx, id, actorId, 'MLS');
  return lockGroup(tx, id, actorId);
}

interface Audience {
  /** People of this server who have devices in the group. */
  readonly audience: readonly ActorId[];
  /** People of other servers have, too. */
  readonly isOutside: boolean;
}

/** Whoever has devices in the group. @throws {Forbidden} FORBIDDEN when the sender's is not among them */
async function requireAudience(
  tx: Transaction,
  id: ConversationId,
  deviceId: ChatDeviceId,
): Promise<Audience> {
  const rows = await tx.rows<{ actorId: ActorId; hasSender: boolean; isLocal: boolean }>(AUDIENCE, [
    id,
    deviceId,
  ]);
  if (!rows.some(({ hasSender }) => hasSender))
    throw new Forbidden('This device is not in the group.', 'FORBIDDEN', DEVICE);
  const local = rows.filter(({ isLocal }) => isLocal);
  return { audience: local.map(({ actorId }) => actorId), isOutside: local.length < rows.length };
}

function requireEpoch(header: MlsMessageHeader, group: EncryptedGroup): number {
  requireOfGroup(header, group, DATA);
  if (header.epoch > group.epoch)
    throw new MlsMismatch('This epoch has not begun.', DATA, group.epoch);
  const epoch = Number(header.epoch);
  if (epoch < group.epoch - LATE_EPOCHS) throw new EpochTooOld(group.epoch);
  return epoch;
}

function expiryOf({ disappearingSeconds }: EncryptedGroup, now: Date): Date | null {
  return disappearingSeconds === null ? null : new Date(now.getTime() + disappearingSeconds * 1000);
}

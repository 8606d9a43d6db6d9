/** Writing in an encrypted conversation. */
import type { ActorId } from '../actors/actor.entity.js';
import type { ChatDeviceId } from '../devices/device.js';
import { requireDevice } from '../devices/devices.queries.js';
import type { MlsMessageHeader } from '../mls/message-header.js';
import type { CommandContext } from '../platform/context.js';
import type { Transaction } from '../platform/db/database.js';
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
import { readLockedGroup, type EncryptedGroup } from './internal/encrypted-group.js';
import { requireMessageRate } from './internal/message-rate.js';
import { requireMlsMessage, requireOfGroup } from './internal/mls-input.js';
import { lockAudience, placeCiphertext } from './internal/place-ciphertext.js';
import { frank, requireTag } from './franking.js';
import { lockWritable } from './internal/writable.js';
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
  await requireMessageRate(context, viewer.actorId, data.length);
  const now = context.clock.now();
  return context.database.transaction(async (tx) => {
    await requireDevice(tx, viewer, deviceId, DEVICE);
    const group = await lockGroupToWrite(tx, conversationId, viewer.actorId);
    const sent = { senderId: viewer.actorId, conversationId, clientMessageId };
    const earlier = await findEarlier(tx, sent);
    if (earlier) return earlier;
    const epoch = requireEpoch(header, group);
    const { audience, senderUri, isOutside } = await requireAudience(tx, conversationId, {
      deviceId,
      senderId: viewer.actorId,
    });
    const id = newId<'chatmessage'>(now);
    const conversationUri = conversationUriOf(context.config, conversationId);
    const facts = { senderUri, conversationUri, acceptedAt: now };
    const envelope = {
      ...sent,
      id,
      epoch,
      kind: header.content === 'APPLICATION' ? 'APPLICATION' : 'PROPOSAL',
      senderDeviceId: deviceId,
      ciphertext: data,
      uri: `${context.config.publicUrl.origin}/messages/${id}`,
      expiresAt: expiryOf(group, now),
      sentAt: now,
      frank: tag && (await frank(context.sealer, { tag, ...facts })),
    } as const;
    await placeCiphertext(tx, envelope, audience);
    await tx.append(chatEnvelopeAccepted, {
      conversationId,
      messageId: id,
      senderId: viewer.actorId,
      memberIds: audience,
      isToldToEach: group.hasNoHub,
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
  return readLockedGroup(tx, id, actorId);
}

interface Audience {
  /** People of this server who have devices in the group. */
  readonly audience: readonly ActorId[];
  readonly senderUri: string;
  /** People of other servers have, too. */
  readonly isOutside: boolean;
}

/** Whoever has devices in the group. @throws {Forbidden} FORBIDDEN when the sender's is not among them */
async function requireAudience(
  tx: Transaction,
  id: ConversationId,
  sender: { readonly deviceId: ChatDeviceId; readonly senderId: ActorId },
): Promise<Audience> {
  const all = await lockAudience(tx, id, sender);
  const own = all.find(({ hasSender }) => hasSender);
  if (!own) throw new Forbidden('This device is not in the group.', 'FORBIDDEN', DEVICE);
  const local = all.filter(({ isLocal }) => isLocal);
  const audience = local.map(({ actorId }) => actorId);
  return { audience, senderUri: own.senderUri, isOutside: local.length < all.length };
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

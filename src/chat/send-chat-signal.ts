/** Telling the other devices of a conversation something that passes. */
import type { ActorId } from '../actors/actor.entity.js';
import type { ChatDeviceId } from '../devices/device.js';
import { requireDevice } from '../devices/devices.queries.js';
import type { CommandContext } from '../platform/context.js';
import { statement, type Reader } from '../platform/db/database.js';
import { Forbidden, NotFound } from '../platform/errors.js';
import { passNotice } from '../platform/realtime/passing-notice.js';
import { requireRate } from '../platform/require-rate.js';
import { CHAT_SIGNAL, chatTopic, type SignalNotice } from './chat.events.js';
import { conversationVisibleTo } from './conversation-visibility.js';
import type { ConversationId } from './conversation.js';
import { requireChatter } from './internal/chatting.js';
import { requireBytes } from './internal/mls-input.js';
import { relaySignal } from './internal/relay-signal.js';

/** What passes. */
export interface Signal {
  readonly conversationId: ConversationId;
  readonly deviceId: ChatDeviceId;
  /** Encrypted by the device. */
  readonly payload: Buffer;
}

/** Bytes of a signal. */
export const SIGNAL_BYTES = 1024;

/** People of one notice: more do not fit. */
const PER_NOTICE = 100;

const LIMIT = { name: 'chat_signal', points: 600, windowSeconds: 600, failsClosed: false };

const STANDING = statement(
  'conversations.standing',
  `select member.is_request as "isRequest", exists (select from conversation_devices device
     where device.conversation_id = conversation.id and device.device_id = $3 and device.left_sequence is null) as "isIn"
   from conversations conversation join conversation_members member
     on member.conversation_id = conversation.id and member.actor_id = $2
   where conversation.id = $1 and conversation.encryption = 'MLS' and ${conversationVisibleTo('conversation', 'member')}`,
);
// Nothing passes to whoever has not accepted yet.
const HEARERS = statement(
  'conversations.hearers',
  `select distinct device.actor_id as id from conversation_devices device
     join conversation_members member on member.conversation_id = device.conversation_id and member.actor_id = device.actor_id
     join actors a on a.id = device.actor_id
   where device.conversation_id = $1 and device.left_sequence is null and not member.is_request and a.domain is null`,
);

/**
 * Tells the other devices of a group what passes; who does not listen now never hears of it. Whoever has not accepted a
 * request tells nobody.
 *
 * @throws {NotFound} NOT_FOUND for a conversation that the viewer does not see, or a device that is not theirs
 * @throws {Invalid} INVALID_INPUT for more than 1 KiB
 * @throws {Forbidden} FORBIDDEN when the device is not in the group, or the request is not accepted
 * @throws {RateLimited} RATE_LIMITED for more than 600 in ten minutes
 */
export async function sendChatSignal(
  context: CommandContext,
  { conversationId, deviceId, payload }: Signal,
): Promise<void> {
  const chatter = requireChatter(context);
  const { database } = context;
  requireBytes(payload, SIGNAL_BYTES, ['payload']);
  await requireRate(context, LIMIT, chatter.countedBy);
  const { signatureKey } = await requireDevice(database, chatter, deviceId);
  await requireStanding(database, [conversationId, chatter.actorId, deviceId]);
  const hearers = await database.rows<{ id: ActorId }>(HEARERS, [conversationId]);
  const notice: SignalNotice = {
    conversationId,
    senderDeviceId: deviceId,
    payload: payload.toString('base64'),
  };
  for (let from = 0; from < hearers.length; from += PER_NOTICE) {
    const topics = hearers.slice(from, from + PER_NOTICE).map(({ id }) => chatTopic(id));
    await passNotice(database, { name: CHAT_SIGNAL, topics, payload: notice });
  }
  await relaySignal(context, { conversationId, senderId: chatter.actorId, signatureKey, payload });
}

async function requireStanding(
  reader: Reader,
  values: readonly [ConversationId, ActorId, ChatDeviceId],
): Promise<void> {
  const standing = await reader.row<{ isRequest: boolean; isIn: boolean }>(STANDING, values);
  if (!standing) throw new NotFound(['conversationId']);
  if (!standing.isIn)
    throw new Forbidden('This device is not in the group.', 'FORBIDDEN', ['deviceId']);
  if (standing.isRequest)
    throw new Forbidden('Accept the request first.', 'FORBIDDEN', ['conversationId']);
}

/** Ids that clients give their messages, so that what is sent twice is stored once. */
import type { ActorId } from '../../actors/actor.entity.js';
import { isBlank } from '../../platform/blank-text.js';
import { statement, type Transaction } from '../../platform/db/database.js';
import { Conflict, Invalid } from '../../platform/errors.js';
import type { ChatMessageId, ConversationId } from '../conversation.js';

const CLIENT_ID_LENGTH = 128;

const EARLIER = statement(
  'chat_messages.by_client_id',
  `select id, conversation_id as "conversationId" from chat_messages where sender_id = $1 and client_message_id = $2`,
);

/** Who sent what, and where. */
export interface ClientMessage {
  readonly senderId: ActorId;
  readonly conversationId: ConversationId;
  readonly clientMessageId: string;
}

/** @throws {Invalid} INVALID_INPUT for an id that is blank or too long */
export function requireClientId(id: string): void {
  if (isBlank(id) || id.length > CLIENT_ID_LENGTH) {
    const rule = `An id of 1 to ${CLIENT_ID_LENGTH} characters.`;
    throw new Invalid(rule, ['clientMessageId'], 'LENGTH', String(CLIENT_ID_LENGTH));
  }
}

/**
 * What was stored in this conversation under an id before; null when it is new.
 *
 * @throws {Conflict} IDEMPOTENCY_KEY_REUSED when the id was used in another conversation
 */
export async function findEarlier(
  tx: Transaction,
  { senderId, conversationId, clientMessageId }: ClientMessage,
): Promise<ChatMessageId | null> {
  const earlier = await tx.row<{ id: ChatMessageId; conversationId: ConversationId }>(EARLIER, [
    senderId,
    clientMessageId,
  ]);
  if (!earlier || earlier.conversationId === conversationId) return earlier?.id ?? null;
  throw idUsedElsewhere();
}

/** A client id names a message of another conversation. */
export function idUsedElsewhere(): Conflict {
  return new Conflict('This id was used in another conversation.', 'IDEMPOTENCY_KEY_REUSED', [
    'clientMessageId',
  ]);
}

/** Somebody here in a mirrored conversation, as their own server knows it before it asks the hub. */
import type { ActorId } from '../../../actors/actor.entity.js';
import { statement, type Reader } from '../../../platform/db/database.js';
import { NotFound } from '../../../platform/errors.js';
import { conversationVisibleTo } from '../../conversation-visibility.js';
import type { ChatMessageId, ConversationId } from '../../conversation.js';

const SEEN = statement(
  'mirrors.seen',
  `select conversation.id from conversations conversation join conversation_members member
     on member.conversation_id = conversation.id and member.actor_id = $2
   where conversation.id = $1 and ${conversationVisibleTo('conversation', 'member')}`,
);
const SENT = statement(
  'mirrors.sent',
  `select id from chat_messages where conversation_id = $1 and sender_id = $2 and client_message_id = $3`,
);
const AT = statement(
  'mirrors.message_at',
  `select id from chat_messages where conversation_id = $1 and sequence = $2 and sender_id = $3 and kind <> 'WELCOME'`,
);

/** @throws {NotFound} NOT_FOUND for a conversation that they do not see */
export async function requireSeen(
  reader: Reader,
  id: ConversationId,
  actorId: ActorId,
): Promise<void> {
  if (!(await reader.row(SEEN, [id, actorId]))) throw new NotFound(['conversationId']);
}

/** What somebody sent under a client id, as far as it is here. */
export async function findSent(
  reader: Reader,
  id: ConversationId,
  sent: { readonly senderId: ActorId; readonly clientMessageId: string },
): Promise<ChatMessageId | null> {
  const values = [id, sent.senderId, sent.clientMessageId];
  return (await reader.row<{ id: ChatMessageId }>(SENT, values))?.id ?? null;
}

/** What somebody sent that has a place, as far as it is here. */
export async function findSentAt(
  reader: Reader,
  id: ConversationId,
  sent: { readonly senderId: ActorId; readonly sequence: number },
): Promise<ChatMessageId | null> {
  const values = [id, sent.sequence, sent.senderId];
  return (await reader.row<{ id: ChatMessageId }>(AT, values))?.id ?? null;
}

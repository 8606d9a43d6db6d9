/** A message in its place, with everybody's list in order. */
import type { ActorId } from '../../actors/actor.entity.js';
import { statement, type Transaction } from '../../platform/db/database.js';
import { chatMessageSent, type MessageFact } from '../chat.events.js';
import type { ChatMessageId, ConversationId } from '../conversation.js';

/** A message to be stored. */
export interface NewMessage {
  readonly id: ChatMessageId;
  readonly conversationId: ConversationId;
  readonly senderId: ActorId;
  readonly uri: string;
  readonly contentHtml: string;
  /** Null when it was written elsewhere. */
  readonly contentSource: string | null;
  readonly clientMessageId: string | null;
  readonly sentAt: Date;
}

const NEXT = statement(
  'conversations.next_sequence',
  `update conversations set last_sequence = last_sequence + 1, updated_at = $2 where id = $1
   returning last_sequence as sequence`,
);
const INSERT = statement(
  'chat_messages.insert',
  `insert into chat_messages (id, conversation_id, sequence, sender_id, uri, content_html, content_source,
     client_message_id, sent_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
);
// Writing is reading and accepting. What is archived comes back, unless it is muted.
const MOVE_UP = statement(
  'conversations.move_up',
  `update conversation_members set position = $2, is_archived = is_archived and is_muted and actor_id <> $3,
     is_request = is_request and actor_id <> $3,
     last_read_sequence = case when actor_id = $3 then $4 else last_read_sequence end
   where conversation_id = $1`,
);
const LOCAL_MEMBERS = statement(
  'conversations.local_members',
  `select a.id from conversation_members m join actors a on a.id = m.actor_id
   where m.conversation_id = $1 and a.domain is null order by a.id`,
);

/** Stores a message of a conversation that the caller has locked, and tells of it. */
export async function storeMessage(tx: Transaction, message: NewMessage, now: Date): Promise<void> {
  const { id, conversationId, senderId } = message;
  const { sequence } = (await tx.row<{ sequence: number }>(NEXT, [conversationId, now]))!;
  const { uri, contentHtml, contentSource, clientMessageId, sentAt } = message;
  const said = [uri, contentHtml, contentSource, clientMessageId, sentAt];
  await tx.rows(INSERT, [id, conversationId, sequence, senderId, ...said]);
  await moveUp(tx, { id, conversationId, senderId, sequence });
  await tx.append(chatMessageSent, await factOf(tx, { id, conversationId, senderId }));
}

/** Brings a conversation to the front of everybody's list: its sender has read it up to this message, and accepts it. */
export async function moveUp(
  tx: Transaction,
  {
    id,
    conversationId,
    senderId,
    sequence,
  }: Pick<NewMessage, 'id' | 'conversationId' | 'senderId'> & { readonly sequence: number },
): Promise<void> {
  await tx.rows(MOVE_UP, [conversationId, id, senderId, sequence]);
}

/** What events tell of a message. */
export async function factOf(
  tx: Transaction,
  { id, conversationId, senderId }: Pick<NewMessage, 'id' | 'conversationId' | 'senderId'>,
): Promise<MessageFact> {
  const members = await tx.rows<{ id: ActorId }>(LOCAL_MEMBERS, [conversationId]);
  return { conversationId, messageId: id, senderId, memberIds: members.map((one) => one.id) };
}

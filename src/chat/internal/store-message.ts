/** A message in its place, with everybody's list in order. */
import type { ActorId } from '../../actors/actor.entity.js';
import { statement, type Transaction } from '../../platform/db/database.js';
import { isSpanBefore } from './list-position.js';
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
/** SQL of what a message changes for those who take part. Writing is reading and accepting. What is archived comes back, unless it is muted. */
export const MOVING_UP = ({
  id,
  senderId,
  sequence,
}: Record<'id' | 'senderId' | 'sequence', string>): string =>
  `position = case when ${isSpanBefore('member.position', id)} then ${id} else member.position end,
     is_archived = member.is_archived and member.is_muted and member.actor_id <> ${senderId},
     is_request = member.is_request and member.actor_id <> ${senderId},
     last_read_sequence = case when member.actor_id = ${senderId} then ${sequence} else member.last_read_sequence end`;
const MOVE_UP = statement(
  'conversations.move_up',
  `with moved as (update conversations set position = greatest(position, $2) where id = $1)
   update conversation_members member set ${MOVING_UP({ id: '$2::uuid', senderId: '$3', sequence: '$4::int' })}
   where member.conversation_id = $1
     and (member.actor_id = $3 or member.is_archived and not member.is_muted or ${isSpanBefore('member.position', '$2::uuid')})`,
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

/** Messages of this server with everything that their federated form says. */
import type { ActorId } from '../actors/actor.entity.js';
import type { ChatMessageId, ConversationId } from '../chat/conversation.js';
import { statement, type Reader } from '../platform/db/database.js';
import { blockedBetween, isShown } from '../posts/visibility.js';
import type { MentionedActor } from './federated-post.queries.js';

/** Somebody to whom a message is addressed. */
export interface MessageReader extends MentionedActor {
  readonly id: ActorId;
  /** A block stands between them and the sender: they have what came before it. */
  readonly isBlocked: boolean;
}

/** A message that somebody of this server wrote. */
export interface FederatedMessage {
  readonly id: ChatMessageId;
  readonly conversationId: ConversationId;
  readonly uri: string;
  readonly senderId: ActorId;
  readonly senderUri: string;
  /** The sender is neither suspended nor gone. */
  readonly isSenderShown: boolean;
  readonly contentHtml: string;
  readonly contentSource: string | null;
  readonly sentAt: Date;
  readonly deletedAt: Date | null;
  /** What was written before it in the conversation; null = nothing that is still there. */
  readonly inReplyTo: string | null;
  /** Everybody else who takes part. */
  readonly readers: readonly MessageReader[];
}

const FIND = statement(
  'federation.message',
  `select m.id, m.conversation_id as "conversationId", m.uri, m.sender_id as "senderId", sender.uri as "senderUri",
     ${isShown('sender.status')} as "isSenderShown",
     m.content_html as "contentHtml", m.content_source as "contentSource", m.sent_at as "sentAt", m.deleted_at as "deletedAt",
     (select earlier.uri from chat_messages earlier where earlier.conversation_id = m.conversation_id
       and earlier.sequence < m.sequence and earlier.deleted_at is null order by earlier.sequence desc limit 1) as "inReplyTo",
     (select coalesce(json_agg(json_build_object('id', a.id, 'uri', a.uri, 'username', a.username, 'domain', a.domain,
         'isBlocked', ${blockedBetween('a.id', 'm.sender_id')}) order by a.id), '[]')
       from conversation_members member join actors a on a.id = member.actor_id
       where member.conversation_id = m.conversation_id and a.id <> m.sender_id) as readers
   from chat_messages m join actors sender on sender.id = m.sender_id
   where m.id = $1 and m.kind = 'PLAINTEXT' and sender.domain is null`,
);

/** A message that somebody of this server wrote; null for all others. */
export function findFederatedMessage(reader: Reader, id: string): Promise<FederatedMessage | null> {
  return reader.row<FederatedMessage>(FIND, [id]);
}

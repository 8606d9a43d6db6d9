/** Reads of encrypted conversations without a hub, and of what people here send in them. */
import type { ActorId } from '../actors/actor.entity.js';
import { statement, type Reader } from '../platform/db/database.js';
import type { ChatMessageId, ConversationId } from './conversation.js';

/** Something that goes to each person of other servers who takes part, or is let in by it. */
export interface DraftEnvelope {
  readonly uri: string;
  readonly kind: 'APPLICATION' | 'PROPOSAL' | 'COMMIT' | 'WELCOME';
  readonly senderId: ActorId;
  readonly senderUri: string;
  readonly conversationId: ConversationId;
  /** What the conversation is called by whoever began it; null = nothing. */
  readonly contextUri: string | null;
  readonly ciphertext: Buffer;
  readonly sentAt: Date;
  readonly recipients: readonly string[];
}

const DRAFTS = statement(
  'draft_conversations.among',
  'select conversation_id as id from draft_conversations where conversation_id = any($1::uuid[])',
);
// The Welcome has the place of its commit, and is for those whom it lets in alone.
const ENVELOPES = statement(
  'draft_conversations.envelopes',
  `select placed.uri, placed.kind, placed.sender_id as "senderId", sender.uri as "senderUri",
     placed.conversation_id as "conversationId", draft.context_uri as "contextUri", placed.ciphertext, placed.sent_at as "sentAt",
     array(select a.uri from actors a where a.domain is not null and case when placed.kind = 'WELCOME'
       then exists (select from chat_welcomes welcome join chat_devices device on device.id = welcome.device_id
         where welcome.message_id = placed.id and device.actor_id = a.id)
       else exists (select from conversation_members member
         where member.conversation_id = placed.conversation_id and member.actor_id = a.id) end order by a.uri) as recipients
   from chat_messages accepted join draft_conversations draft on draft.conversation_id = accepted.conversation_id
     join chat_messages placed on placed.conversation_id = accepted.conversation_id and placed.sequence = accepted.sequence
     join actors sender on sender.id = placed.sender_id and sender.domain is null
   where accepted.id = $1 and placed.ciphertext is not null order by placed.kind`,
);

/** Those of the conversations that have no hub. */
export async function findDraftsAmong(
  reader: Reader,
  ids: readonly string[],
): Promise<Set<string>> {
  const rows = await reader.rows<{ id: string }>(DRAFTS, [ids]);
  return new Set(rows.map(({ id }) => id));
}

/** What somebody here sent at one place of a conversation without a hub; nothing for all others. */
export function findDraftEnvelopes(
  reader: Reader,
  messageId: ChatMessageId,
): Promise<DraftEnvelope[]> {
  return reader.rows<DraftEnvelope>(ENVELOPES, [messageId]);
}

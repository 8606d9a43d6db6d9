/** Encrypted messages in their places. */
import { statement, type Transaction } from '../../platform/db/database.js';
import type { ChatMessageRow } from '../conversation.js';

/** An encrypted message to be stored. */
export interface NewEnvelope extends Pick<
  ChatMessageRow,
  'id' | 'conversationId' | 'sequence' | 'senderId' | 'kind' | 'senderDeviceId' | 'expiresAt'
> {
  readonly epoch: number;
  readonly ciphertext: Buffer;
  readonly clientMessageId: string | null;
  readonly uri: string;
  readonly sentAt: Date;
  /** What the server says of a message for reading; null for all else. */
  readonly frank: Buffer | null;
}

const INSERT = statement(
  'chat_messages.insert_envelope',
  `insert into chat_messages (id, conversation_id, sequence, sender_id, uri, content_html, client_message_id, sent_at,
     kind, epoch, sender_device_id, ciphertext, expires_at, frank)
   values ($1, $2, $3, $4, $5, '', $6, $7, $8, $9, $10, $11, $12, $13)`,
);
/** Stores a message at a place that the caller has taken under the lock of the conversation. */
export async function storeEnvelope(tx: Transaction, envelope: NewEnvelope): Promise<void> {
  const { id, conversationId, sequence, senderId, uri, clientMessageId, sentAt } = envelope;
  const { kind, epoch, senderDeviceId, ciphertext, expiresAt, frank } = envelope;
  const place = [id, conversationId, sequence, senderId, uri, clientMessageId, sentAt];
  await tx.rows(INSERT, [...place, kind, epoch, senderDeviceId, ciphertext, expiresAt, frank]);
}

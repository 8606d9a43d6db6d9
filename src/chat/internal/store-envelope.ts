/** Encrypted messages in their places. */
import { statement, type Transaction } from '../../platform/db/database.js';
import type { ChatMessageId, ChatMessageRow } from '../conversation.js';
import type { NamedPackage } from './commit-plan.js';

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
const WELCOMED = statement(
  'chat_welcomes.insert',
  `insert into chat_welcomes (message_id, device_id, ref)
   select $1, welcomed.device_id, welcomed.ref from unnest($2::uuid[], $3::uuid[], $4::bytea[]) as welcomed(device_id, actor_id, ref)
     join actors a on a.id = welcomed.actor_id where a.domain is not null`,
);

/** Remembers which key packages of devices of other servers a Welcome names: these servers are told. */
export async function storeWelcomed(
  tx: Transaction,
  messageId: ChatMessageId,
  welcomed: readonly NamedPackage[],
): Promise<void> {
  const deviceIds = welcomed.map(({ deviceId }) => deviceId);
  const actorIds = welcomed.map(({ actorId }) => actorId);
  await tx.rows(WELCOMED, [messageId, deviceIds, actorIds, welcomed.map(({ ref }) => ref)]);
}

/** Stores a message at a place that the caller has taken under the lock of the conversation. */
export async function storeEnvelope(tx: Transaction, envelope: NewEnvelope): Promise<void> {
  const { id, conversationId, sequence, senderId, uri, clientMessageId, sentAt } = envelope;
  const { kind, epoch, senderDeviceId, ciphertext, expiresAt, frank } = envelope;
  const place = [id, conversationId, sequence, senderId, uri, clientMessageId, sentAt];
  await tx.rows(INSERT, [...place, kind, epoch, senderDeviceId, ciphertext, expiresAt, frank]);
}

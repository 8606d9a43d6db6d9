/** Client ids of messages of people here, as their hub repeats them. */
import type { ActorId } from '../../../actors/actor.entity.js';
import { statement, type Transaction } from '../../../platform/db/database.js';

const TAKEN = statement(
  'chat_messages.client_id_taken',
  'select id from chat_messages where sender_id = $1 and client_message_id = $2',
);

/** The id, unless something else of the same person has it: then a hub made it up. */
export async function freeClientId(
  tx: Transaction,
  senderId: ActorId,
  clientMessageId: string | null,
): Promise<string | null> {
  if (clientMessageId === null) return null;
  return (await tx.row(TAKEN, [senderId, clientMessageId])) ? null : clientMessageId;
}

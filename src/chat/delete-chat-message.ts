/** Deleting a message, for everybody. */
import type { CommandContext } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import { NotFound } from '../platform/errors.js';
import { requireActing } from '../platform/require-viewer.js';
import { chatMessageDeleted } from './chat.events.js';
import { isForReading } from './conversation-visibility.js';
import type { ChatMessageId, ConversationId } from './conversation.js';
import { factOf } from './internal/store-message.js';

const DELETE = statement(
  'chat_messages.delete',
  `update chat_messages set content_html = '', content_source = null, ciphertext = null, deleted_at = $3
   where id = $1 and sender_id = $2 and deleted_at is null and ${isForReading('chat_messages')} returning conversation_id as "conversationId"`,
);
const OWN = statement(
  'chat_messages.own',
  `select id from chat_messages where id = $1 and sender_id = $2 and ${isForReading('chat_messages')}`,
);

/**
 * Deletes a message of whoever acts; its place in the conversation is left. A repeat changes nothing. Opens its own
 * transaction.
 *
 * @throws {NotFound} NOT_FOUND, also for the message of somebody else, and for what keeps an encrypted group together
 */
export async function deleteChatMessage(context: CommandContext, id: ChatMessageId): Promise<void> {
  const { actorId: senderId } = requireActing(context);
  await context.database.transaction(async (tx) => {
    const deleted = await tx.row<{ conversationId: ConversationId }>(DELETE, [
      id,
      senderId,
      context.clock.now(),
    ]);
    if (deleted) {
      const fact = await factOf(tx, { id, senderId, conversationId: deleted.conversationId });
      await tx.append(chatMessageDeleted, fact);
    } else if (!(await tx.row(OWN, [id, senderId]))) throw new NotFound(['messageId']);
  });
}

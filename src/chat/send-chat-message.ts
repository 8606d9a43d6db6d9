/** Writing in a conversation. */
import { isBlank } from '../platform/blank-text.js';
import type { CommandContext } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import { Conflict, Invalid } from '../platform/errors.js';
import { newId } from '../platform/ids.js';
import { requireRate } from '../platform/require-rate.js';
import { requireViewer } from '../platform/require-viewer.js';
import { composeContent } from '../posts/content/compose-content.js';
import { requireLength } from '../posts/text-limits.js';
import { MESSAGE_LENGTH, type ChatMessageId, type ConversationId } from './conversation.js';
import { storeMessage } from './internal/store-message.js';
import { lockWritable } from './internal/writable.js';

/** What to write, and where. */
export interface MessageDraft {
  readonly conversationId: ConversationId;
  /** Made by the client: sending twice stores once. */
  readonly clientMessageId: string;
  /** Markdown, not blank. */
  readonly text: string;
}

const LIMIT = { name: 'chat_message', points: 1200, windowSeconds: 3600, failsClosed: false };
const CLIENT_ID_LENGTH = 128;

const EARLIER = statement(
  'chat_messages.by_client_id',
  `select id, conversation_id as "conversationId" from chat_messages where sender_id = $1 and client_message_id = $2`,
);

/**
 * Writes a message of the viewer, once for each `clientMessageId`. Opens its own transaction. Whoever writes has read the
 * conversation, and accepts it.
 *
 * @throws {NotFound} NOT_FOUND for a conversation that the viewer does not see
 * @throws {Invalid} INVALID_INPUT for a blank or too long text, or a wrong client id
 * @throws {Conflict} IDEMPOTENCY_KEY_REUSED when the client id was used in another conversation
 * @throws {Forbidden} FORBIDDEN when nobody else is there any more
 * @throws {TooMany} LIMIT_EXCEEDED for a sixth message before anybody accepts or answers
 * @throws {RateLimited} RATE_LIMITED for more than 1,200 in an hour
 */
export async function sendChatMessage(
  context: CommandContext,
  { conversationId, clientMessageId, text }: MessageDraft,
): Promise<ChatMessageId> {
  const viewer = requireViewer(context);
  requireClientId(clientMessageId);
  requireText(text);
  requireLength(text, MESSAGE_LENGTH, ['text']);
  await requireRate(context, LIMIT, viewer.accountId);
  const now = context.clock.now();
  return context.database.transaction(async (tx) => {
    await lockWritable(tx, conversationId, viewer.actorId);
    const earlier = await tx.row<{ id: ChatMessageId; conversationId: ConversationId }>(EARLIER, [
      viewer.actorId,
      clientMessageId,
    ]);
    if (earlier?.conversationId === conversationId) return earlier.id;
    if (earlier)
      throw new Conflict('This id was used in another conversation.', 'IDEMPOTENCY_KEY_REUSED', [
        'clientMessageId',
      ]);
    const { html, source } = await composeContent(tx, context.config, text);
    requireText(html.replace(/<[^>]*>/g, ''));
    const id = newId<'chatmessage'>(now);
    await storeMessage(
      tx,
      {
        id,
        conversationId,
        senderId: viewer.actorId,
        uri: `${context.config.publicUrl.origin}/messages/${id}`,
        contentHtml: html,
        contentSource: source,
        clientMessageId,
        sentAt: now,
      },
      now,
    );
    return id;
  });
}

function requireClientId(id: string): void {
  if (isBlank(id) || id.length > CLIENT_ID_LENGTH) {
    const rule = `An id of 1 to ${CLIENT_ID_LENGTH} characters.`;
    throw new Invalid(rule, ['clientMessageId'], 'LENGTH', String(CLIENT_ID_LENGTH));
  }
}

function requireText(text: string): void {
  if (isBlank(text)) throw new Invalid('A message says something.', ['text'], 'MIN_LENGTH', '1');
}

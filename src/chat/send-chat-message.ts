/** Writing in a conversation. */
import { isBlank } from '../platform/blank-text.js';
import type { CommandContext } from '../platform/context.js';
import { Invalid } from '../platform/errors.js';
import { newId } from '../platform/ids.js';
import { requireRate } from '../platform/require-rate.js';
import { requireViewer } from '../platform/require-viewer.js';
import { composeContent } from '../posts/content/compose-content.js';
import { requireLength } from '../posts/text-limits.js';
import { MESSAGE_LENGTH, type ChatMessageId, type ConversationId } from './conversation.js';
import { findEarlier, requireClientId } from './internal/client-message-id.js';
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

const TEXT = ['content', 'plaintext'];
const LIMIT = { name: 'chat_message', points: 1200, windowSeconds: 3600, failsClosed: false };

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
  requireLength(text, MESSAGE_LENGTH, TEXT);
  await requireRate(context, LIMIT, viewer.accountId);
  const now = context.clock.now();
  return context.database.transaction(async (tx) => {
    await lockWritable(tx, conversationId, viewer.actorId);
    const message = { senderId: viewer.actorId, conversationId, clientMessageId };
    const earlier = await findEarlier(tx, message);
    if (earlier) return earlier;
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

function requireText(text: string): void {
  if (isBlank(text)) throw new Invalid('A message says something.', TEXT, 'MIN_LENGTH', '1');
}

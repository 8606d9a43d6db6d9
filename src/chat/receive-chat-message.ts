/** What somebody of another server wrote to people of this one. */
import type { ActorId } from '../actors/actor.entity.js';
import { blocksDomainOf } from '../actors/domain-blocks.queries.js';
import type { CommandContext } from '../platform/context.js';
import { statement, type Reader } from '../platform/db/database.js';
import { Forbidden, NotFound } from '../platform/errors.js';
import { newId } from '../platform/ids.js';
import { requireRate } from '../platform/require-rate.js';
import { requireActing } from '../platform/require-viewer.js';
import { sanitizeHtml } from '../platform/sanitize-html.js';
import { cutText } from '../platform/storable-text.js';
import { blockedBetween } from '../posts/visibility.js';
import { chatMessageEdited } from './chat.events.js';
import { MOST_MEMBERS, type ChatMessageId, type ConversationId } from './conversation.js';
import { openConversation } from './internal/open-conversation.js';
import { factOf, storeMessage } from './internal/store-message.js';
import { lockWritable } from './internal/writable.js';

/** A message of another server; its sender is whoever acts. */
export interface RemoteMessage {
  readonly uri: string;
  /** As it was sent; what is not safe to show is taken out, and what is too long cut off. */
  readonly contentHtml: string;
  /** Everybody whom it is addressed to, as far as they are known here. */
  readonly recipientIds: readonly ActorId[];
  readonly sentAt: Date;
  /** Null = not changed since. */
  readonly editedAt: Date | null;
}

const LIMIT = { name: 'remote_message', points: 600, windowSeconds: 3600, failsClosed: false };

const KNOWN = statement(
  'chat_messages.known',
  `select id, conversation_id as "conversationId", sender_id as "senderId", sent_at as "sentAt", edited_at as "editedAt",
     deleted_at is not null as "isDeleted" from chat_messages where uri = $1`,
);
const EDIT = statement(
  'chat_messages.edit',
  'update chat_messages set content_html = $2, edited_at = $3 where id = $1 and deleted_at is null',
);
const HEARING = statement(
  'conversations.hearing',
  `select exists (select from actors a where a.id = any($1::uuid[]) and a.domain is null and a.status in ('ACTIVE', 'LIMITED')
     and not ${blockedBetween('a.id', '$2::uuid')} and not ${blocksDomainOf('a.id', '$2::uuid')}) as "isHeard"`,
);

interface KnownMessage {
  readonly id: ChatMessageId;
  readonly conversationId: ConversationId;
  readonly senderId: ActorId;
  readonly sentAt: Date;
  readonly editedAt: Date | null;
  readonly isDeleted: boolean;
}

/**
 * Asks, before anything is found out about who else takes part, whether anybody of these people hears whoever acts.
 *
 * @throws {NotFound} NOT_FOUND when nobody does
 * @throws {RateLimited} RATE_LIMITED for more than 600 messages in an hour
 */
export async function requireHearing(
  context: CommandContext,
  localIds: readonly ActorId[],
): Promise<void> {
  const { actorId: senderId } = requireActing(context);
  await requireRate(context, LIMIT, senderId);
  await requireHeard(context.database, localIds, senderId);
}

async function requireHeard(
  reader: Reader,
  ids: readonly ActorId[],
  senderId: ActorId,
): Promise<void> {
  const row = await reader.row<{ isHeard: boolean }>(HEARING, [ids, senderId]);
  if (row?.isHeard !== true) throw new NotFound();
}

/**
 * Keeps a message, or its newer text. A repeat changes nothing. Opens its own transaction.
 *
 * @throws {NotFound} NOT_FOUND when nobody here is to read it, or more than 10 take part
 * @throws {Forbidden} FORBIDDEN for the message of somebody else
 * @throws {TooMany} LIMIT_EXCEEDED for a sixth message before anybody accepts or answers
 */
export async function receiveChatMessage(
  context: CommandContext,
  message: RemoteMessage,
): Promise<void> {
  const { actorId: senderId } = requireActing(context);
  const now = context.clock.now();
  await context.database.transaction(async (tx) => {
    const known = await tx.row<KnownMessage>(KNOWN, [message.uri]);
    if (known) {
      if (known.senderId !== senderId) throw new Forbidden('It is of somebody else.');
      if (!isNewer(message, known)) return;
      await tx.rows(EDIT, [known.id, safe(message), message.editedAt]);
      await tx.append(chatMessageEdited, await factOf(tx, known));
      return;
    }
    const otherIds = message.recipientIds.filter((id) => id !== senderId);
    if (otherIds.length >= MOST_MEMBERS) throw new NotFound();
    await requireHeard(tx, otherIds, senderId);
    const conversationId = await openConversation(tx, { creatorId: senderId, otherIds }, now);
    await lockWritable(tx, conversationId, senderId);
    const { uri } = message;
    const contentHtml = safe(message);
    const sentAt = message.sentAt < now ? message.sentAt : now;
    const id = newId<'chatmessage'>(now);
    const parts = { id, conversationId, senderId, uri, contentHtml, sentAt };
    await storeMessage(tx, { ...parts, contentSource: null, clientMessageId: null }, now);
  });
}

/** Markup may take more room than a text of the greatest length. */
const LONGEST_HTML = 40_000;

function safe({ contentHtml }: RemoteMessage): string {
  return sanitizeHtml(cutText(contentHtml, LONGEST_HTML));
}

function isNewer({ editedAt }: RemoteMessage, known: KnownMessage): boolean {
  return !known.isDeleted && editedAt !== null && editedAt > (known.editedAt ?? known.sentAt);
}

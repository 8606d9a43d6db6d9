/** What somebody of another server wrote to people of this one. */
import type { ActorId } from '../actors/actor.entity.js';
import { blocksDomainOf } from '../actors/domain-blocks.queries.js';
import type { CommandContext } from '../platform/context.js';
import { statement, type Reader } from '../platform/db/database.js';
import { Forbidden, NotFound } from '../platform/errors.js';
import { newId } from '../platform/ids.js';
import type { RateLimit } from '../platform/rate-limiter.js';
import { requireRate } from '../platform/require-rate.js';
import { requireActing } from '../platform/require-viewer.js';
import { siteOf } from '../platform/site-of.js';
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

/** To people who neither follow nor have accepted the sender, each counted. */
export const STRANGER_MESSAGES: RateLimit = {
  name: 'stranger_message',
  points: 30,
  windowSeconds: 24 * 3600,
  failsClosed: false,
};
/** The same, of all servers of one domain. */
export const STRANGERS_MESSAGES: RateLimit = {
  ...STRANGER_MESSAGES,
  name: 'strangers_message',
  points: 300,
};
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
const HEARERS = `from actors a where a.id = any($1::uuid[]) and a.domain is null and a.status in ('ACTIVE', 'LIMITED')
     and not ${blockedBetween('a.id', '$2::uuid')} and not ${blocksDomainOf('a.id', '$2::uuid')}`;
// Company that hears somebody lets in nobody who has blocked them.
const HEARING_ALONE = statement('conversations.hearers_of', `select a.id ${HEARERS}`);
const HEARING = statement(
  'conversations.hearing',
  `select exists (select ${HEARERS}) as "isHeard",
     (select count(*)::int from actors a where a.id = any($1::uuid[]) and a.domain is null
       and not exists (select from follows where follower_id = a.id and followee_id = $2 and state = 'ACCEPTED')
       and not exists (select from conversation_members mine join conversation_members theirs
           on theirs.conversation_id = mine.conversation_id and theirs.actor_id = $2
         where mine.actor_id = a.id and not mine.is_request)) as strangers`,
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
 * @throws {RateLimited} RATE_LIMITED for more than 600 messages in an hour, or of a stranger 30 in a day, and of the strangers
 * of one domain 300
 */
export async function requireHearing(
  context: CommandContext,
  { localIds, host }: { readonly localIds: readonly ActorId[]; readonly host: string },
): Promise<void> {
  const { actorId: senderId } = requireActing(context);
  await requireRate(context, LIMIT, senderId);
  const { strangers } = await requireHeard(context.database, localIds, senderId);
  if (strangers === 0) return;
  await requireRate(context, STRANGER_MESSAGES, senderId, strangers);
  await requireRate(context, STRANGERS_MESSAGES, siteOf(host), strangers);
}

interface Hearing {
  readonly isHeard: boolean;
  /** How many of those to whom it goes neither follow the sender, nor have accepted or begun a conversation with them. */
  readonly strangers: number;
}

/** Those of these people here whom somebody may let into a conversation. */
export async function hearingOf(
  reader: Reader,
  ids: readonly ActorId[],
  senderId: ActorId,
): Promise<ReadonlySet<ActorId>> {
  const rows = await reader.rows<{ id: ActorId }>(HEARING_ALONE, [ids, senderId]);
  return new Set(rows.map(({ id }) => id));
}

async function requireHeard(
  reader: Reader,
  ids: readonly ActorId[],
  senderId: ActorId,
): Promise<Hearing> {
  const row = await reader.row<Hearing>(HEARING, [ids, senderId]);
  if (row?.isHeard !== true) throw new NotFound();
  return row;
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

/** Reads of messages: each asks for one who takes part, and shows nothing to anybody else. */
import type { ActorId } from '../actors/actor.entity.js';
import { bothWays, GREATEST_INTEGER } from '../platform/db/both-ways.js';
import { statement, type Reader } from '../platform/db/database.js';
import type { PageRequest } from '../platform/db/page.js';
import {
  conversationVisibleTo,
  isForReading,
  messageVisibleTo,
} from './conversation-visibility.js';
import type { ChatMessageRow } from './conversation.js';

/** A message in the list of its conversation. */
export type ListedMessage = ChatMessageRow & { readonly ownerId: string };

/** Columns of a {@link ChatMessageRow}, from the alias `message`. */
export const messageColumns = (viewer: string): string =>
  `message.id, message.conversation_id as "conversationId", message.sequence, message.sender_id as "senderId",
   message.content_html as "contentHtml", case when message.sender_id = ${viewer} then message.content_source end as "contentSource",
   message.kind, message.epoch, message.sender_device_id as "senderDeviceId", message.ciphertext, message.frank, message.expires_at as "expiresAt",
   message.sent_at as "sentAt", message.edited_at as "editedAt", message.deleted_at as "deletedAt"`;
const SEEN = (viewer: string): string =>
  `join conversations conversation on conversation.id = message.conversation_id
   join conversation_members member on member.conversation_id = conversation.id and member.actor_id = ${viewer}
     and message.sequence > member.joined_sequence and message.kind <> 'WELCOME'`;
const visible = (viewer: string): string =>
  `${conversationVisibleTo('conversation', 'member')} and ${messageVisibleTo('message', viewer)}`;

const BY_IDS = statement(
  'chat_messages.by_ids',
  `select ${messageColumns('$2::uuid')} from chat_messages message ${SEEN('$2::uuid')}
   where message.id = any($1::uuid[]) and ${visible('$2::uuid')}`,
);
const BY_URI = statement(
  'chat_messages.by_uri',
  'select id, sender_id as "senderId" from chat_messages where uri = $1',
);
const OF_CONVERSATIONS = bothWays({
  name: 'chat_messages.of_conversations',
  order: 'asc',
  lowest: ['-1'],
  highest: [GREATEST_INTEGER],
  text: ({ beyond, order }) =>
    `select page.*, owner.id as "ownerId" from unnest($1::uuid[]) as owner(id) cross join lateral (
       select ${messageColumns('$4::uuid')} from chat_messages message ${SEEN('$4::uuid')}
       where message.conversation_id = owner.id and message.sequence ${beyond} $2::int and ${visible('$4::uuid')}
       order by message.sequence ${order} limit $3) page
     order by page.sequence ${order}`,
});
const LAST = statement(
  'chat_messages.last',
  `select page.*, owner.id as "ownerId" from unnest($1::uuid[]) as owner(id) cross join lateral (
     select ${messageColumns('$2::uuid')} from chat_messages message ${SEEN('$2::uuid')}
     where message.conversation_id = owner.id and message.deleted_at is null and ${isForReading('message')}
       and ${visible('$2::uuid')} order by message.sequence desc limit 1) page`,
);

/** Messages that somebody sees, by id, in no particular order. */
export function findMessages(
  reader: Reader,
  ids: readonly string[],
  viewerId: ActorId,
): Promise<ChatMessageRow[]> {
  return reader.rows<ChatMessageRow>(BY_IDS, [ids, viewerId]);
}

/** Who wrote the message of an identity, deleted or not; null when there is none. */
export function findMessageByUri(
  reader: Reader,
  uri: string,
): Promise<Pick<ChatMessageRow, 'id' | 'senderId'> | null> {
  return reader.row(BY_URI, [uri]);
}

/** A page of the messages of each of several conversations, the oldest first. */
export function findMessagesOf(
  reader: Reader,
  conversationIds: readonly string[],
  request: PageRequest,
  viewerId: ActorId,
): Promise<ListedMessage[]> {
  const { query, from } = OF_CONVERSATIONS(request);
  return reader.rows<ListedMessage>(query, [conversationIds, ...from, request.size + 1, viewerId]);
}

/** The last message of each of several conversations that is not deleted. */
export function findLastMessages(
  reader: Reader,
  conversationIds: readonly string[],
  viewerId: ActorId,
): Promise<ListedMessage[]> {
  return reader.rows<ListedMessage>(LAST, [conversationIds, viewerId]);
}

/** Reads of conversations: each asks for one who takes part, and shows nothing to anybody else. */
import type { ActorId } from '../actors/actor.entity.js';
import { statement, type Reader } from '../platform/db/database.js';
import { toPage, type Page, type PageRequest } from '../platform/db/page.js';
import { singlePage } from '../posts/page-sql.js';
import {
  conversationVisibleTo,
  isForReading,
  messageVisibleTo,
} from './conversation-visibility.js';
import {
  MAX_UNREAD,
  type ConversationId,
  type ConversationRole,
  type ConversationRow,
} from './conversation.js';
import type { ChatDeviceId } from '../devices/device.js';
import { positionOf, spanOf } from './internal/list-position.js';

/** Which conversations to list. */
export interface ConversationChoice {
  /** Only requests, or only what is none. */
  readonly isRequest: boolean;
  readonly isArchived: boolean;
  readonly isUnreadOnly: boolean;
}

/** Somebody in a conversation. */
export interface ConversationMemberRow {
  readonly conversationId: ConversationId;
  readonly actorId: ActorId;
  readonly joinedAt: Date;
  readonly role: ConversationRole;
}

/** A device in the tree of a conversation's group. */
export interface GroupDeviceRow {
  readonly conversationId: ConversationId;
  readonly deviceId: ChatDeviceId;
  /** False: it gets nothing any more, and the next commit removes it. */
  readonly isReceiving: boolean;
}

const SELECT = `select conversation.id, conversation.encryption, conversation.mls_group_id as "mlsGroupId",
    case when conversation.encryption = 'MLS' then conversation.epoch end as epoch,
    conversation.disappearing_seconds as "disappearingSeconds", conversation.is_group as "isGroup", conversation.created_at as "createdAt",
    conversation.updated_at as "updatedAt", member.is_request as "isRequest", member.is_muted as "isMuted",
    member.is_archived as "isArchived", member.last_read_sequence as "lastReadSequence",
    ${positionOf('conversation', 'member')} as position
  from conversation_members member join conversations conversation on conversation.id = member.conversation_id`;

const unreadOf = (viewer: string): string =>
  `from chat_messages m where m.conversation_id = member.conversation_id and m.sequence > member.last_read_sequence
     and m.sender_id <> ${viewer} and m.deleted_at is null and ${isForReading('m')} and ${messageVisibleTo('m', viewer)}`;

const BY_IDS = statement(
  'conversations.by_ids',
  `${SELECT} where conversation.id = any($1::uuid[]) and member.actor_id = $2
     and ${conversationVisibleTo('conversation', 'member')}`,
);
const PAGE = singlePage('conversations.page', {
  select: `${SELECT} where member.actor_id = $3::uuid and member.is_request = $4 and member.is_archived = $5
    and not (member.is_request and exists (select from conversation_members beginner join actors a on a.id = beginner.actor_id
      where beginner.conversation_id = member.conversation_id and beginner.has_begun and beginner.actor_id <> member.actor_id
        and a.status = 'LIMITED'))
    and (not $6 or exists (select ${unreadOf('$3::uuid')})) and ${conversationVisibleTo('conversation', 'member')}`,
  key: positionOf('conversation', 'member'),
  coarse: { key: spanOf('member.position'), of: spanOf },
});
const MEMBERS = statement(
  'conversations.members',
  `select member.* from unnest($1::uuid[]) as listed(id) cross join lateral (
     select conversation_id as "conversationId", actor_id as "actorId", joined_at as "joinedAt", role
     from conversation_members where conversation_id = listed.id order by joined_at, has_begun desc, actor_id limit $2) member`,
);
const MEMBER_COUNT = statement(
  'conversations.member_count',
  `select conversation_id as id, count(*)::int as count from conversation_members
   where conversation_id = any($1::uuid[]) group by conversation_id`,
);
const GROUP_INFO = statement(
  'conversations.group_info',
  `select conversation.id, conversation.group_info as "groupInfo" from conversations conversation
     join conversation_members member on member.conversation_id = conversation.id and member.actor_id = $2
   where conversation.id = any($1::uuid[]) and conversation.group_info is not null
     and ${conversationVisibleTo('conversation', 'member')}`,
);
const DEVICES = statement(
  'conversations.devices',
  `select device.* from unnest($1::uuid[]) as listed(id) cross join lateral (
     select conversation_id as "conversationId", device_id as "deviceId", left_sequence is null as "isReceiving"
     from conversation_devices where conversation_id = listed.id and removed_epoch is null
     order by joined_sequence, device_id limit $2) device`,
);
const RECEIVING = statement(
  'conversation_devices.receiving',
  `select device.signature_key as "signatureKey" from conversation_devices stay join chat_devices device on device.id = stay.device_id
   where stay.conversation_id = $1 and stay.actor_id = $2 and stay.left_sequence is null
   order by stay.joined_sequence, stay.device_id limit 1`,
);
const UNREAD = statement(
  'conversations.unread',
  `select member.conversation_id as id, (select count(*)::int from (select ${unreadOf('$2::uuid')} limit ${MAX_UNREAD}) unread) as count
   from conversation_members member where member.conversation_id = any($1::uuid[]) and member.actor_id = $2`,
);
const UNREAD_CONVERSATIONS = statement(
  'conversations.count_unread',
  `select count(*)::int as count from (select from conversation_members member
     join conversations conversation on conversation.id = member.conversation_id
     where member.actor_id = $1 and not member.is_request and not member.is_muted
       and conversation.last_sequence > member.last_read_sequence
       and ${conversationVisibleTo('conversation', 'member')} and exists (select ${unreadOf('$1::uuid')})
     limit ${MAX_UNREAD}) unread`,
);

/** Key of the first device of somebody in a group that still gets what is written; null when there is none. */
export async function findReceivingDevice(
  reader: Reader,
  id: ConversationId,
  actorId: ActorId,
): Promise<Buffer | null> {
  const row = await reader.row<{ signatureKey: Buffer }>(RECEIVING, [id, actorId]);
  return row?.signatureKey ?? null;
}

/** Conversations of somebody, by id, in no particular order; those of others are left out. */
export function findConversations(
  reader: Reader,
  ids: readonly string[],
  viewerId: ActorId,
): Promise<ConversationRow[]> {
  return reader.rows<ConversationRow>(BY_IDS, [ids, viewerId]);
}

/** A page of somebody's conversations, the one that was last written in first. */
export async function findConversationsOf(
  reader: Reader,
  viewerId: ActorId,
  { isRequest, isArchived, isUnreadOnly }: ConversationChoice,
  request: PageRequest,
): Promise<Page<ConversationRow>> {
  const values = [viewerId, isRequest, isArchived, isUnreadOnly];
  return toPage(request, await reader.rows<ConversationRow>(...PAGE(request, values)));
}

/** The first people of each of several conversations, whoever began it before the others. */
export function findConversationMembers(
  reader: Reader,
  ids: readonly string[],
  first: number,
): Promise<ConversationMemberRow[]> {
  return reader.rows<ConversationMemberRow>(MEMBERS, [ids, first]);
}

/** How many people take part in each of several conversations. */
export function countConversationMembers(
  reader: Reader,
  ids: readonly string[],
): Promise<{ readonly id: ConversationId; readonly count: number }[]> {
  return reader.rows(MEMBER_COUNT, [ids]);
}

/** GroupInfo of the present epoch of each of several conversations that the viewer sees, where there is one. */
export function findGroupInfos(
  reader: Reader,
  ids: readonly string[],
  viewerId: ActorId,
): Promise<{ readonly id: ConversationId; readonly groupInfo: Buffer }[]> {
  return reader.rows(GROUP_INFO, [ids, viewerId]);
}

/** Devices in the tree of each of several conversations, the first to come before the others. */
export function findGroupDevices(
  reader: Reader,
  ids: readonly string[],
  first: number,
): Promise<GroupDeviceRow[]> {
  return reader.rows<GroupDeviceRow>(DEVICES, [ids, first]);
}

/** How many messages somebody has not read in each of several conversations, at most 100. */
export function countUnreadMessages(
  reader: Reader,
  ids: readonly string[],
  viewerId: ActorId,
): Promise<{ readonly id: ConversationId; readonly count: number }[]> {
  return reader.rows(UNREAD, [ids, viewerId]);
}

/** In how many conversations there is something unread, at most 100; requests and muted ones do not count. */
export async function countUnreadConversations(reader: Reader, viewerId: ActorId): Promise<number> {
  return (await reader.row<{ count: number }>(UNREAD_CONVERSATIONS, [viewerId]))!.count;
}

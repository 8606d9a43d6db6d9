/** Encrypted conversations that this server orders, as the server of some of those who take part may know them. */
import type { ChatMessageId, ChatMessageKind, ConversationId } from '../chat/conversation.js';
import { statement, type Reader } from '../platform/db/database.js';

/** A device as servers name it to each other. */
export interface NamedDevice {
  /** Identity of its person. */
  readonly actor: string;
  /** In base64. */
  readonly signatureKey: string;
}

/** A conversation without who is in it, which costs the same in groups of any size. */
export interface SharedHead {
  readonly id: ConversationId;
  readonly mlsGroupId: Buffer;
  readonly isGroup: boolean;
  readonly epoch: number;
  readonly lastSequence: number;
  readonly disappearingSeconds: number | null;
}

/** Somebody who takes part. */
export interface SharedMember {
  readonly actor: string;
  readonly role: string;
}

/** A conversation as it stands. */
export interface SharedConversation extends SharedHead {
  readonly members: readonly SharedMember[];
  /** All that stand in the tree. */
  readonly devices: readonly (NamedDevice & { readonly leaving: boolean })[];
}

/** A place of a conversation, or the Welcome at it, for the people of one server. */
export interface SharedEnvelope {
  readonly id: ChatMessageId;
  readonly sequence: number;
  readonly kind: Exclude<ChatMessageKind, 'PLAINTEXT'>;
  readonly epoch: number;
  readonly ciphertext: Buffer;
  /** What proves that this server has seen it; null for what is not franked. */
  readonly frank: Buffer | null;
  readonly sentAt: Date;
  readonly expiresAt: Date | null;
  readonly senderUri: string;
  /** Null when the device is gone with its person. */
  readonly senderKey: string | null;
  /** Null for all but the sender's own server. */
  readonly clientMessageId: string | null;
  /** Those people of the server for whom it is. */
  readonly to: readonly string[];
  /** Of a commit: devices that it lets in, and takes out. */
  readonly added: readonly NamedDevice[];
  readonly removed: readonly NamedDevice[];
  /** Of a Welcome: key packages of that server's devices, in base64. */
  readonly keyPackages: readonly string[];
}

/** A part of a conversation behind a place. */
export interface EnvelopePage {
  readonly envelopes: readonly SharedEnvelope[];
  /** Up to here everything is in it that is for that server. */
  readonly end: number;
}

/** Places of one part. */
export const PAGE_PLACES = 200;

/** Encrypted bytes of one part; a single place may have more. */
const PAGE_BYTES = 4 * 1024 * 1024;

const base64 = (column: string): string => `translate(encode(${column}, 'base64'), E'\\n', '')`;
const IN_CONVERSATION = `from conversation_members member join remote_actors server on server.actor_id = member.actor_id
  where member.conversation_id = conversation.id and server.host = $2`;
// What came without a hub has none here either.
const OWN = `conversation.encryption = 'MLS' and conversation.hub_origin is null and conversation.last_sequence > 0
  and not exists (select from draft_conversations draft where draft.conversation_id = conversation.id)`;
const HEAD = `conversation.id, conversation.mls_group_id as "mlsGroupId", conversation.is_group as "isGroup", conversation.epoch,
    conversation.last_sequence as "lastSequence", conversation.disappearing_seconds as "disappearingSeconds"`;
const MEMBERS = `(select coalesce(json_agg(json_build_object('actor', a.uri, 'role', member.role) order by member.joined_at, a.id), '[]')
      from conversation_members member join actors a on a.id = member.actor_id where member.conversation_id = conversation.id) as members`;
const FROM = `from conversations conversation where conversation.id = $1 and ${OWN}`;
const SELECT = `select ${HEAD}, ${MEMBERS},
    (select coalesce(json_agg(json_build_object('actor', a.uri, 'signatureKey', ${base64('device.signature_key')},
        'leaving', stay.left_sequence is not null) order by stay.joined_sequence, stay.device_id), '[]')
      from conversation_devices stay join chat_devices device on device.id = stay.device_id join actors a on a.id = stay.actor_id
      where stay.conversation_id = conversation.id and stay.removed_epoch is null) as devices
  ${FROM}`;

const FIND = statement('federation.shared_conversation', SELECT);
const FIND_HEAD = statement('federation.shared_head', `select ${HEAD} ${FROM}`);
const FIND_HEAD_FOR_HOST = statement(
  'federation.shared_head_for',
  `select ${HEAD} ${FROM} and exists (select ${IN_CONVERSATION})`,
);
const FIND_MEMBERS = statement('federation.shared_members', `select ${MEMBERS} ${FROM}`);
const FIND_FOR_HOST = statement(
  'federation.shared_conversation_for',
  `${SELECT} and exists (select ${IN_CONVERSATION})`,
);
const MEMBER = statement(
  'federation.conversation_member',
  `select conversation.id from conversations conversation join conversation_members member
     on member.conversation_id = conversation.id and member.actor_id = $2
   where conversation.id = $1 and ${OWN}`,
);

const devicesAt = (condition: string): string =>
  `case when m.kind = 'COMMIT' then (select json_agg(json_build_object('actor', a.uri, 'signatureKey', ${base64('device.signature_key')}))
     from conversation_devices stay join chat_devices device on device.id = stay.device_id join actors a on a.id = stay.actor_id
     where stay.conversation_id = m.conversation_id and ${condition}) end`;
const ON_HOST = (actor: string): string =>
  `join remote_actors server on server.actor_id = ${actor} and server.host = $2 join actors a on a.id = ${actor}`;
// The people of a server for whom something is: whose devices were in the group, those that a Welcome lets in, and who comes in by
// the commit itself. The commit that begins the group anew is for whoever takes part and was in the former one: their server learns by it that this ended.
const TO = `case when m.kind = 'WELCOME' then (select array_agg(distinct a.uri) from chat_welcomes welcome
      join chat_devices device on device.id = welcome.device_id ${ON_HOST('device.actor_id')} where welcome.message_id = m.id)
    else (select array_agg(distinct a.uri) from conversation_devices stay ${ON_HOST('stay.actor_id')}
      where stay.conversation_id = m.conversation_id
        and (m.sequence > stay.joined_sequence or m.sequence = stay.joined_sequence and stay.device_id = m.sender_device_id)
        and (stay.left_sequence is null or m.sequence <= stay.left_sequence or m.kind = 'COMMIT' and m.epoch = 0 and exists (
          select from conversation_members where conversation_id = m.conversation_id and actor_id = stay.actor_id))) end`;
const ENVELOPES = statement(
  'federation.shared_envelopes',
  `with place as (
     select generate_series($3::int + 1, least($3::int + $4::int, conversation.last_sequence)) as sequence
     from conversations conversation where conversation.id = $1),
   entry as (
     select m.id, m.sequence, octet_length(m.ciphertext) as bytes, ${TO} as "to"
     from place join (select * from chat_messages where kind <> 'WELCOME'
         union all select * from chat_messages where kind = 'WELCOME') m
       on m.conversation_id = $1 and m.sequence = place.sequence
     where m.expires_at is null or m.expires_at > $5),
   measured as (
     select entry.*, coalesce(sum(bytes) over (order by sequence range between unbounded preceding and 1 preceding), 0) as before
     from entry where "to" is not null)
   select m.id, m.sequence, m.kind, m.epoch, m.ciphertext, m.frank, m.sent_at as "sentAt", m.expires_at as "expiresAt",
     sender.uri as "senderUri", ${base64('sender_device.signature_key')} as "senderKey", measured."to",
     case when exists (select from remote_actors server where server.actor_id = m.sender_id and server.host = $2)
       then m.client_message_id end as "clientMessageId",
     coalesce(${devicesAt('stay.joined_sequence = m.sequence and stay.joined_epoch = m.epoch + 1')}, '[]') as added,
     coalesce(${devicesAt('stay.removed_sequence = m.sequence')}, '[]') as removed,
     coalesce((select array_agg(${base64('welcome.ref')}) from chat_welcomes welcome join chat_devices device on device.id = welcome.device_id
       ${ON_HOST('device.actor_id')} where welcome.message_id = m.id), '{}') as "keyPackages"
   from measured join chat_messages m on m.id = measured.id join actors sender on sender.id = m.sender_id
     left join chat_devices sender_device on sender_device.id = m.sender_device_id
   where measured.before <= ${PAGE_BYTES} order by m.sequence, m.kind = 'WELCOME'`,
);

// For the sender alone, who has the bytes.
const SUBMITTED = statement(
  'federation.submitted_envelope',
  `select m.id, m.sequence, m.kind, m.epoch, ''::bytea as ciphertext, m.frank, m.sent_at as "sentAt", m.expires_at as "expiresAt",
     sender.uri as "senderUri", ${base64('device.signature_key')} as "senderKey", m.client_message_id as "clientMessageId",
     array[sender.uri] as "to", '{}'::text[] as added, '{}'::text[] as removed, '{}'::text[] as "keyPackages"
   from chat_messages m join actors sender on sender.id = m.sender_id left join chat_devices device on device.id = m.sender_device_id
   where m.id = $1`,
);

/** What somebody of another server has sent, as their server is told of it, without its bytes; null when it is gone. */
export function findSubmittedEnvelope(
  reader: Reader,
  id: ChatMessageId,
): Promise<SharedEnvelope | null> {
  return reader.row<SharedEnvelope>(SUBMITTED, [id]);
}

/** A conversation of this server; null when it is none. */
export function findSharedConversation(
  reader: Reader,
  id: ConversationId,
): Promise<SharedConversation | null> {
  return reader.row<SharedConversation>(FIND, [id]);
}

/** As `findSharedConversation`, without who is in it. */
export function findSharedHead(reader: Reader, id: ConversationId): Promise<SharedHead | null> {
  return reader.row<SharedHead>(FIND_HEAD, [id]);
}

/** As `findSharedConversationFor`, without who is in it. */
export function findSharedHeadFor(
  reader: Reader,
  id: ConversationId,
  host: string,
): Promise<SharedHead | null> {
  return reader.row<SharedHead>(FIND_HEAD_FOR_HOST, [id, host]);
}

/** Who takes part, as envelopes tell it: with those of commits alone, so otherwise nobody is looked up. */
export async function findToldMembers(
  reader: Reader,
  id: ConversationId,
  envelopes: readonly SharedEnvelope[],
): Promise<readonly SharedMember[]> {
  if (!envelopes.some(({ kind }) => kind === 'COMMIT')) return [];
  const found = await reader.row<Pick<SharedConversation, 'members'>>(FIND_MEMBERS, [id]);
  return found?.members ?? [];
}

/** As `findSharedConversation`, for a server some of whose people take part; null for all others. */
export function findSharedConversationFor(
  reader: Reader,
  id: ConversationId,
  host: string,
): Promise<SharedConversation | null> {
  return reader.row<SharedConversation>(FIND_FOR_HOST, [id, host]);
}

/** Whether somebody takes part in a conversation that this server orders. */
export async function isMemberHere(reader: Reader, id: string, actorId: string): Promise<boolean> {
  return (await reader.row(MEMBER, [id, actorId])) !== null;
}

/** What is for the people of a server behind a place, in order; what is for others only, or gone, is left out. */
export async function findSharedEnvelopes(
  reader: Reader,
  from: {
    readonly conversationId: ConversationId;
    readonly host: string;
    readonly after: number;
    readonly lastSequence: number;
    readonly places: number;
    readonly now: Date;
  },
): Promise<EnvelopePage> {
  const { conversationId, host, after, lastSequence, places, now } = from;
  const values = [conversationId, host, after, places, now];
  const envelopes = await reader.rows<SharedEnvelope>(ENVELOPES, values);
  const last = envelopes.at(-1)?.sequence ?? after;
  const bytes = envelopes.reduce((sum, { ciphertext }) => sum + ciphertext.length, 0);
  const isCut = bytes > PAGE_BYTES;
  return { envelopes, end: isCut ? last : Math.max(last, Math.min(after + places, lastSequence)) };
}

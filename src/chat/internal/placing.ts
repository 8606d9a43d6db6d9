/**
 * The statements that give encrypted messages their places, many at once: who may write is judged, the message is stored,
 * put into every mailbox of its group, and told of, or it is refused for itself.
 */
import type { ActorId } from '../../actors/actor.entity.js';
import type { ChatDeviceId } from '../../devices/device.js';
import { statement } from '../../platform/db/database.js';
import { chatEnvelopeAccepted, chatTopic } from '../chat.events.js';
import { conversationVisibleTo } from '../conversation-visibility.js';
import {
  LATE_EPOCHS,
  MESSAGES_OF_REQUEST,
  type ChatEncryption,
  type ChatMessageId,
  type ConversationId,
} from '../conversation.js';
import { EVENTS_CHANNEL } from '../../platform/journal/append.js';
import { isSpanBefore } from './list-position.js';
import { MOVING_UP } from './store-message.js';
import { hasReader, isAccepted, writtenBy } from './writable.js';
import { planningWakeUps } from './wake-up.js';

/** A message for a place. Bytes are in base64. */
export interface Placing {
  readonly id: ChatMessageId;
  readonly conversationId: ConversationId;
  readonly senderId: ActorId;
  readonly deviceId: ChatDeviceId;
  readonly clientMessageId: string;
  readonly kind: 'APPLICATION' | 'PROPOSAL';
  readonly epoch: number;
  readonly groupId: string;
  readonly uri: string;
  readonly sentAt: Date;
  /** For its bytes, and so for itself. */
  readonly isCounted: boolean;
  readonly data: string;
  /** Null for what is not for reading. */
  readonly frank: string | null;
}

/** What becomes of it; the first that is true. */
export type Verdict =
  /** Its sender was too fast. */
  | 'TOO_FAST'
  /** Another server orders the conversation. */
  | 'MIRRORED'
  /** The device is not the sender's, or was revoked. */
  | 'NO_DEVICE'
  /** There is no such conversation, or the sender does not see it. */
  | 'NOT_FOUND'
  /** Somebody else is just changing the conversation. */
  | 'BUSY'
  /** The conversation is not encrypted. */
  | 'OTHER_PROTECTION'
  /** Nobody else is there any more. */
  | 'NOBODY_ELSE'
  /** It is the sixth of a request. */
  | 'NOT_ACCEPTED'
  /** It has its place since the last time. */
  | 'EARLIER'
  /** Its client id names a message of another conversation. */
  | 'ID_USED'
  | 'OTHER_GROUP'
  | 'EPOCH_AHEAD'
  | 'EPOCH_OVER'
  /** The device gets nothing of this group. */
  | 'NOT_IN_GROUP'
  /** Servers of others are to be told, too. */
  | 'FOR_OTHERS'
  | 'PLACED';

/** What became of it. */
export interface Placed {
  readonly place: number;
  readonly verdict: Verdict;
  /** Of what was stored under its client id before; null when it is new. */
  readonly earlierId: ChatMessageId | null;
  readonly encryption: ChatEncryption;
  readonly currentEpoch: number;
  /** Null unless it was placed. */
  readonly sequence: number | null;
  readonly expiresAt: Date | null;
  /** People of this server who have it now; null unless it was placed alone. */
  readonly audience: readonly ActorId[] | null;
  /** Servers of others are to be told. */
  readonly isOutside: boolean;
  /** No hub orders the conversation. */
  readonly hasNoHub: boolean;
}

const SENDER = 'asked."senderId"';
const LOCKED = `string_to_array(current_setting('triptych.placing', true), ',')::uuid[]`;
const TOO_FAST = `string_to_array(current_setting('triptych.too_fast', true), ',')::int[]`;

/**
 * Planning what follows takes several times as long as doing it; planned once, it must suit tables that grow. Mailboxes are
 * found by their index, and so locked in the order of their owners.
 */
const PLAN_ONCE = `set_config('plan_cache_mode', 'force_generic_plan', true), set_config('enable_seqscan', 'off', true),
  set_config('enable_bitmapscan', 'off', true)`;

/** What else is done in the transaction is planned as it is everywhere. */
const PLAN_AS_EVER = `set_config('plan_cache_mode', 'auto', true), set_config('enable_seqscan', 'on', true),
  set_config('enable_bitmapscan', 'on', true)`;

/** Joins the row that there is, or none: found by its key for each, as few are asked of tables that may have grown. */
const found = (alias: string, table: string, condition: string): string =>
  `left join lateral (select * from ${table} where ${condition} limit 1) ${alias} on true`;

/** How much is put into a mailbox: one, unless `several` knows better. */
const entriesOf = (actorId: string): string =>
  `coalesce((select entries from several where several.actor_id = ${actorId}), 1)`;

/** Adds uses to what is counted of each, as the rate limiter does. @param uses CTE of `key` and `uses` */
const counting = (uses: string, seconds: string): string => `
    insert into rate_limits as counter (key, points, expire)
    select key, uses, $2::bigint + ${seconds} * 1000 from ${uses} order by key
    on conflict (key) do update set
      points = case when counter.expire <= $2::bigint then excluded.points else counter.points + excluded.points end,
      expire = case when counter.expire <= $2::bigint then excluded.expire else counter.expire end
    returning key, points`;

/**
 * Counts messages as `requireMessageRate` does, and locks the conversations that nobody else holds: those, and the places
 * of what came too fast, are known to the next statement of the transaction. What others have changed until then counts.
 * `$2` is the time in ms, `$3` the messages in a second, `$4` those at once, `$5` the seconds in which these come back.
 */
export const ADMIT = statement(
  'chat_messages.admit_together',
  `with asked as materialized (
     select * from json_to_recordset($1::json) as q(place int, "conversationId" uuid, "senderId" uuid, "isCounted" boolean)),
   uses as (select "senderId", 'chat_steady:' || "senderId" as key, count(*)::int as uses from asked
     where not "isCounted" group by "senderId"),
   steady as (${counting('uses', '1')}),
   beyond as materialized (
     select uses."senderId", 'chat_burst:' || uses."senderId" as key, least(uses.uses, steady.points - $3::int) as uses
     from uses join steady on steady.key = uses.key where steady.points > $3::int),
   burst as (${counting('beyond', '$5::int')}),
   refused as (
     select beyond."senderId", least(beyond.uses, burst.points - $4::int) as uses
     from beyond join burst on burst.key = beyond.key where burst.points > $4::int),
   too_fast as materialized (
     select place from (select place, "senderId", row_number() over (partition by "senderId" order by place desc) as back
       from asked where not "isCounted") latest join refused on refused."senderId" = latest."senderId" where latest.back <= refused.uses),
   locked as materialized (
     select id from conversations where id in (
       select "conversationId" from asked where place not in (select place from too_fast))
     order by id for update skip locked)
   select set_config('triptych.placing', coalesce((select string_agg(id::text, ',') from locked), ''), true),
     set_config('triptych.too_fast', coalesce((select string_agg(place::text, ',') from too_fast), ''), true), ${PLAN_ONCE}`,
);

/** Locks one conversation, whoever holds it, for the next statement of the transaction. */
export const LOCK_ALONE = statement(
  'chat_messages.lock_alone',
  `with locked as materialized (select id from conversations where id = $1 for update)
   select set_config('triptych.placing', coalesce((select id::text from locked), ''), true),
     set_config('triptych.too_fast', '', true), ${PLAN_ONCE}`,
);

// Mailboxes are locked in the order of their owners, as by everybody who writes to several: each counter moves once, however
// much there is for it. Whoever has a mailbox is of this server. What is written alone (`$3`) is told of by who asks.
/** Places messages, at most one of each conversation. `$2` is the time. */
export const PLACE = statement(
  'chat_messages.place_together',
  `with asked as materialized (
     select * from json_to_recordset($1::json) as q(place int, id uuid, "conversationId" uuid, "senderId" uuid, "deviceId" uuid,
       "clientMessageId" text, kind text, epoch int, "groupId" text, uri text, "sentAt" timestamptz, data text, frank text)),
   judged as materialized (
     select asked.place, asked."conversationId", case
         when asked.place = any(${TOO_FAST}) then 'TOO_FAST'
         when conversation.hub_uri is not null then 'MIRRORED'
         when device.id is null then 'NO_DEVICE'
         when conversation.id is null then 'NOT_FOUND'
         when conversation.id <> all(${LOCKED}) then 'BUSY'
         when member.actor_id is null or not ${conversationVisibleTo('conversation', 'member')} then 'NOT_FOUND'
         when conversation.encryption <> 'MLS' then 'OTHER_PROTECTION'
         when not ${hasReader(SENDER)} then 'NOBODY_ELSE'
         when not ${isAccepted(SENDER)} and ${writtenBy(SENDER)} >= ${MESSAGES_OF_REQUEST} then 'NOT_ACCEPTED'
         when earlier.conversation_id = conversation.id then 'EARLIER'
         when earlier.id is not null then 'ID_USED'
         when conversation.mls_group_id <> decode(asked."groupId", 'base64') then 'OTHER_GROUP'
         when asked.epoch > conversation.epoch then 'EPOCH_AHEAD'
         when asked.epoch < conversation.epoch - ${LATE_EPOCHS} then 'EPOCH_OVER'
         when stay.device_id is null then 'NOT_IN_GROUP'
         else 'PLACED' end as verdict,
       earlier.id as "earlierId", conversation.encryption, conversation.epoch as "currentEpoch",
       asked."sentAt" + make_interval(secs => conversation.disappearing_seconds) as "expiresAt",
       ${isSpanBefore('conversation.position', 'asked.id')} as "isLater",
       exists (select from draft_conversations draft where draft.conversation_id = conversation.id) as "hasNoHub"
     from asked
       ${found('conversation', 'conversations', `id = asked."conversationId"`)}
       ${found('member', 'conversation_members', `conversation_id = asked."conversationId" and actor_id = asked."senderId"`)}
       ${found('device', 'chat_devices', `id = asked."deviceId" and actor_id = asked."senderId" and revoked_at is null`)}
       ${found('stay', 'conversation_devices', `conversation_id = asked."conversationId" and device_id = asked."deviceId" and left_sequence is null`)}
       ${found('earlier', 'chat_messages', `sender_id = asked."senderId" and client_message_id = asked."clientMessageId"`)}),
   stays as materialized (
     select judged.place, stay.actor_id, stay.device_id from judged cross join lateral (
       select actor_id, device_id from conversation_devices
       where conversation_id = judged."conversationId" and left_sequence is null) stay
     where judged.verdict = 'PLACED'),
   people as materialized (select distinct place, actor_id from stays),
   boxes as materialized (
     select actor_id from mailboxes where actor_id = any(array(select actor_id from people))),
   outside as materialized (
     select distinct people.place from people left join boxes on boxes.actor_id = people.actor_id where boxes.actor_id is null),
   told as materialized (
     select judged.place, judged.place in (select place from outside) as "isOutside",
       case when judged.verdict = 'PLACED' and not $3::boolean and (judged."hasNoHub" or judged.place in (select place from outside))
         then 'FOR_OTHERS' else judged.verdict end as verdict
     from judged),
   placed as materialized (
     select asked.*, judged."expiresAt", judged."isLater" from asked join judged on judged.place = asked.place
       join told on told.place = asked.place and told.verdict = 'PLACED'),
   deliveries as materialized (
     select people.place, people.actor_id, placed.id,
       row_number() over (partition by people.actor_id order by people.place) as number
     from people join placed on placed.place = people.place),
   several as materialized (
     select actor_id, max(number) as entries from deliveries where number > 1 group by actor_id),
   next as (
     update conversations set last_sequence = last_sequence + 1, updated_at = placed."sentAt",
       position = case when placed.kind = 'APPLICATION' then greatest(position, placed.id) else position end
     from placed
     where conversations.id = placed."conversationId" returning placed.place, conversations.last_sequence as sequence),
   kept as (
     insert into chat_messages (id, conversation_id, sequence, sender_id, uri, content_html, client_message_id, sent_at,
       kind, epoch, sender_device_id, ciphertext, expires_at, frank)
     select placed.id, placed."conversationId", next.sequence, placed."senderId", placed.uri, '', placed."clientMessageId",
       placed."sentAt", placed.kind, placed.epoch, placed."deviceId", decode(placed.data, 'base64'), placed."expiresAt",
       decode(placed.frank, 'base64')
     from placed join next on next.place = placed.place),
   touched as materialized (
     select place, "senderId" as actor_id from placed where kind = 'APPLICATION'
     union select placed.place, other.actor_id from placed cross join lateral (
       select actor_id from conversation_members
       where conversation_id = placed."conversationId" and is_archived and not is_muted offset 0) other
     where placed.kind = 'APPLICATION'
     union select placed.place, other.actor_id from placed join conversation_members other
       on other.conversation_id = placed."conversationId" and ${isSpanBefore('other.position', 'placed.id')}
     where placed.kind = 'APPLICATION' and placed."isLater"),
   listed as (
     update conversation_members member set ${MOVING_UP({ id: 'placed.id', senderId: 'placed."senderId"', sequence: 'next.sequence' })}
     from placed join next on next.place = placed.place join touched on touched.place = placed.place
     where member.conversation_id = placed."conversationId" and member.actor_id = touched.actor_id),
   moved as (
     update mailboxes box set head = box.head + ${entriesOf('box.actor_id')}
     where box.actor_id = any(array(select actor_id from deliveries)) returning box.actor_id, box.head),
   posted as (
     insert into mailbox_entries (actor_id, position, message_id)
     select moved.actor_id, moved.head - ${entriesOf('moved.actor_id')} + deliveries.number, deliveries.id
     from moved join deliveries on deliveries.actor_id = moved.actor_id),
   appended as (
     insert into events (name, topics, payload)
     select '${chatEnvelopeAccepted.name}', audience.topics,
       jsonb_build_object('conversationId', placed."conversationId", 'messageId', placed.id, 'senderId', placed."senderId",
         'isToldToEach', false)
     from placed join (
       select place, array_agg('${chatTopic('' as ActorId)}' || actor_id) as topics from deliveries group by place) audience
       on audience.place = placed.place
     where not $3::boolean order by placed.place returning name)
   select told.place, told.verdict, told."isOutside", judged."earlierId", judged.encryption, judged."currentEpoch",
     judged."expiresAt", judged."hasNoHub", next.sequence,
     case when $3::boolean then array(select actor_id::text from moved) end as audience,
     (select pg_notify('${EVENTS_CHANNEL}', '') where exists (select from appended)) as notified,
     ${PLAN_AS_EVER},
     ${planningWakeUps('select device_id from stays where place in (select place from placed)')} as woken
   from told join judged on judged.place = told.place left join next on next.place = told.place`,
);

/**
 * The routine that gives encrypted messages their places, many at once: who may write is judged, the message is stored, put
 * into every mailbox of its group, and told of, or it is refused for itself. Each step sees what others have changed until it
 * begins; what few messages need is asked of those alone.
 */
import type { ActorId } from '../../actors/actor.entity.js';
import { routine } from '../../platform/db/routine.js';
import { EVENTS_CHANNEL } from '../../platform/journal/append.js';
import { chatEnvelopeAccepted, chatTopic } from '../chat.events.js';
import { isSpanBefore } from './list-position.js';
import { IDS, messages, OTHER_COLUMNS } from './placing-columns.js';
import { judging } from './placing-verdicts.js';
import { MOVING_UP } from './store-message.js';
import { planningWakeUps } from './wake-up.js';

/** Adds uses to what is counted of each, as the rate limiter does. @param uses CTE of `key` and `uses` */
const counting = (uses: string, seconds: string): string => `
    insert into rate_limits as counter (key, points, expire)
    select key, uses, at_ms + ${seconds} * 1000 from ${uses} order by key
    on conflict (key) do update set
      points = case when counter.expire <= at_ms then excluded.points else counter.points + excluded.points end,
      expire = case when counter.expire <= at_ms then excluded.expire else counter.expire end
    returning key, points`;

const UNCOUNTED = `${messages(['sender_id', 'is_counted'])} where not is_counted`;

/** Counts messages as `requireMessageRate` does; the last ones of who writes too fast are too many. */
const COUNT = `
  with uses as (select 'chat_steady:' || sender_id as key, count(*)::int as uses from ${UNCOUNTED} group by sender_id),
    steady as (${counting('uses', '1')})
  select array_agg(key), array_agg(points - per_second) into beyond, points_beyond from steady where points > per_second;
  if beyond is not null then
    with uses as (select sender_id, 'chat_burst:' || sender_id as key, least(count(*), max(points))::int as uses
        from unnest(beyond, points_beyond) as far(key, points) join (select sender_id from ${UNCOUNTED}) fast on far.key = 'chat_steady:' || sender_id
        group by sender_id),
      burst as (${counting('uses', 'burst_seconds')}),
      refused as (select uses.sender_id, least(uses.uses, burst.points - at_once) as uses
        from uses join burst on burst.key = uses.key where burst.points > at_once)
    select coalesce(array_agg(latest.place), '{}') into too_fast
    from (select sender_id, place, row_number() over (partition by sender_id order by place desc) as back from ${UNCOUNTED}) latest
      join refused on refused.sender_id = latest.sender_id where latest.back <= refused.uses;
  end if;`;

/** Locks conversations; those that somebody else holds are left alone, unless there is but one, which is waited for. */
const LOCK = `
  if is_alone then
    select array_agg(id) into locked
    from (select id from conversations where id = asked_conversation_ids[1] for update) held;
  else
    select array_agg(id) into locked
    from (select id from conversations where id = any(array(
        select conversation_id from ${messages(['conversation_id'])} where place <> all(too_fast)))
      order by id for update skip locked) held;
  end if;
  locked := coalesce(locked, '{}');`;

/** Remembers for whom what is written is; whoever has a mailbox is of this server. The conversations are locked. */
const GATHER = `
  insert into conversation_audiences (conversation_id, actor_ids, device_ids, topics, is_outside, has_no_hub)
  select conversation_id, array_agg(distinct actor_id), array_agg(device_id),
    array_agg(distinct '${chatTopic('' as ActorId)}' || actor_id),
    bool_or(not exists (select from mailboxes where actor_id = stay.actor_id)),
    exists (select from draft_conversations where conversation_id = stay.conversation_id)
  from conversation_devices stay
  where conversation_id = any(locked) and left_sequence is null
    and conversation_id not in (select conversation_id from conversation_audiences where conversation_id = any(locked))
  group by conversation_id;`;

const PLACED = "verdict = 'PLACED'";

/** Stores messages, and what they change for their senders; tells of them, unless who asks does. */
const STORE = `
  with next as (
      update conversations set last_sequence = last_sequence + 1, updated_at = asked.sent_at,
        position = case when asked.kind = 'APPLICATION' then greatest(position, asked.id) else position end
      from ${messages(
        [
          'id',
          'conversation_id',
          'sender_id',
          'device_id',
          'client_message_id',
          'kind',
          'epoch',
          'uri',
          'sent_at',
          'ciphertext',
          'frank',
        ],
        { verdict: 'verdicts', expires_at: 'expiries' },
      )}
      where conversations.id = asked.conversation_id and ${PLACED}
      returning asked.*, conversations.last_sequence as sequence),
    kept as (
      insert into chat_messages (id, conversation_id, sequence, sender_id, uri, content_html, client_message_id, sent_at,
        kind, epoch, sender_device_id, ciphertext, expires_at, frank)
      select id, conversation_id, sequence, sender_id, uri, '', client_message_id, sent_at,
        kind, epoch, device_id, decode(ciphertext, 'base64'), expires_at, decode(frank, 'base64') from next),
    listed as (
      update conversation_members member set ${MOVING_UP({ id: 'next.id', senderId: 'next.sender_id', sequence: 'next.sequence' })}
      from next
      where next.kind = 'APPLICATION' and member.conversation_id = next.conversation_id and member.actor_id = next.sender_id),
    appended as (
      insert into events (name, topics, payload)
      select '${chatEnvelopeAccepted.name}', audience.topics,
        jsonb_build_object('conversationId', next.conversation_id, 'messageId', next.id, 'senderId', next.sender_id, 'isToldToEach', false)
      from next join conversation_audiences audience on audience.conversation_id = next.conversation_id
      where not is_alone order by next.place)
  select array_agg(next.sequence order by asked.place) into sequences
  from ${messages(['id'])} left join next on next.place = asked.place;
  if not is_alone then perform pg_notify('${EVENTS_CHANNEL}', ''); end if;`;

/** Brings the conversation to the front for others than the sender: those who have put it away, and all after a while. */
const LIST = `
  update conversation_members member set ${MOVING_UP({ id: 'touched.id', senderId: 'touched.sender_id', sequence: 'member.last_read_sequence' })}
  from (
    select asked.*, other.actor_id from ${messages(['id', 'conversation_id', 'sender_id', 'kind'], { verdict: 'verdicts', is_later: 'laters' })}
      cross join lateral (select actor_id from conversation_members
        where conversation_id = asked.conversation_id and is_archived and not is_muted offset 0) other
    union
    select asked.*, other.actor_id from ${messages(['id', 'conversation_id', 'sender_id', 'kind'], { verdict: 'verdicts', is_later: 'laters' })}
      join conversation_members other on other.conversation_id = asked.conversation_id and ${isSpanBefore('other.position', 'asked.id')}
    where asked.is_later) touched
  where touched.${PLACED} and touched.kind = 'APPLICATION' and touched.actor_id <> touched.sender_id
    and member.conversation_id = touched.conversation_id and member.actor_id = touched.actor_id;`;

/** How much is put into a mailbox: one, unless `several` knows better. */
const entriesOf = (actorId: string): string =>
  `coalesce((select entries from several where several.actor_id = ${actorId}), 1)`;

// Mailboxes are locked in the order of their owners, as by everybody who writes to several: each counter moves once, however
// much there is for it.
/** Puts what is placed into mailboxes: one thing into each. */
const DELIVER_ONE = `
    with moved as (
        update mailboxes set head = head + 1
        where actor_id = any(array(select unnest(actor_ids) from conversation_audiences where conversation_id = asked_conversation_ids[1]))
        returning actor_id, head),
      posted as (
        insert into mailbox_entries (actor_id, position, message_id) select actor_id, head, asked_ids[1] from moved)
    select array_agg(actor_id::text) into reached from moved;
    -- Nobody of this server may be left.
    reached := case when is_alone then coalesce(reached, '{}') end;`;

/** As many as there are, in their order. */
const DELIVER_MANY = `
    with deliveries as materialized (
        select asked.id, person.actor_id, row_number() over (partition by person.actor_id order by asked.place) as number
        from ${messages(['id', 'conversation_id'], { verdict: 'verdicts' })}
          join conversation_audiences audience on audience.conversation_id = asked.conversation_id
          cross join unnest(audience.actor_ids) as person(actor_id)
        where ${PLACED}),
      several as materialized (select actor_id, max(number) as entries from deliveries where number > 1 group by actor_id),
      moved as (
        update mailboxes box set head = box.head + ${entriesOf('box.actor_id')}
        where box.actor_id = any(array(select actor_id from deliveries)) returning box.actor_id, box.head)
    insert into mailbox_entries (actor_id, position, message_id)
    select moved.actor_id, moved.head - ${entriesOf('moved.actor_id')} + deliveries.number, deliveries.id
    from moved join deliveries on deliveries.actor_id = moved.actor_id;`;

const DEVICES = `select unnest(audience.device_ids) from ${messages(['conversation_id'], { verdict: 'verdicts' })}
    join conversation_audiences audience on audience.conversation_id = asked.conversation_id where ${PLACED}`;

const WAKE = `
  if exists (select from chat_push_subscriptions where device_id = any(array(${DEVICES}))) then
    perform ${planningWakeUps(DEVICES)};
  end if;`;

/**
 * What is planned once must suit tables that grow. Mailboxes are found by their index, and so locked in the order of their
 * owners.
 */
const SETTINGS = {
  plan_cache_mode: 'force_generic_plan',
  enable_seqscan: 'off',
  enable_bitmapscan: 'off',
};

/** Places messages, at most one of each conversation. The second parameter is the time. */
export const PLACING = routine('chat_place_messages', {
  takes: `${IDS}, asked_at timestamptz, ${OTHER_COLUMNS.join(', ')}, is_alone boolean, per_second int, at_once int, burst_seconds int`,
  returns: `table (place int, verdict text, "isOutside" boolean, "earlierId" uuid, encryption text, "currentEpoch" int,
    "expiresAt" timestamptz, "hasNoHub" boolean, sequence int, audience text[])`,
  settings: SETTINGS,
  body: `
#variable_conflict use_column
declare
  at_ms constant bigint := (extract(epoch from asked_at) * 1000)::bigint;
  beyond text[]; points_beyond int[]; too_fast bigint[] := '{}'; locked uuid[];
  verdicts text[]; outsides boolean[]; earlier_ids uuid[]; encryptions text[]; epochs int[]; expiries timestamptz[];
  no_hubs boolean[]; laters boolean[]; is_apart boolean; is_new boolean;
  sequences int[]; reached text[];
begin
  if not is_alone then ${COUNT}
  end if;
  ${LOCK}
  ${judging(false)}
  if is_new then ${GATHER}
  end if;
  if is_new or is_apart then ${judging(true)}
  end if;
  if 'PLACED' = any(verdicts) then
    ${STORE}
    if is_apart or true = any(laters) then ${LIST}
    end if;
    if cardinality(asked_ids) = 1 then ${DELIVER_ONE}
    else ${DELIVER_MANY}
    end if;
    ${WAKE}
  end if;
  return query select place::int - 1, found.verdict, found.is_outside, found.earlier_id, found.encryption, found.epoch,
    found.expires_at, found.no_hub, found.sequence, reached
  from unnest(verdicts, outsides, earlier_ids, encryptions, epochs, expiries, no_hubs, sequences) with ordinality
    as found(verdict, is_outside, earlier_id, encryption, epoch, expires_at, no_hub, sequence, place);
end`,
});

/** Who may write: the step of placing that judges each message, and changes nothing. */
import { conversationVisibleTo } from '../conversation-visibility.js';
import { LATE_EPOCHS, MESSAGES_OF_REQUEST } from '../conversation.js';
import { isSpanBefore } from './list-position.js';
import { messages } from './placing-columns.js';
import { hasReader, isAccepted, writtenBy } from './writable.js';

const SENDER = 'asked.sender_id';

/** Joins the row that there is, or none: found by its key for each, as few are asked of tables that may have grown. */
const found = (alias: string, table: string, condition: string): string =>
  `left join lateral (select * from ${table} where ${condition} limit 1) ${alias} on true`;

/** A range, in order, finds what is equal by no other index than that of client ids, also while there are few messages. */
const EARLIER = `sender_id = ${SENDER} and client_message_id >= asked.client_message_id
  and client_message_id <= asked.client_message_id order by client_message_id`;

/** Somebody has not accepted, or has put the conversation away: an index knows those few. */
const IS_APART = `exists (select from conversation_members apart
  where apart.conversation_id = conversation.id and (apart.is_request or apart.is_archived))`;

/**
 * SQL that judges messages into arrays as long as those that are asked; of several verdicts the first one that is true.
 *
 * @param isApart ask what only matters where somebody is apart: without, `is_apart` says whether it does
 */
export const judging = (isApart: boolean): string => `
  select array_agg(case when verdict = 'PLACED' and not is_alone and (no_hub or is_outside) then 'FOR_OTHERS' else verdict end order by place),
    array_agg(is_outside order by place), array_agg(earlier_id order by place), array_agg(encryption order by place),
    array_agg(epoch order by place), array_agg(expires_at order by place), array_agg(no_hub order by place),
    array_agg(is_later order by place), bool_or(is_apart), bool_or(is_new and verdict = 'NOT_IN_GROUP')
  into verdicts, outsides, earlier_ids, encryptions, epochs, expiries, no_hubs, laters, is_apart, is_new
  from (select asked.place, case
      when asked.place = any(too_fast) then 'TOO_FAST'
      when conversation.hub_uri is not null then 'MIRRORED'
      when device.id is null then 'NO_DEVICE'
      when conversation.id is null then 'NOT_FOUND'
      when conversation.id <> all(locked) then 'BUSY'
      when member.actor_id is null or not ${conversationVisibleTo('conversation', 'member')} then 'NOT_FOUND'
      when conversation.encryption <> 'MLS' then 'OTHER_PROTECTION'
      when not ${hasReader(SENDER)} then 'NOBODY_ELSE'
      ${isApart ? `when not ${isAccepted(SENDER)} and ${writtenBy(SENDER)} >= ${MESSAGES_OF_REQUEST} then 'NOT_ACCEPTED'` : ''}
      when earlier.conversation_id = conversation.id then 'EARLIER'
      when earlier.id is not null then 'ID_USED'
      when conversation.mls_group_id <> decode(asked.group_id, 'base64') then 'OTHER_GROUP'
      when asked.epoch > conversation.epoch then 'EPOCH_AHEAD'
      when asked.epoch < conversation.epoch - ${LATE_EPOCHS} then 'EPOCH_OVER'
      when (asked.device_id = any(audience.device_ids)) is not true then 'NOT_IN_GROUP'
      else 'PLACED' end as verdict,
    coalesce(audience.is_outside, false) as is_outside, earlier.id as earlier_id, conversation.encryption, conversation.epoch,
    asked.sent_at + make_interval(secs => conversation.disappearing_seconds) as expires_at,
    coalesce(audience.has_no_hub, false) as no_hub,
    ${isSpanBefore('conversation.position', 'asked.id')} as is_later, ${IS_APART} as is_apart,
    audience.conversation_id is null as is_new
  from ${messages(['id', 'conversation_id', 'sender_id', 'device_id', 'client_message_id', 'epoch', 'group_id', 'sent_at'])}
    ${found('conversation', 'conversations', `id = asked.conversation_id`)}
    ${found('member', 'conversation_members', `conversation_id = asked.conversation_id and actor_id = ${SENDER}`)}
    ${found('device', 'chat_devices', `id = asked.device_id and actor_id = ${SENDER} and revoked_at is null`)}
    ${found('earlier', 'chat_messages', EARLIER)}
    ${found('audience', 'conversation_audiences', 'conversation_id = asked.conversation_id')} offset 0) judged;`;

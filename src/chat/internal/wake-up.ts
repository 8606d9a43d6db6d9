/** Wake-ups: what a push service gets when something came for a device that does not listen. It says nothing but that. */
import { randomBytes } from 'node:crypto';
import type { ActorId } from '../../actors/actor.entity.js';
import type { ChatDeviceId } from '../../devices/device.js';
import { statement, type Reader, type Transaction } from '../../platform/db/database.js';
import { declareJob, keyOfJob } from '../../platform/jobs/job.js';
import type { WebPushSubscription } from '../../platform/push/web-push.js';
import { blockedBetween } from '../../posts/visibility.js';
import { isForDevice } from '../mailbox.queries.js';

/** A device that is to be woken. */
export interface Sleeper extends WebPushSubscription {
  /** Names what waits at the push service; tells nothing of anything else. */
  readonly topic: string;
  /** Where the device stands: up to here it has everything. */
  readonly position: string;
  /** It has looked since it was woken last, or never was. */
  readonly hasLooked: boolean;
}

/** A device listens if it says within so many seconds that it has what came. */
const PATIENCE_SECONDS = 2;

/** Seconds between two wake-ups of one device that looks each time. */
const PAUSE_SECONDS = 10;

/** Minutes until a device that has not looked is woken again by what comes. */
const AGAIN_MINUTES = 10;

/** So many of the last entries are looked at; more than these have never come at once for nobody to look. */
const LOOKED_AT = 200;

const TOPIC_BYTES = 24;

/** About two hours in all: what a push service has not taken by then waits for the next message. */
const MAX_ATTEMPTS = 9;

/** What becomes of the wake-ups of a device, however many causes they have. */
export const wakeDeviceJob = declareJob<{ deviceId: ChatDeviceId }>('wakeDevice', {
  asksOutside: true,
  maxAttempts: MAX_ATTEMPTS,
  keyOf: ({ deviceId }) => deviceId,
});

const LIVE = `device.revoked_at is null and exists (select from sessions where id = place.session_id
  and revoked_at is null and (expires_at is null or expires_at > $2::timestamptz))`;
const HAS_LOOKED = '(place.woken_position is null or cursor.position > place.woken_position)';
const IS_DUE = `(${HAS_LOOKED} or place.woken_at < $2::timestamptz - interval '${AGAIN_MINUTES} minutes')`;

/**
 * SQL expression that plans to wake the devices for which something was put into a mailbox, and counts them; one that is
 * planned already is planned once. `$2` is the time.
 *
 * @param deviceIds statement that selects them
 */
export const planningWakeUps = (deviceIds: string): string => `(select count(*) from (
    select array_agg(('${wakeDeviceJob.name}', json_build_object('deviceId', device.id), null,
      greatest($2::timestamptz + interval '${PATIENCE_SECONDS} seconds', place.woken_at + interval '${PAUSE_SECONDS} seconds'),
      ${MAX_ATTEMPTS}, '${keyOfJob(wakeDeviceJob, { deviceId: '' as ChatDeviceId })}' || device.id, null, null)::graphile_worker.job_spec) as list
    from (select * from chat_push_subscriptions where device_id in (${deviceIds}) offset 0) place
      join chat_devices device on device.id = place.device_id
      join mailbox_cursors cursor on cursor.device_id = place.device_id
    where ${LIVE} and ${IS_DUE}) specs, lateral graphile_worker.add_jobs(specs.list, true)
  where specs.list is not null)`;

const PLAN = statement(
  'chat_push_subscriptions.plan',
  `select ${planningWakeUps('select id from chat_devices where actor_id = any($1::uuid[])')} as planned`,
);
// What is to wake somebody: something to read or to join, of somebody else, in a conversation that is not muted.
const TO_WAKE = statement(
  'chat_push_subscriptions.to_wake',
  `select place.endpoint, place.p256dh, place.auth, place.topic, cursor.position::text as position,
     ${HAS_LOOKED} as "hasLooked"
   from chat_push_subscriptions place join chat_devices device on device.id = place.device_id
     join mailbox_cursors cursor on cursor.device_id = place.device_id
     join accounts account on account.actor_id = device.actor_id and account.state = 'ACTIVE'
   where place.device_id = $1 and ${LIVE} and ${IS_DUE} and exists (
     select from (select entry.message_id, entry.device_id from mailbox_entries entry
       where entry.actor_id = device.actor_id and entry.position > cursor.position
       order by entry.position desc limit ${LOOKED_AT}) waiting
     join chat_messages message on message.id = waiting.message_id
       and message.kind in ('APPLICATION', 'WELCOME') and message.sender_id <> device.actor_id
     join conversation_members member on member.conversation_id = message.conversation_id
       and member.actor_id = device.actor_id and not member.is_muted
     where not ${blockedBetween('message.sender_id', 'device.actor_id')}
       and case when waiting.device_id is null then ${isForDevice('device.id')} else waiting.device_id = device.id end)`,
);
const WOKEN = statement(
  'chat_push_subscriptions.woken',
  `update chat_push_subscriptions set woken_at = $2, woken_position = $3::bigint, topic = $4 where device_id = $1`,
);
const FORGET = statement(
  'chat_push_subscriptions.forget',
  'delete from chat_push_subscriptions where device_id = $1 and endpoint = $2',
);

/** A name that nobody can connect with anything. */
export const newTopic = (): string => randomBytes(TOPIC_BYTES).toString('base64url');

/** Plans to wake the devices of people in whose mailboxes something was put; one that is planned already is planned once. */
export async function planWakeUps(tx: Transaction, actorIds: readonly ActorId[]): Promise<void> {
  await tx.rows(PLAN, [actorIds, new Date()]);
}

/** What is needed to wake a device; null = it has everything, is to be left alone, or cannot be woken. */
export function findSleeper(
  reader: Reader,
  deviceId: ChatDeviceId,
  now: Date,
): Promise<Sleeper | null> {
  return reader.row<Sleeper>(TO_WAKE, [deviceId, now]);
}

/** Remembers that the push service has taken a wake-up. */
export async function markWoken(
  reader: Reader,
  deviceId: ChatDeviceId,
  { position, topic }: Pick<Sleeper, 'position' | 'topic'>,
  now: Date,
): Promise<void> {
  await reader.rows(WOKEN, [deviceId, now, position, topic]);
}

/** The push service does not know this place any more. */
export async function forgetPlace(
  reader: Reader,
  deviceId: ChatDeviceId,
  endpoint: string,
): Promise<void> {
  await reader.rows(FORGET, [deviceId, endpoint]);
}

/**
 * Hosts that do not answer: each is left alone for longer and longer. One that failed on seven days is parked: nothing is
 * tried there any more until it is heard of, or answers a probe.
 */
import { addSeconds } from '../../platform/clock.js';
import { statement, type Reader, type Transaction } from '../../platform/db/database.js';
import { newId } from '../../platform/ids.js';
import { replaceTurns } from './delivery-turns.js';

const FIRST_WAIT_SECONDS = 60;
/** Longest time that a host, or one activity, is left alone. */
export const LONGEST_WAIT_SECONDS = 12 * 60 * 60;
/** What could not be delivered in this time is given up. */
export const GIVEN_UP_AFTER_SECONDS = 3 * 24 * 60 * 60;
const FAILING_DAYS = 7;
const PROBE_SECONDS = 24 * 60 * 60;
/** What takes back or ends is worth bringing as long as it is kept. */
const ENDINGS = `s.body::jsonb->>'type' in ('Delete', 'Undo', 'Reject')`;

const LEAVE_ALONE = statement(
  'unreachable_hosts.add',
  `insert into unreachable_hosts as h (id, host, attempts, next_attempt_at, since, last_failure, failing_days, last_failed_on)
   values ($4, $1, 1, $2, $2, $3, 1, ($2::timestamptz at time zone 'UTC')::date)
   on conflict (host) do update set attempts = least(h.attempts + 1, 100), last_failure = excluded.last_failure,
     failing_days = h.failing_days + (h.last_failed_on is distinct from excluded.last_failed_on)::int,
     last_failed_on = excluded.last_failed_on
   returning attempts, failing_days as "failingDays"`,
);
const UNTIL = statement(
  'unreachable_hosts.until',
  'update unreachable_hosts set next_attempt_at = $2 where host = $1',
);
const PARK = statement(
  'unreachable_hosts.park',
  'update unreachable_hosts set parked_at = coalesce(parked_at, $2) where host = $1',
);
const GIVE_UP = statement(
  'deliveries.give_up',
  `update deliveries d set state = 'FAILED', last_failure = $3 from sent_activities s
   where s.id = d.activity_id and d.host = $1 and d.state = 'PENDING' and s.created_at < $2`,
);
const PARK_DELIVERIES = statement(
  'deliveries.park',
  `update deliveries set state = 'PARKED' where host = $1 and state = 'PENDING'`,
);
const REACHED = statement(
  'unreachable_hosts.remove',
  'delete from unreachable_hosts where host = any($1::text[]) returning host, parked_at is not null as "wasParked"',
);
const CATCH_UP = statement(
  'deliveries.catch_up',
  `update deliveries d set next_attempt_at = $2, state = case
     when s.body <> '{}' and (s.created_at >= $3 or ${ENDINGS}) then 'PENDING' else 'FAILED' end
   from sent_activities s where s.id = d.activity_id and d.host = $1 and d.state = 'PARKED'`,
);
const IS_LEFT_ALONE = statement(
  'unreachable_hosts.find',
  'select from unreachable_hosts where host = $1 and next_attempt_at > $2',
);
const TO_PROBE = statement(
  'unreachable_hosts.to_probe',
  `select host from unreachable_hosts where parked_at is not null and next_attempt_at <= $1
   order by next_attempt_at limit $2`,
);
const LEFT_BEHIND = statement(
  'deliveries.left_behind',
  `select distinct host from deliveries d where state = 'PARKED'
     and not exists (select from unreachable_hosts h where h.host = d.host and h.parked_at is not null) limit 100`,
);

/** Whether a host was down a moment ago. */
export async function isLeftAlone(reader: Reader, host: string, now: Date): Promise<boolean> {
  return (await reader.row(IS_LEFT_ALONE, [host, now])) !== null;
}

/** Notes that a host is down. */
export async function leaveAlone(
  tx: Transaction,
  now: Date,
  host: string,
  { failure, waitSeconds }: { readonly failure: string | null; readonly waitSeconds: number },
): Promise<void> {
  const noted = await tx.row<{ attempts: number; failingDays: number }>(LEAVE_ALONE, [
    host,
    now,
    failure,
    newId(now),
  ]);
  const { attempts, failingDays } = noted!;
  const wait = Math.max(waitAfter(attempts - 1), waitSeconds);
  const until = addSeconds(now, wait);
  await tx.rows(UNTIL, [host, until]);
  await replaceTurns(tx, [], [{ host, dueAt: until }]);
  await tx.rows(GIVE_UP, [host, addSeconds(now, -GIVEN_UP_AFTER_SECONDS), failure]);
  if (failingDays < FAILING_DAYS) return;
  await tx.rows(PARK, [host, now]);
  await tx.rows(PARK_DELIVERIES, [host]);
  await probeLater(tx, host, now);
}

/** As `forgiveHosts`, for one. */
export function forgiveHost(tx: Transaction, host: string, now: Date): Promise<string[]> {
  return forgiveHosts(tx, [host], now);
}

/**
 * Ends the time for which hosts are left alone. What was parked is due again: what is not too old, and what takes back or
 * ends.
 *
 * @returns those of them that were left alone
 */
export async function forgiveHosts(
  tx: Transaction,
  hosts: readonly string[],
  now: Date,
): Promise<string[]> {
  const rows = await tx.rows<{ host: string; wasParked: boolean }>(REACHED, [hosts]);
  for (const { host, wasParked } of rows) if (wasParked) await catchUp(tx, host, now);
  const reached = rows.map(({ host }) => host);
  await replaceTurns(
    tx,
    [],
    reached.map((host) => ({ host, dueAt: now })),
  );
  return reached;
}

/** Makes what was parked for a host due again. */
export async function catchUp(tx: Transaction, host: string, now: Date): Promise<void> {
  await tx.rows(CATCH_UP, [host, now, addSeconds(now, -GIVEN_UP_AFTER_SECONDS)]);
}

/** Parked hosts whose time has come to be asked again. */
export async function findHostsToProbe(reader: Reader, now: Date, most: number): Promise<string[]> {
  const rows = await reader.rows<{ host: string }>(TO_PROBE, [now, most]);
  return rows.map(({ host }) => host);
}

/** Hosts for which something was parked in the moment in which they came back. */
export async function findLeftBehind(reader: Reader): Promise<string[]> {
  return (await reader.rows<{ host: string }>(LEFT_BEHIND)).map(({ host }) => host);
}

/** Asks a parked host again in a day. */
export async function probeLater(tx: Transaction, host: string, now: Date): Promise<void> {
  const seconds = Math.round(PROBE_SECONDS * (1 + Math.random() / 5));
  await tx.rows(UNTIL, [host, addSeconds(now, seconds)]);
}

/** Seconds after so many tries, with up to a fifth more by chance: not everybody comes back to a host at once. */
export function waitAfter(attempts: number): number {
  const seconds = Math.min(FIRST_WAIT_SECONDS * 2 ** attempts, LONGEST_WAIT_SECONDS);
  return Math.round(seconds * (1 + Math.random() / 5));
}

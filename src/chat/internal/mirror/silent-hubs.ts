/**
 * Servers that do not answer as hubs: nothing asks them by the clock for longer and longer, for all their conversations
 * together. Once they say something, or answer somebody, they are asked again.
 */
import { statement, type Reader } from '../../../platform/db/database.js';
import type { Mirror } from './mirror.js';

/** So long they are left alone first, then twice as long each time. */
const FIRST_SECONDS = 60;
/** A quarter of a day, however long it has been. */
const LONGEST_SECONDS = 21_600;
/** More doublings than lead to the longest pause need not be counted. */
const MOST_FAILURES = 12;

// Those who ask at the same time fail together: that is one failure. A quarter more or less, so that not all come back at once.
const FAILED = statement(
  'silent_hubs.failed',
  `insert into silent_hubs as silent (origin, failures, ask_at)
   values ($1, 1, $2::timestamptz + (0.75 + random() / 2) * interval '${FIRST_SECONDS} seconds')
   on conflict (origin) do update set failures = least(silent.failures + 1, ${MOST_FAILURES}),
     ask_at = $2::timestamptz + (0.75 + random() / 2)
       * least(interval '${LONGEST_SECONDS} seconds', power(2, silent.failures) * interval '${FIRST_SECONDS} seconds')
   where silent.ask_at <= $2`,
);
const ANSWERED = statement('silent_hubs.answered', 'delete from silent_hubs where origin = $1');
const LEFT_ALONE = statement(
  'silent_hubs.left_alone',
  'select from silent_hubs where origin = $1 and ask_at > $2',
);
const FORGET = statement('silent_hubs.forget', 'delete from silent_hubs where ask_at < $1');

/** Whether the hub of `conversation` may be asked by the clock, as a condition. @param now expression of the time */
export function mayBeAsked(conversation: string, now: string): string {
  return `not exists (select from silent_hubs silent where silent.origin = ${conversation}.hub_origin and silent.ask_at > ${now})`;
}

/** Keeps that a hub did not answer. */
export async function keepSilent(
  reader: Reader,
  { hubOrigin }: Pick<Mirror, 'hubOrigin'>,
  now: Date,
): Promise<void> {
  await reader.rows(FAILED, [hubOrigin, now]);
}

/** Keeps that the hub of a mirror is there, where it was thought that it is not. */
export async function keepAnswering(
  reader: Reader,
  { hubOrigin, isHubSilent }: Pick<Mirror, 'hubOrigin' | 'isHubSilent'>,
): Promise<void> {
  if (isHubSilent) await reader.rows(ANSWERED, [hubOrigin]);
}

/** Whether nothing that waits for nobody asks the hub now. */
export async function isLeftAlone(
  reader: Reader,
  { hubOrigin, isHubSilent }: Pick<Mirror, 'hubOrigin' | 'isHubSilent'>,
  now: Date,
): Promise<boolean> {
  return isHubSilent && (await reader.row(LEFT_ALONE, [hubOrigin, now])) !== null;
}

/** Forgets hubs that nothing has asked for so long. */
export async function forgetSilent(reader: Reader, before: Date): Promise<void> {
  await reader.rows(FORGET, [before]);
}

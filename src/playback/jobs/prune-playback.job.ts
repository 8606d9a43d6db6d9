/** Forgets what is too old to be of use: in the history of each person, and what only recognises repeats. */
import { addSeconds } from '../../platform/clock.js';
import { statement, type Database, type Statement } from '../../platform/db/database.js';
import { defineJob } from '../../platform/jobs/job.js';

const DAY_SECONDS = 24 * 3600;
/** How long it is kept what somebody has seen, in days. */
export const HISTORY_DAYS = 180;
/** How many posts are kept of each person, the latest. */
export const HISTORY_LENGTH = 5000;
/** How long a repeat is recognised, in days. */
const VIEWING_DAYS = 2;
/** How long the numbers of a day are kept, in days. */
export const NUMBERS_DAYS = 800;

const BATCH = 5000;

const OLD_VIEWINGS = statement(
  'playback.old_viewings',
  `with gone as (delete from viewings where ctid in (select ctid from viewings where day < $1::date and is_counted limit ${BATCH}) returning 1)
   select count(*)::int as count from gone`,
);
const OLD_HISTORY = statement(
  'playback.old_history',
  `with gone as (delete from playback_history where ctid in (select ctid from playback_history where last_seen_at < $1 limit ${BATCH}) returning 1)
   select count(*)::int as count from gone`,
);
const OLD_NUMBERS = statement(
  'playback.old_numbers',
  `with gone as (delete from post_days where ctid in (select ctid from post_days where day < $1::date limit ${BATCH}) returning 1)
   select count(*)::int as count from gone`,
);
const LONG_HISTORY = statement(
  'playback.long_history',
  `with long as (select actor_id from playback_history group by actor_id having count(*) > ${HISTORY_LENGTH} limit 50),
   gone as (delete from playback_history h using long, lateral (
       select post_id from playback_history where actor_id = long.actor_id
       order by last_seen_at desc, post_id offset ${HISTORY_LENGTH}) old
     where h.actor_id = long.actor_id and h.post_id = old.post_id returning 1)
   select count(*)::int as count from gone`,
);

/** Runs by the clock; a second run right after the first finds nothing. */
export const prunePlayback = defineJob<Record<string, never>>(
  'prunePlayback',
  async ({ database, clock }) => {
    const before = (days: number): Date => addSeconds(clock.now(), -days * DAY_SECONDS);
    await repeat(database, OLD_VIEWINGS, [before(VIEWING_DAYS)]);
    await repeat(database, OLD_HISTORY, [before(HISTORY_DAYS)]);
    await repeat(database, LONG_HISTORY, []);
    await repeat(database, OLD_NUMBERS, [before(NUMBERS_DAYS)]);
  },
);

async function repeat(database: Database, query: Statement, values: unknown[]): Promise<void> {
  for (;;) {
    const gone = await database.row<{ count: number }>(query, values);
    if (!gone?.count) return;
  }
}

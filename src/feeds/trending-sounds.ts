/** Which sounds trend: counted anew every ten minutes, for everybody at once. */
import { addSeconds } from '../platform/clock.js';
import type { Services } from '../platform/context.js';
import type { Database } from '../platform/db/database.js';
import { findSoundTrends, type SoundTrend } from '../sounds/sounds.queries.js';

/** How sounds are ordered. */
export const SOUND_FORMULA =
  'people who published public videos with it in the last 24 hours, then those videos; from 2 people on, of sounds whose origin everybody sees';

/** Entries of one answer. */
export const MOST_TRENDING_SOUNDS = 40;

/** Some entries more than are shown: a viewer may not see all of them. */
const COUNTED = 100;
const PERIOD_SECONDS = 600;
const DAY = 86_400;

/** A sound with its numbers. */
export interface TrendingSound extends SoundTrend {
  readonly computedAt: Date;
}

interface Counted {
  readonly at: Date;
  readonly sounds: Promise<readonly TrendingSound[]>;
}

const known = new WeakMap<Database, Counted>();

/** Sounds that trend, as many as there may be of interest. */
export function trendingSounds({
  database,
  clock,
}: Pick<Services, 'database' | 'clock'>): Promise<readonly TrendingSound[]> {
  const now = clock.now();
  const last = known.get(database);
  if (last && last.at > addSeconds(now, -PERIOD_SECONDS)) return last.sounds;
  const sounds = count(database, now);
  known.set(database, { at: now, sounds });
  // A failure is not kept.
  sounds.catch(() => known.delete(database));
  return sounds;
}

async function count(database: Database, now: Date): Promise<TrendingSound[]> {
  const time = { since: addSeconds(now, -DAY), until: addSeconds(now, 1), limit: COUNTED };
  const found = await findSoundTrends(database, time);
  return found
    .filter(({ authors }) => authors >= 2)
    .map((trend) => ({ ...trend, computedAt: now }));
}

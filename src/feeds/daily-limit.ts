/** How long somebody wants to watch in a day, and how long they have: told to them, and nothing else follows from it. */
import type { ActorId } from '../actors/actor.entity.js';
import type { Reader } from '../platform/db/database.js';
import { findWatchedMs } from '../playback/playback.queries.js';
import { findFeedPreferences } from './feed-preferences.queries.js';

/** Most minutes: a day. */
export const LONGEST_DAY_MINUTES = 24 * 60;

const MINUTE_MS = 60_000;

/** What somebody chose, and how far they are today. */
export interface DailyLimit {
  readonly minutes: number;
  readonly watchedMinutes: number;
}

/** The limit of a person; null = they set none. Days are those of UTC. */
export async function findDailyLimit(
  reader: Reader,
  viewerId: ActorId,
  now: Date,
): Promise<DailyLimit | null> {
  const { dailyLimitMinutes: minutes } = await findFeedPreferences(reader, viewerId);
  if (minutes === null) return null;
  const watchedMs = await findWatchedMs(reader, viewerId, now.toISOString().slice(0, 10));
  return { minutes, watchedMinutes: Math.floor(watchedMs / MINUTE_MS) };
}

/** What somebody chose for feeds. */
import type { ActorId } from '../actors/actor.entity.js';
import { statement, type Reader } from '../platform/db/database.js';
import type { Signal } from '../ranking/signal.js';

/** Choices of a person; those of whoever chose nothing are the defaults. */
export interface FeedPreferences {
  /** Slug of the feed that is shown where none is named. */
  readonly algorithm: string;
  /** True when a profile may be made of what the person does. */
  readonly isProfiled: boolean;
  /** In thousandths; absent = the default. */
  readonly weights: Readonly<Partial<Record<Signal, number>>>;
  /** Names in lower case. */
  readonly mutedHashtags: readonly string[];
  readonly hidesAi: boolean;
  /** How long they want to watch in a day; null = no limit. */
  readonly dailyLimitMinutes: number | null;
  /** What was done before makes no interest; null = everything counts. */
  readonly forgottenBefore: Date | null;
}

/** Choices of whoever chose nothing: by time, and without a profile. */
export const DEFAULT_PREFERENCES: FeedPreferences = {
  algorithm: 'chronological',
  isProfiled: false,
  weights: {},
  mutedHashtags: [],
  hidesAi: false,
  dailyLimitMinutes: null,
  forgottenBefore: null,
};

const READ = statement(
  'feed_preferences.read',
  `select algorithm, is_profiled as "isProfiled", weights, muted_hashtags as "mutedHashtags", hides_ai as "hidesAi",
     daily_limit_minutes as "dailyLimitMinutes", forgotten_before as "forgottenBefore" from feed_preferences where owner_id = $1`,
);

/** The choices of a person. */
export async function findFeedPreferences(
  reader: Reader,
  ownerId: ActorId,
): Promise<FeedPreferences> {
  return (await reader.row<FeedPreferences>(READ, [ownerId])) ?? DEFAULT_PREFERENCES;
}

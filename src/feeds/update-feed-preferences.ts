/** Somebody chooses how feeds are made for them. */
import type { ActorId } from '../actors/actor.entity.js';
import type { CommandContext } from '../platform/context.js';
import { statement, type Transaction } from '../platform/db/database.js';
import { Invalid, TooMany } from '../platform/errors.js';
import { requireViewer } from '../platform/require-viewer.js';
import { foldHashtag } from '../posts/content/hashtag.js';
import { FOR_YOU } from '../ranking/algorithms.js';
import { WEIGHT_UNIT, type Signal } from '../ranking/signal.js';
import { LONGEST_DAY_MINUTES } from './daily-limit.js';
import { MOST_MUTED_HASHTAGS } from './feed.js';
import { findFeedPreferences, type FeedPreferences } from './feed-preferences.queries.js';
import { forgetProfile } from './internal/forget-profile.js';
import { requireAlgorithm } from './read-feed.js';

/** A weight as clients give it. */
export interface WeightChoice {
  readonly signal: Signal;
  readonly weight: number;
}

/** What to change; absent = as it is. */
export interface FeedPreferencesChange {
  /** Slug; null = the chronological one. */
  readonly defaultAlgorithm?: string | null;
  readonly profilingEnabled?: boolean;
  /** All chosen weights; the rest get those of the algorithm. */
  readonly weights?: readonly WeightChoice[];
  /** In any spelling. */
  readonly mutedHashtags?: readonly string[];
  readonly excludeAi?: boolean;
  /** How long to watch in a day; null = no limit. */
  readonly dailyLimitMinutes?: number | null;
}

const SAVE = statement(
  'feed_preferences.save',
  `insert into feed_preferences (owner_id, algorithm, is_profiled, weights, muted_hashtags, hides_ai, updated_at, daily_limit_minutes)
   values ($1, $2, $3, $4::jsonb, $5::text[], $6, $7, $8)
   on conflict (owner_id) do update set algorithm = excluded.algorithm, is_profiled = excluded.is_profiled,
     weights = excluded.weights, muted_hashtags = excluded.muted_hashtags, hides_ai = excluded.hides_ai,
     daily_limit_minutes = excluded.daily_limit_minutes, updated_at = excluded.updated_at`,
);
const LOCK = statement(
  'feed_preferences.lock',
  'select from actors where id = $1 for no key update',
);

/**
 * Changes the viewer's choices. Turning profiling off forgets everything that was made of the viewer's acts. Opens its own
 * transaction.
 *
 * @throws {Forbidden} FORBIDDEN for anonymous callers
 * @throws {Invalid} INVALID_INPUT
 * @throws {TooMany} LIMIT_EXCEEDED for more than 100 muted hashtags
 */
export async function updateFeedPreferences(
  context: CommandContext,
  change: FeedPreferencesChange,
): Promise<void> {
  const { actorId } = requireViewer(context);
  const changed = readChange(change);
  await context.database.transaction(async (tx) => {
    await tx.rows(LOCK, [actorId]);
    const known = await findFeedPreferences(tx, actorId);
    await save(tx, actorId, { ...known, ...changed }, context.clock.now());
    if (known.isProfiled && changed.isProfiled === false)
      await forgetProfile(tx, actorId, context.clock.now());
  });
}

function readChange(change: FeedPreferencesChange): Partial<FeedPreferences> {
  const { defaultAlgorithm, profilingEnabled, weights, mutedHashtags, excludeAi } = change;
  const { dailyLimitMinutes } = change;
  return {
    ...(defaultAlgorithm !== undefined && {
      algorithm: requireAlgorithm(defaultAlgorithm ?? 'chronological', ['defaultAlgorithm']).slug,
    }),
    ...(profilingEnabled !== undefined && { isProfiled: profilingEnabled }),
    ...(weights !== undefined && { weights: readWeights(weights) }),
    ...(mutedHashtags !== undefined && { mutedHashtags: readHashtags(mutedHashtags) }),
    ...(excludeAi !== undefined && { hidesAi: excludeAi }),
    ...(dailyLimitMinutes !== undefined && { dailyLimitMinutes: readMinutes(dailyLimitMinutes) }),
  };
}

function readMinutes(minutes: number | null): number | null {
  if (minutes === null || (minutes >= 1 && minutes <= LONGEST_DAY_MINUTES)) return minutes;
  const range = `1..${LONGEST_DAY_MINUTES}`;
  throw new Invalid(`A day has ${range} minutes.`, ['dailyLimitMinutes'], 'RANGE', range);
}

const CHOOSABLE = FOR_YOU.signals.filter(({ min, max }) => min < max);

function notChoosable(signal: Signal, index: number): Invalid {
  const known = CHOOSABLE.map((rule) => rule.signal).join(', ');
  const message = `${signal} has no weight to choose; those of ${known} can be chosen.`;
  return new Invalid(message, ['weights', String(index), 'signal'], 'FIXED', known);
}

function readWeights(choices: readonly WeightChoice[]): FeedPreferences['weights'] {
  const weights: Partial<Record<Signal, number>> = {};
  choices.forEach(({ signal, weight }, index) => {
    const path = ['weights', String(index), 'weight'];
    const rule = CHOOSABLE.find((each) => each.signal === signal);
    if (!rule) throw notChoosable(signal, index);
    const [least, most] = [rule.min / WEIGHT_UNIT, rule.max / WEIGHT_UNIT];
    if (!(weight >= least && weight <= most)) {
      const range = `${least}..${most}`;
      throw new Invalid(`The weight of ${signal} is within ${range}.`, path, 'RANGE', range);
    }
    weights[signal] = Math.round(weight * WEIGHT_UNIT);
  });
  return weights;
}

function readHashtags(written: readonly string[]): string[] {
  const names = written.map((each, index) => {
    const name = foldHashtag(each);
    if (name !== null) return name;
    throw new Invalid('This is no hashtag.', ['mutedHashtags', String(index)], 'HASHTAG');
  });
  const all = [...new Set(names)];
  if (all.length > MOST_MUTED_HASHTAGS) {
    const limit = MOST_MUTED_HASHTAGS;
    throw new TooMany(`At most ${limit} muted hashtags.`, limit, ['mutedHashtags']);
  }
  return all;
}

async function save(
  tx: Transaction,
  ownerId: ActorId,
  { algorithm, isProfiled, weights, mutedHashtags, hidesAi, dailyLimitMinutes }: FeedPreferences,
  now: Date,
): Promise<void> {
  const chosen = JSON.stringify(weights);
  const choices = [algorithm, isProfiled, chosen, mutedHashtags, hidesAi];
  await tx.rows(SAVE, [ownerId, ...choices, now, dailyLimitMinutes]);
}

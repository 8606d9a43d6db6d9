/** Signals of a candidate, from its facts: one pure function each, as `signal.ts` says in words. */
import { decay } from './decay.js';
import type { Act, Candidate, Profile, RankingInput } from './ranking-input.js';
import { ACT_POINTS, SIGNAL_UNIT, type Signal } from './signal.js';

/** A signal as it was found, and between 0 and 1. Both in millionths. */
export interface Measure {
  /** In the unit of the signal: hours, points, people, times, places. */
  readonly raw: number;
  readonly normalized: number;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const FRESHNESS_HALF_LIFE = 12 * HOUR;
const AFFINITY_HALF_LIFE = 30 * DAY;
const AFFINITY_FULL = 20;
const BEST_HASHTAGS = 3;
const HIDDEN_ENGAGEMENT = SIGNAL_UNIT / 10;
/** Of the standard normal distribution, for 95 %. */
const Z = 1.96;
const TREND_PLACES = 100;

const flag = (is: boolean): Measure => {
  const whole = is ? SIGNAL_UNIT : 0;
  return { raw: whole, normalized: whole };
};
const NONE = flag(false);

/** A signal of a candidate. */
export function measure(signal: Signal, candidate: Candidate, input: RankingInput): Measure {
  return MEASURES[signal](candidate, input);
}

const MEASURES: Readonly<Record<Signal, (c: Candidate, input: RankingInput) => Measure>> = {
  FRESHNESS: ({ publishedAt }, { computedAt }) => {
    const age = Math.max(0, computedAt - publishedAt);
    return {
      raw: Math.round((age / HOUR) * SIGNAL_UNIT),
      normalized: decay(age, FRESHNESS_HALF_LIFE),
    };
  },
  CREATOR_AFFINITY: ({ authorId }, { viewer, computedAt }) =>
    viewer.profile ? affinity(viewer.profile.accounts[authorId] ?? [], computedAt) : NONE,
  HASHTAG_AFFINITY: ({ hashtags }, { viewer, computedAt }) =>
    viewer.profile ? hashtagAffinity(hashtags, viewer.profile, computedAt) : NONE,
  ENGAGEMENT_RATE: ({ positives, viewers }) =>
    positives === null
      ? { raw: 0, normalized: HIDDEN_ENGAGEMENT }
      : {
          raw: positives * SIGNAL_UNIT,
          normalized: wilson(positives, Math.max(viewers, positives)),
        },
  COMPLETION_RATE: ({ views, completions }) => ({
    raw: completions * SIGNAL_UNIT,
    normalized: ratio(Math.min(completions, views) + 25, views + 50),
  }),
  EDITORIAL_BOOST: ({ isPicked }) => flag(isPicked),
  TREND: ({ trendPlace }) =>
    trendPlace === null
      ? NONE
      : {
          raw: trendPlace * SIGNAL_UNIT,
          normalized: ratio(Math.max(0, TREND_PLACES + 1 - trendPlace), TREND_PLACES),
        },
  LANGUAGE_MATCH: ({ language }, { viewer }) => flag(speaks(viewer.languages, language)),
  LOCALITY: ({ isLocal }) => flag(isLocal),
  NOVELTY: ({ authorId }, { viewer: { profile } }) => {
    if (!profile) return NONE;
    const share = ratio(profile.recent[authorId] ?? 0, Math.max(1, profile.recentTotal));
    return { raw: share, normalized: SIGNAL_UNIT - Math.min(SIGNAL_UNIT, share) };
  },
  ACCESSIBILITY: ({ isDescribed }) => flag(isDescribed),
  NEGATIVE_FEEDBACK: ({ authorId, hashtags }, { viewer: { profile }, computedAt }) => {
    if (!profile) return NONE;
    const sums = [
      profile.lessOfAccounts[authorId] ?? [],
      ...hashtags.map((name) => profile.lessOfHashtags[name] ?? []),
    ].map((times) => decayedCount(times, computedAt));
    const most = Math.max(...sums);
    return { raw: most, normalized: most === 0 ? 0 : -Math.min(SIGNAL_UNIT, most) };
  },
};

/** Σ points × 2^(−days ÷ 30), and that ÷ 20. */
export function affinity(acts: readonly Act[], now: number): Measure {
  let raw = 0;
  for (const [kind, at] of acts)
    raw += Math.round(ACT_POINTS[kind] * decay(now - at, AFFINITY_HALF_LIFE));
  return { raw, normalized: Math.min(SIGNAL_UNIT, Math.round(raw / AFFINITY_FULL)) };
}

function hashtagAffinity(names: readonly string[], profile: Profile, now: number): Measure {
  const best = names
    .map((name) => affinity(profile.hashtags[name] ?? [], now))
    .sort((one, other) => other.normalized - one.normalized || other.raw - one.raw)
    .slice(0, BEST_HASHTAGS);
  if (best.length === 0) return NONE;
  const sum = (field: keyof Measure): number =>
    best.reduce((total, each) => total + each[field], 0);
  return { raw: sum('raw'), normalized: Math.round(sum('normalized') / best.length) };
}

function decayedCount(times: readonly number[], now: number): number {
  return times.reduce((sum, at) => sum + decay(now - at, AFFINITY_HALF_LIFE), 0);
}

/** @source E. B. Wilson, Journal of the American Statistical Association 22 (1927), p. 209 */
function wilson(positives: number, total: number): number {
  if (total === 0) return 0;
  const share = positives / total;
  const squared = (Z * Z) / total;
  const spread = Math.sqrt((share * (1 - share)) / total + squared / (4 * total));
  const lower = (share + squared / 2 - Z * spread) / (1 + squared);
  return Math.round(Math.min(1, Math.max(0, lower)) * SIGNAL_UNIT);
}

function ratio(part: number, whole: number): number {
  return Math.round((part / whole) * SIGNAL_UNIT);
}

function speaks(languages: readonly string[], language: string | null): boolean {
  if (language === null || languages.length === 0) return true;
  const main = language.split('-')[0]!;
  return languages.includes(language) || languages.includes(main);
}

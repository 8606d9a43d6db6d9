/** What can be weighed, with the formulas in words. Who changes a formula changes the version of the algorithms that use it. */

/** Signals with their formulas; each lies between 0 and 1, and NEGATIVE_FEEDBACK between −1 and 0. */
export const SIGNALS = {
  FRESHNESS: '2^(−age in hours ÷ 12)',
  CREATOR_AFFINITY:
    'min(1, Σ points × 2^(−days since ÷ 30) ÷ 20) over what the viewer did with posts of the author: watching for 30 seconds or to the end ½, like 1, comment 2, bookmark 2, repost 3, follow 5',
  HASHTAG_AFFINITY:
    'as CREATOR_AFFINITY over posts with the hashtag; the mean of the three hashtags of the post with the highest',
  ENGAGEMENT_RATE:
    'lower bound of the Wilson interval at 95 % of p = reactions, comments and reposts ÷ n, where n = people who saw it, in steps of 25, or p’s numerator if that is more; the author and whoever is suspended are not counted. 0.1 where the author hides counters',
  COMPLETION_RATE: '(times watched to the end + 25) ÷ (times watched + 50), both in steps of 25',
  EDITORIAL_BOOST: '1 with a pick of the staff that is in force, else 0',
  TREND: '(101 − place among what trends) ÷ 100, else 0',
  LANGUAGE_MATCH:
    '1 in a language that the viewer set, or without a language, or when the viewer set none; else 0',
  LOCALITY: '1 for a post of this server, else 0',
  NOVELTY:
    '1 − share of the author among the last 100 things that the viewer did with posts of others',
  ACCESSIBILITY: '1 when every picture is described, or the video has captions, else 0',
  NEGATIVE_FEEDBACK:
    '−min(1, Σ 2^(−days since ÷ 30)) over "less like this" that the viewer said of posts of the author, or with a hashtag of the post, whichever is more',
} as const;

/** One of the signals. */
export type Signal = keyof typeof SIGNALS;

/** Every signal, in the order in which products are added. */
export const SIGNAL_NAMES = Object.keys(SIGNALS) as readonly Signal[];

/** Signals that know the viewer's profile; their weights are 0 without one. */
export const PROFILE_SIGNALS: ReadonlySet<Signal> = new Set([
  'CREATOR_AFFINITY',
  'HASHTAG_AFFINITY',
  'NOVELTY',
  'NEGATIVE_FEEDBACK',
]);

/** Points of an act in the affinities. */
export const ACT_POINTS = {
  WATCH: 0.5,
  LIKE: 1,
  COMMENT: 2,
  BOOKMARK: 2,
  REPOST: 3,
  FOLLOW: 5,
} as const;

/** Something that a person did with posts of somebody. */
export type ActKind = keyof typeof ACT_POINTS;

/** A signal is whole in millionths. */
export const SIGNAL_UNIT = 1_000_000;

/** A weight is whole in thousandths; weight × signal is whole in billionths. */
export const WEIGHT_UNIT = 1_000;

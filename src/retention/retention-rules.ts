/** What people can choose: what of theirs is deleted once it is old, and what is kept all the same. */
import { Invalid } from '../platform/errors.js';

/** The choices of one person. Ages are in days since the publication; null = never deleted. */
export interface RetentionRules {
  readonly postDays: number | null;
  readonly commentDays: number | null;
  readonly storyDays: number | null;
  readonly keepPinned: boolean;
  readonly keepArchived: boolean;
  /** Posts for mentioned people only. */
  readonly keepMentioned: boolean;
  readonly keepCollected: boolean;
  readonly keepBookmarked: boolean;
  readonly keepLiked: boolean;
  readonly keepHighlighted: boolean;
  /** Posts and comments with at least as many likes are kept; null = likes keep nothing. */
  readonly keepFromLikes: number | null;
  /** Posts with at least as many reposts are kept; null = reposts keep nothing. */
  readonly keepFromReposts: number | null;
}

/** Changes: absent = unchanged, null = back to the default. */
export type RetentionChange = {
  readonly [Name in keyof RetentionRules]?: RetentionRules[Name] | null;
};

/** Nothing is deleted until somebody chooses an age, and then nothing that they have marked in any way. */
export const DEFAULT_RULES: RetentionRules = {
  postDays: null,
  commentDays: null,
  storyDays: null,
  keepPinned: true,
  keepArchived: true,
  keepMentioned: true,
  keepCollected: true,
  keepBookmarked: true,
  keepLiked: true,
  keepHighlighted: true,
  keepFromLikes: null,
  keepFromReposts: null,
};

/** Ages that can be chosen, in days. */
export const RETENTION_DAYS = { least: 7, most: 3_650 } as const;

/** Numbers of likes and reposts that can be chosen. */
export const KEPT_FROM = { least: 1, most: 1_000_000 } as const;

const BOUNDS = {
  postDays: RETENTION_DAYS,
  commentDays: RETENTION_DAYS,
  storyDays: RETENTION_DAYS,
  keepFromLikes: KEPT_FROM,
  keepFromReposts: KEPT_FROM,
} as const;

const NAMES = Object.keys(DEFAULT_RULES) as (keyof RetentionRules)[];
const NUMBERS = Object.keys(BOUNDS) as (keyof typeof BOUNDS)[];

/** The rules as they are after a change. @throws {Invalid} INVALID_INPUT for a number out of its bounds */
export function changedRules(rules: RetentionRules, change: RetentionChange): RetentionRules {
  const given = NAMES.filter((name) => change[name] !== undefined);
  const values = given.map((name) => [name, change[name] ?? DEFAULT_RULES[name]] as const);
  const changed: RetentionRules = { ...rules, ...Object.fromEntries(values) };
  for (const name of NUMBERS) {
    const { least, most } = BOUNDS[name];
    const value = changed[name];
    if (value === null || (value >= least && value <= most)) continue;
    throw new Invalid(`Between ${least} and ${most}.`, [name], 'RANGE', `${least}..${most}`);
  }
  return changed;
}

/** True when there is something to delete sooner or later. */
export function deletesAnything({ postDays, commentDays, storyDays }: RetentionRules): boolean {
  return postDays !== null || commentDays !== null || storyDays !== null;
}

/** True when both say the same. */
export function isSame(one: RetentionRules, other: RetentionRules): boolean {
  return NAMES.every((name) => one[name] === other[name]);
}

/** Rules as PostgreSQL has them: rows of `retention_rules`, or a JSON object that was never stored. */
import type { RetentionRules } from '../retention-rules.js';

const COLUMNS: Readonly<Record<keyof RetentionRules, readonly [column: string, type: string]>> = {
  postDays: ['post_days', 'integer'],
  commentDays: ['comment_days', 'integer'],
  storyDays: ['story_days', 'integer'],
  keepPinned: ['keep_pinned', 'boolean'],
  keepArchived: ['keep_archived', 'boolean'],
  keepMentioned: ['keep_mentioned', 'boolean'],
  keepCollected: ['keep_collected', 'boolean'],
  keepBookmarked: ['keep_bookmarked', 'boolean'],
  keepLiked: ['keep_liked', 'boolean'],
  keepHighlighted: ['keep_highlighted', 'boolean'],
  keepFromLikes: ['keep_from_likes', 'integer'],
  keepFromReposts: ['keep_from_reposts', 'integer'],
};
const ENTRIES = Object.entries(COLUMNS);
const NAMES = Object.keys(COLUMNS) as (keyof RetentionRules)[];

/** The columns in their order, with commas. */
export const RULE_COLUMNS = ENTRIES.map(([, [column]]) => column).join(', ');

/** The same, each under its name in the code. */
export const RULES_AS_NAMED = ENTRIES.map(([name, [column]]) => `${column} as "${name}"`).join(
  ', ',
);

/** A row `r` of rules from JSON; `json` is an SQL expression of what `rulesJson` makes. */
export function rulesFrom(json: string): string {
  const types = ENTRIES.map(([, [column, type]]) => `${column} ${type}`).join(', ');
  return `jsonb_to_record(${json}) as r(${types})`;
}

/** Rules as `rulesFrom` reads them. */
export function rulesJson(rules: RetentionRules): string {
  return JSON.stringify(Object.fromEntries(NAMES.map((name) => [COLUMNS[name][0], rules[name]])));
}

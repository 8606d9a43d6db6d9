/** Reads of rules, and of what would go by them. Only their owner ever sees either. */
import type { AccountId } from '../accounts/account.entity.js';
import type { ActorId } from '../actors/actor.entity.js';
import { statement, type Reader } from '../platform/db/database.js';
import { DUE } from './internal/due.js';
import { RULES_AS_NAMED, rulesFrom, rulesJson } from './internal/rules-columns.js';
import { DEFAULT_RULES, type RetentionRules } from './retention-rules.js';

/** The rules of an account. */
export interface Retention extends RetentionRules {
  /** When to look next for what has to go; null while everything is kept. */
  readonly dueAt: Date | null;
}

/** How much would go. */
export interface DueCounts {
  readonly posts: number;
  readonly comments: number;
  readonly stories: number;
}

const FIND = statement(
  'retention_rules.find',
  `select ${RULES_AS_NAMED}, due_at as "dueAt" from retention_rules where account_id = $1`,
);

const GIVEN = { actorId: '$1::uuid', now: '$2::timestamptz' };
const COUNT = statement(
  'retention_rules.count_due',
  `select (select count(*)::int from ${DUE.post(GIVEN)}) as posts,
     (select count(*)::int from ${DUE.comment(GIVEN)}) as comments,
     (select count(*)::int from ${DUE.story(GIVEN)}) as stories
   from ${rulesFrom('$3::jsonb')}`,
);

/** The rules of an account; the defaults when it never chose any. */
export async function findRetention(reader: Reader, accountId: AccountId): Promise<Retention> {
  return (await reader.row<Retention>(FIND, [accountId])) ?? { ...DEFAULT_RULES, dueAt: null };
}

/** How much of an author's would go by these rules if it happened now. */
export async function countDue(
  reader: Reader,
  actorId: ActorId,
  rules: RetentionRules,
  now: Date,
): Promise<DueCounts> {
  return (await reader.row<DueCounts>(COUNT, [actorId, now, rulesJson(rules)]))!;
}

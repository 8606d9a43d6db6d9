/** A person chooses what of theirs is deleted by itself. */
import { addSeconds } from '../platform/clock.js';
import type { CommandContext } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import { requireViewer } from '../platform/require-viewer.js';
import { RULE_COLUMNS, rulesFrom, rulesJson } from './internal/rules-columns.js';
import { changedRules, deletesAnything, isSame, type RetentionChange } from './retention-rules.js';
import { findRetention } from './retention.queries.js';

/** Whoever chose by mistake has a day to take it back. */
const GRACE_SECONDS = 86_400;

const LOCK = statement(
  'retention_rules.lock_account',
  'select from accounts where id = $1 for no key update',
);
const SAVE = statement(
  'retention_rules.save',
  `insert into retention_rules (account_id, ${RULE_COLUMNS}, due_at, updated_at)
   select $1, r.*, $3, $4 from ${rulesFrom('$2::jsonb')}
   on conflict (account_id) do update set (${RULE_COLUMNS}, due_at, updated_at) =
     row(${RULE_COLUMNS.replaceAll(/\w+/g, 'excluded.$&')}, excluded.due_at, excluded.updated_at)`,
);

/**
 * Changes the viewer's rules. From the commit on nothing is deleted by the former ones, and for a day nothing at all; a
 * change that changes nothing leaves everything as it was. Opens its own transaction.
 *
 * @throws {Forbidden} FORBIDDEN for anonymous callers
 * @throws {Invalid} INVALID_INPUT
 */
export async function updateRetention(
  context: CommandContext,
  change: RetentionChange,
): Promise<void> {
  const { accountId } = requireViewer(context);
  await context.database.transaction(async (tx) => {
    await tx.rows(LOCK, [accountId]);
    const known = await findRetention(tx, accountId);
    const rules = changedRules(known, change);
    if (isSame(known, rules)) return;
    const now = context.clock.now();
    const dueAt = deletesAnything(rules) ? addSeconds(now, GRACE_SECONDS) : null;
    await tx.rows(SAVE, [accountId, rulesJson(rules), dueAt, now]);
  });
}

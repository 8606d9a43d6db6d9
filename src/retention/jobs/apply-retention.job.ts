/** Deletes what people have chosen to let go once it is old. */
import type { AccountId } from '../../accounts/account.entity.js';
import { actFor, type ActingContext } from '../../accounts/act-for.js';
import { addSeconds } from '../../platform/clock.js';
import { statement } from '../../platform/db/database.js';
import { defineJob } from '../../platform/jobs/job.js';
import { deleteDue } from '../internal/delete-due.js';
import { DUE_KINDS } from '../internal/due.js';

const DAY_SECONDS = 86_400;
/** What one run does at most: what a deletion entails waits in the queue beside everything else. */
const ACCOUNTS_PER_RUN = 100;
const DELETIONS_PER_RUN = 1_000;
const DELETIONS_PER_ACCOUNT = 200;

const DUE_ACCOUNTS = statement(
  'retention_rules.due',
  `select r.account_id as "accountId" from retention_rules r join accounts a on a.id = r.account_id
   where r.due_at <= $1 and a.state = 'ACTIVE' order by r.due_at, r.account_id limit ${ACCOUNTS_PER_RUN}`,
);
// Rules that were changed meanwhile have a time of their own.
const LOOK_NEXT = statement(
  'retention_rules.look_next',
  'update retention_rules set due_at = $3 where account_id = $1 and due_at <= $2',
);

/** Runs by the clock. Everything is decided piece by piece, so a run that was cut off has nothing to make good. */
export const applyRetention = defineJob<Record<string, never>>(
  'applyRetention',
  async (context) => {
    let left = DELETIONS_PER_RUN;
    const now = context.clock.now();
    for (const { accountId } of await context.database.rows<{ accountId: AccountId }>(
      DUE_ACCOUNTS,
      [now],
    )) {
      const owner = await actFor(context, accountId);
      if (owner) left -= await sweep(owner, Math.min(left, DELETIONS_PER_ACCOUNT));
      if (left <= 0) return;
    }
  },
);

/** Whoever has more to delete than that goes to the end of the queue; the others are looked at again in a day. */
async function sweep(owner: ActingContext, most: number): Promise<number> {
  const { database, clock, viewer } = owner;
  let deleted = 0;
  for (const kind of DUE_KINDS) deleted += await deleteDue(owner, kind, most - deleted);
  const now = clock.now();
  const next = deleted < most ? addSeconds(now, DAY_SECONDS) : now;
  await database.rows(LOOK_NEXT, [viewer.accountId, now, next]);
  return deleted;
}

/** Has accounts erased whose time of grace is over, also those whose erasing was cut off. */
import type { AccountId } from '../../accounts/account.entity.js';
import { statement } from '../../platform/db/database.js';
import { defineJob } from '../../platform/jobs/job.js';
import { accountDeletionDue } from '../portability.events.js';

const DUE = statement(
  'account_deletions.due',
  `select account_id as "accountId" from account_deletions
   where due_at <= $1 and finished_at is null order by due_at limit 100`,
);

/** Runs by the clock. */
export const eraseDueAccounts = defineJob<Record<string, never>>(
  'eraseDueAccounts',
  async ({ database, clock }) => {
    const now = clock.now();
    await database.transaction(async (tx) => {
      for (const due of await tx.rows<{ accountId: AccountId }>(DUE, [now]))
        await tx.append(accountDeletionDue, due);
    });
  },
);

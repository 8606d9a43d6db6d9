/** Lets go of key packages that nobody can use any more, and of counts that are full again. */
import { statement } from '../../platform/db/database.js';
import { defineJob } from '../../platform/jobs/job.js';

const BATCH = 5000;

const EXPIRED = statement(
  'chat_key_packages.prune',
  `delete from chat_key_packages where id in (
     select id from chat_key_packages where expires_at < $1 order by expires_at limit ${BATCH} for update skip locked) returning 1`,
);
const ALLOWANCES = statement(
  'key_claim_allowances.prune',
  `delete from key_claim_allowances where (requester_id, target_id) in (
     select requester_id, target_id from key_claim_allowances where used_until < $1 order by used_until limit ${BATCH}
     for update skip locked) returning 1`,
);

/** Runs by the clock; two at once do no harm. */
export const pruneKeyPackages = defineJob<Record<string, never>>(
  'pruneKeyPackages',
  async ({ database, clock }) => {
    const now = clock.now();
    for (const query of [EXPIRED, ALLOWANCES])
      while ((await database.rows(query, [now])).length === BATCH);
  },
);

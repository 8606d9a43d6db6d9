/** Removes events that no replay can reach any more. */
import { statement } from '../db/database.js';
import { defineJob } from '../jobs/job.js';

const PRUNE = statement(
  'realtime.prune',
  `delete from events where created_at < now() - interval '1 hour'`,
);

/** Deletes events older than one hour. Idempotent. */
export const pruneEvents = defineJob<Record<string, never>>('pruneEvents', async ({ database }) => {
  await database.rows(PRUNE);
});

/** Removes pages that are kept no longer. */
import { defineJob } from '../../platform/jobs/job.js';
import { sweepSnapshots } from '../snapshots.queries.js';

/** Runs by the clock; a second run finds nothing. */
export const sweepFeedSnapshots = defineJob<Record<string, never>>(
  'sweepFeedSnapshots',
  async ({ database, clock }) => {
    while ((await sweepSnapshots(database, clock.now())) > 0);
  },
);

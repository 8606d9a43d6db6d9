/** Computes what trends. */
import { defineJob } from '../../platform/jobs/job.js';
import { computeTrends } from '../trends.js';

/** Runs by the clock; a second run gives the same. */
export const computeTrendsJob = defineJob<Record<string, never>>(
  'computeTrends',
  async ({ database, clock }) => {
    await database.transaction((tx) => computeTrends(tx, clock.now()));
  },
);

/** Lets go of queues in which nothing waits: there is one for each thing whose jobs run one after the other. */
import { makeWorkerUtils } from 'graphile-worker';
import { defineJob } from './job.js';

/** Runs in a statement of its own beside all work. */
export const tidyQueues = defineJob<Record<string, never>>('tidyQueues', async ({ database }) => {
  const utils = await makeWorkerUtils({ pgPool: database.pool });
  try {
    await utils.cleanup({ tasks: ['GC_JOB_QUEUES'] });
  } finally {
    await utils.release();
  }
});

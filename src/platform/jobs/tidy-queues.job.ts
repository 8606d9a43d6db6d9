/**
 * Lets go of queues in which nothing waits: there is one for each thing whose jobs run one after the other, and each look
 * for a next job locks all that there are.
 */
import { statement } from '../db/database.js';
import { hasCode } from '../system-error.js';
import { defineJob } from './job.js';

// Whoever adds a job holds the lock of the table until its commit: without it, a queue would go whose job is not seen yet,
// and that job would never run.
const PATIENCE = statement('queues.patience', `select set_config('lock_timeout', '250ms', true)`);
const LOCK = statement(
  'queues.lock',
  'lock table graphile_worker._private_job_queues in share row exclusive mode',
);
const TIDY = statement(
  'queues.tidy',
  `delete from graphile_worker._private_job_queues queue where queue.locked_at is null
     and not exists (select from graphile_worker._private_jobs job where job.job_queue_id = queue.id)`,
);
const LOCK_TIMEOUT = '55P03';

/** Does nothing while others hold jobs back; the next time comes soon. */
export const tidyQueues = defineJob<Record<string, never>>(
  'tidyQueues',
  async ({ database, log }) => {
    try {
      await database.transaction(async (tx) => {
        for (const one of [PATIENCE, LOCK, TIDY]) await tx.rows(one);
      });
    } catch (error) {
      if (!(error instanceof Error && hasCode(error, LOCK_TIMEOUT))) throw error;
      log.debug('queues are not tidied while jobs are being added');
    }
  },
);

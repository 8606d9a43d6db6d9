/** Enqueues a job from within a transaction, for later: what follows from an event at once stands in the table of consequences. */
import { statement, type Transaction } from '../db/database.js';
import { keyOfJob, queueOfJob, type JobDeclaration } from './job.js';

const ADD = statement(
  'jobs.enqueue',
  `select count(*) from graphile_worker.add_job($1, $2::json, run_at => $3, max_attempts => $4,
    job_key => $5, job_key_mode => $7, queue_name => $6)`,
);

/** To be run as soon as it is there. */
export const AT_ONCE = new Date(0);

/** Enqueues at commit. A job of the same key that waits already keeps its time. */
export function enqueueAt<Input extends object>(
  tx: Transaction,
  runAt: Date,
  job: JobDeclaration<Input>,
  input: Input,
): Promise<void> {
  return enqueue(tx, 'preserve_run_at', runAt, [job, input]);
}

/** Enqueues at commit. A job of the same key that waits already has this time from then on. */
export function enqueueAnew<Input extends object>(
  tx: Transaction,
  runAt: Date,
  job: JobDeclaration<Input>,
  input: Input,
): Promise<void> {
  return enqueue(tx, 'replace', runAt, [job, input]);
}

async function enqueue<Input extends object>(
  tx: Transaction,
  mode: 'preserve_run_at' | 'replace',
  runAt: Date,
  [job, input]: readonly [JobDeclaration<Input>, Input],
): Promise<void> {
  const { name, maxAttempts } = job;
  await tx.rows(ADD, [
    name,
    JSON.stringify(input),
    runAt,
    maxAttempts,
    keyOfJob(job, input),
    queueOfJob(job, input),
    mode,
  ]);
}

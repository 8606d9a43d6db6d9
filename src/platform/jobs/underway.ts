/**
 * Jobs that go on until nothing is left for them: whoever leaves something for one that is underway need not enqueue
 * another one. Both hold on to its row: who leaves something holds it until that is committed, and the job takes it away
 * when it has it for itself and nothing is left. So either the job sees what was left, or who leaves it sees no job.
 */
import { statement, type Database, type Reader, type Statement } from '../db/database.js';
import { keyOfJob, type JobDeclaration } from './job.js';

/**
 * The row of a job of the key `$…` that is underway, held until the end of the transaction. One that has failed before does
 * not count: should it fail again, what was left would wait with it.
 */
export function underway(key: `$${number}`): string {
  return `select from graphile_worker._private_jobs
    where key = ${key} and locked_at is not null and attempts = 1 and max_attempts > 1 for share`;
}

const UNDERWAY = statement('jobs.underway', underway('$1'));
const HOLD = statement(
  'jobs.hold',
  'select from graphile_worker._private_jobs where id = $1 for update',
);

/** Whether a job is underway that sees what this transaction commits. */
export async function isUnderway<Input extends object>(
  tx: Reader,
  job: JobDeclaration<Input>,
  input: Input,
): Promise<boolean> {
  return (await tx.row(UNDERWAY, [keyOfJob(job, input)])) !== null;
}

/** How a job that goes on ends: by a statement of its own, as it looks at what is left in the same moment. */
export interface Ending {
  readonly statement: Statement;
}

/** @param left selects something as long as there is anything left to do */
export function ending(name: string, left: string): Ending {
  // Its queue is free with it: nobody announces what waits there.
  const text = `with job as materialized (select id, key from graphile_worker._private_jobs where id = $1),
      remaining as materialized (select from (${left} limit 1) one where not exists (select from job where key is null)),
      ended as (delete from graphile_worker._private_jobs j using job where j.id = job.id and not exists (select from remaining)
        returning j.job_queue_id, j.locked_by),
      freed as (update graphile_worker._private_job_queues queue set locked_at = null, locked_by = null from ended
        where queue.id = ended.job_queue_id and queue.locked_by = ended.locked_by)
    select exists (select from remaining) as "isLeft"`;
  return { statement: statement(name, text) };
}

/**
 * Ends a job for which nothing is left, and one in whose place another one waits already.
 *
 * @returns whether it has ended; the handler then has nothing to do but to return
 */
export async function endedWithNothingLeft(
  database: Database,
  jobId: string,
  { statement: end }: Ending,
): Promise<boolean> {
  // Two statements: what was committed while the first one waited is seen by the second one.
  const [, rows] = await database.pipelined([
    [HOLD, [jobId]],
    [end, [jobId]],
  ]);
  return !(rows as [{ isLeft: boolean }])[0].isLeft;
}

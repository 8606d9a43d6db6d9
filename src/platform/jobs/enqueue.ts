/** Enqueues a job from within a transaction, for later: what follows from an event at once stands in the table of consequences. */
import { statement, type Transaction } from '../db/database.js';
import { keyOfJob, queueOfJob, type JobDeclaration, type Many } from './job.js';

const ADD = statement(
  'jobs.enqueue',
  `select count(*) from graphile_worker.add_job($1, $2::json, run_at => $3, max_attempts => $4,
    job_key => $5, job_key_mode => $7, queue_name => $6)`,
);

const ADD_EACH = statement(
  'jobs.enqueue_each',
  `select count(*) from (
     select array_agg((job.name, job.input, job.queue, job."runAt", job."maxAttempts", job.key, null, null)::graphile_worker.job_spec) as list
     from jsonb_to_recordset($1::jsonb)
       as job(name text, input json, queue text, "runAt" timestamptz, "maxAttempts" int, key text)) specs,
   lateral graphile_worker.add_jobs(specs.list, true)`,
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

/** As `enqueueAt`, for many inputs of one job in one statement. */
export async function enqueueEach<Input extends object>(
  tx: Transaction,
  job: JobDeclaration<Input>,
  all: readonly { readonly runAt: Date; readonly input: Input }[],
): Promise<void> {
  if (all.length === 0) return;
  const { name, maxAttempts } = job;
  const jobs = all.map(({ runAt, input }) => {
    const [key, queue] = [keyOfJob(job, input), queueOfJob(job, input)];
    return { name, input, maxAttempts, runAt, key, queue };
  });
  const keyed = new Map(jobs.map((one, place) => [one.key ?? place, one]));
  await tx.rows(ADD_EACH, [JSON.stringify([...keyed.values()])]);
}

/** Enqueues one job for many inputs at commit, whatever else waits; for a single one it is a job as `enqueueAt` makes it. */
export async function enqueueMany<Input extends object>(
  tx: Transaction,
  runAt: Date,
  job: JobDeclaration<Input>,
  each: readonly Input[],
): Promise<void> {
  const [first] = each;
  if (!first) return;
  if (each.length === 1) return enqueueAt(tx, runAt, job, first);
  const { name, maxAttempts } = job;
  const payload = JSON.stringify({ each } satisfies Many<Input>);
  await tx.rows(ADD, [name, payload, runAt, maxAttempts, null, null, 'replace']);
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

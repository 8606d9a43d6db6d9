/**
 * Runs jobs. The queue is graphile-worker in the same database: a job is enqueued by the transaction
 * that causes it and picked up within milliseconds of its commit.
 */
import { Logger as WorkerLogger, run, runOnce, type Runner, type TaskList } from 'graphile-worker';
import type { Pool } from 'pg';
import type { Services } from '../context.js';
import { statement } from '../db/database.js';
import { patientPool } from '../db/patient-pool.js';
import { TerminalError } from '../errors.js';
import { queueOfJob, type JobLane, type JobType } from './job.js';
import { logFailure } from './log-failure.js';
import { MissedLooks } from './missed-looks.js';
import { runJob } from './run-job.js';
import { WorkerPresence } from './worker-presence.js';

const POLL_MS = 2_000;

/** A job of any input type, as the list of all jobs holds them. */
// oxlint-disable-next-line no-explicit-any -- each job checks its own input type where it is enqueued
export type AnyJob = JobType<any>;

/** A job that the clock starts. */
export interface ScheduledJob {
  /** Crontab pattern in UTC, for example `0 3 * * *`. */
  readonly schedule: string;
  readonly job: JobType<Record<string, never>>;
}

/** What a worker needs. */
export interface WorkerOptions {
  readonly services: Services;
  readonly pool: Pool;
  readonly jobs: readonly AnyJob[];
  readonly scheduled: readonly ScheduledJob[];
  /** Jobs that every start asks for, when it has settled; one that waits already is not added again. */
  readonly atStart?: readonly JobType<Record<string, never>>[];
  readonly concurrency: number;
}

/** What a worker that runs for long needs. */
export interface LastingWorkerOptions extends WorkerOptions {
  /** As `concurrency`, of jobs that ask outside. */
  readonly outsideConcurrency: number;
  /** As `concurrency`, of videos. */
  readonly videoConcurrency: number;
  /** How often each lane looks for jobs whose time has come, in ms; 2,000 unless told otherwise. */
  readonly pollMs?: number;
}

/**
 * Starts the worker; disposing it hands unfinished jobs back. Jobs of workers that died are handed back first,
 * and from then on within seconds.
 *
 * @param databaseUrl for the session that shows that this worker lives
 */
export async function startWorker(
  options: LastingWorkerOptions,
  databaseUrl: string,
): Promise<AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  const presence = stack.use(await WorkerPresence.open(databaseUrl, options.services.log));
  const looks = stack.use(new MissedLooks());
  const runOf = async (part: LastingWorkerOptions): Promise<Runner> => {
    const started = await run({
      pgPool: patientPool(part.pool),
      concurrency: part.concurrency,
      noHandleSignals: true,
      pollInterval: part.pollMs ?? POLL_MS,
      events: looks.watched(),
      taskList: taskList(part),
      crontab: crontab(part.scheduled),
      logger: quietLogger(part.services),
      preset: { plugins: [presencePlugin(presence)] },
    });
    stack.defer(() => started.stop());
    return started;
  };
  await runOf({ ...partOf(options, 'outside'), concurrency: options.outsideConcurrency });
  const videos = partOf(options, 'video');
  if (videos.jobs.length > 0) await runOf({ ...videos, concurrency: options.videoConcurrency });
  const runner = await runOf(partOf(options, 'inside'));
  for (const job of options.atStart ?? []) {
    const { name, maxAttempts } = job;
    const queueName = queueOfJob(job, {}) ?? undefined;
    await runner.addJob(name, {}, { jobKey: name, maxAttempts, runAt: settledAt(), queueName });
  }
  return stack.move();
}

/** The jobs of one lane. */
function partOf(options: LastingWorkerOptions, lane: JobLane): LastingWorkerOptions {
  const isOf = (job: AnyJob): boolean => job.lane === lane;
  return {
    ...options,
    jobs: options.jobs.filter(isOf),
    scheduled: options.scheduled.filter(({ job }) => isOf(job)),
    atStart: options.atStart?.filter(isOf),
  };
}

/** Jobs are locked under the id of the pool, which graphile-worker makes up: it must count as alive before the first one. */
function presencePlugin(presence: WorkerPresence): GraphileConfig.Plugin {
  return {
    name: 'WorkerPresencePlugin',
    worker: {
      hooks: { startWorker: (_context, { worker }) => presence.hold(worker.workerPool.id) },
    },
  };
}

const IS_DUE = statement(
  'jobs.is_due',
  `select from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
   where j.is_available and j.run_at <= now() and t.identifier = any($1::text[]) limit 1`,
);

/** Runs jobs until none is due, then returns: for tests and the command line. */
export async function drainJobs(options: WorkerOptions): Promise<void> {
  const tasks = taskList(options);
  do {
    await runOnce({
      pgPool: options.pool,
      concurrency: options.concurrency,
      noHandleSignals: true,
      taskList: tasks,
      logger: quietLogger(options.services),
    });
    // A worker that looks while another one holds the lock of a queue sees nothing in it, and leaves.
  } while (await options.services.database.row(IS_DUE, [Object.keys(tasks)]));
}

/** Work that waits for nobody must not compete with a server that is just coming up. */
function settledAt(): Date {
  return new Date(Date.now() + 20_000);
}

function taskList(options: WorkerOptions): TaskList {
  const jobs = [
    ...options.jobs,
    ...options.scheduled.map((entry) => entry.job),
    ...(options.atStart ?? []),
  ];
  return Object.fromEntries(jobs.map((job) => [job.name, taskOf(job, options.services)]));
}

function taskOf(job: AnyJob, services: Services): TaskList[string] {
  return async (input, helpers) => {
    const { id, attempts } = helpers.job;
    const log = services.log.child({ job: job.name, jobId: id, attempt: attempts });
    const stopping = helpers.abortSignal;
    try {
      await runJob({ ...services, log, jobId: id, attempt: attempts, stopping }, job, input);
    } catch (error) {
      logFailure(log, error);
      if (!(error instanceof TerminalError)) throw error;
      await helpers.query(
        'update graphile_worker._private_jobs set max_attempts = attempts where id = $1',
        [id],
      );
      throw error;
    }
  };
}

function crontab(scheduled: readonly ScheduledJob[]): string {
  return scheduled
    .map(({ schedule, job }) => `${schedule} ${job.name} ?id=${job.name}&max=3`)
    .join('\n');
}

/** Failures of jobs are logged where they happen. */
function quietLogger(services: Services): WorkerLogger {
  return new WorkerLogger(() => (level, message, meta) => {
    if (level === 'error' && meta?.['failure'] !== true)
      services.log.error({ worker: message }, 'job queue');
  });
}

/**
 * Writes a fact into the journal together with its jobs and its live notice. Only a transaction calls
 * this: a fact without its effects, or effects without their fact, cannot be committed.
 */
import type { ConsequencesOf } from './consequences.js';
import type { EventType } from './event.js';

/** NOTIFY channel that tells live readers to look at the journal. */
export const EVENTS_CHANNEL = 'triptych_events';

interface StatementRunner {
  rows<Row>(query: { name: string; text: string }, values: readonly unknown[]): Promise<Row[]>;
}

const INSERT_EVENT = {
  name: 'journal.insert',
  text: `with appended as (
    insert into events (name, topics, payload) values ($1, $2, $3::jsonb) returning topics
  ) select case when cardinality(topics) > 0 then pg_notify('${EVENTS_CHANNEL}', '') end from appended`,
};

// A keyed job that waits for its time is left alone: the shared lock keeps the worker from starting it before this
// transaction has committed, and costs neither a new row version nor a wake-up per cause.
const ADD_JOBS = {
  name: 'journal.add_jobs',
  text: `with wanted as (
      select * from jsonb_to_recordset($1::jsonb)
        as job(name text, input json, "maxAttempts" int, key text, queue text, "jitterSeconds" int)
    ), waiting as materialized (
      select jobs.key from graphile_worker._private_jobs jobs
      where jobs.key in (select key from wanted) and jobs.locked_at is null and jobs.attempts = 0
        and jobs.run_at > clock_timestamp()
      for share of jobs
    )
    select count(*) from wanted job, lateral graphile_worker.add_job(job.name, job.input,
      max_attempts => job."maxAttempts", queue_name => job.queue,
      job_key => job.key, job_key_mode => 'preserve_run_at',
      run_at => now() + random() * make_interval(secs => job."jitterSeconds"))
    where job.key is null or job.key not in (select key from waiting)`,
};

/** Appends one event inside the caller's transaction. */
export async function appendEvent<Payload extends object>(
  tx: StatementRunner,
  event: EventType<Payload>,
  payload: Payload,
  consequences: ConsequencesOf | undefined,
): Promise<void> {
  await tx.rows(INSERT_EVENT, [event.name, event.topics(payload), JSON.stringify(payload)]);
  const jobs = consequences?.follow(payload) ?? [];
  if (jobs.length > 0) await tx.rows(ADD_JOBS, [JSON.stringify(jobs)]);
}

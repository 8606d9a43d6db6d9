/**
 * What stands in the queue, and whose locks are dead. A worker holds an advisory lock named after its id for as
 * long as it lives (`WorkerPresence`); PostgreSQL frees it with the session, however the process ended.
 */
import { statement } from '../db/database.js';

/** Seconds after which a job that still runs counts as stuck, whoever runs it. */
export const STUCK_SECONDS = 60 * 60;

/** Number of the advisory lock that a worker of the id `$1` holds. */
export const LOCK_OF_WORKER = `hashtextextended($1, 7481205118)`;

/** Ids of workers that hold jobs or queues without being alive. */
const DEAD_WORKERS = `select held.locked_by from (
    select locked_by from graphile_worker._private_jobs where locked_at is not null
    union select locked_by from graphile_worker._private_job_queues where locked_at is not null) held
  where not exists (select from pg_locks l
    where l.locktype = 'advisory' and l.granted and l.objsubid = 1
      and l.database = (select oid from pg_database where datname = current_database())
      and (l.classid::bigint << 32) | l.objid::bigint = ${LOCK_OF_WORKER.replace('$1', 'held.locked_by')})`;

/** Hands the jobs of dead workers back to the queue, and tells the ids of those workers. */
export const FREE_JOBS_OF_THE_DEAD = `with dead as materialized (${DEAD_WORKERS})
  select array_agg(dead.locked_by) as workers, graphile_worker.force_unlock_workers(array_agg(dead.locked_by))
  from dead having count(*) > 0`;

/**
 * Drops what dead workers ran though it was to run anew anyway: whoever adds a job of the same key as one that runs takes the
 * key from it and all its attempts, so that nothing would ever run it again, and it would count as given up.
 */
export const DROP_REPLACED_OF_THE_DEAD = `with dead as materialized (${DEAD_WORKERS})
  delete from graphile_worker._private_jobs job using dead
  where job.locked_by = dead.locked_by and job.key is null and job.attempts >= job.max_attempts and job.last_error is null
    and exists (select from graphile_worker._private_jobs newer
      where newer.task_id = job.task_id and newer.id > job.id and newer.key is not null)`;

/** Jobs by what becomes of them. */
export interface QueueState {
  /** Due, and not yet begun. */
  readonly waiting: number;
  /** Begun, by a worker that lives. */
  readonly running: number;
  /** Begun by a worker that is dead, or more than `STUCK_SECONDS` ago. */
  readonly stuck: number;
  /** Given up after the last try. */
  readonly failed: number;
  /** Age of the oldest job that is due; 0 when none is. */
  readonly oldestSeconds: number;
  /** Names of the jobs that were given up, each once; null when there are none. */
  readonly failedNames: readonly string[] | null;
}

/** Reads a `QueueState`; changes nothing. */
export const QUEUE_STATE = statement(
  'jobs.queue_state',
  `with dead as materialized (${DEAD_WORKERS}),
     jobs as (select j.*, t.identifier,
         j.locked_at is null and j.attempts < j.max_attempts and j.run_at <= now() as is_waiting,
         j.locked_at is null and j.attempts >= j.max_attempts as is_failed,
         j.locked_at is not null and (j.locked_by in (select locked_by from dead)
           or j.locked_at < now() - interval '${STUCK_SECONDS} seconds') as is_stuck
       from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id)
   select count(*) filter (where is_waiting)::int as waiting,
     count(*) filter (where locked_at is not null and not is_stuck)::int as running,
     count(*) filter (where is_stuck)::int as stuck,
     count(*) filter (where is_failed)::int as failed,
     coalesce(extract(epoch from now() - min(run_at) filter (where is_waiting)), 0)::float8 as "oldestSeconds",
     array_agg(distinct identifier) filter (where is_failed) as "failedNames"
   from jobs`,
);

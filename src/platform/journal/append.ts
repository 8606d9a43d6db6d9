/**
 * Writes a fact into the journal together with its jobs and its live notice. Only a transaction calls
 * this: a fact without its effects, or effects without their fact, cannot be committed.
 */
import type { ConsequencesOf, JobSpecification } from './consequences.js';
import type { EventType } from './event.js';
import { namedText } from '../db/named-text.js';

/** NOTIFY channel that tells live readers to look at the journal. */
export const EVENTS_CHANNEL = 'triptych_events';

interface StatementRunner {
  rows<Row>(query: { name: string; text: string }, values: readonly unknown[]): Promise<Row[]>;
}

const APPENDED = `appended as (
    insert into events (name, topics, payload)
    select name, topics, payload from jsonb_to_recordset($1::jsonb) as fact(name text, topics text[], payload jsonb)
    returning topics
  )`;
const NOTIFIED = `(select pg_notify('${EVENTS_CHANNEL}', '')
  where exists (select from appended where cardinality(topics) > 0))`;

const APPEND = namedText('journal.append', `with ${APPENDED} select ${NOTIFIED}`);

// A keyed job that waits for its time is left alone: the shared lock keeps the worker from starting it before this
// transaction has committed, and costs neither a new row version nor a wake-up per cause. Each job has a time of its own:
// those of one queue run in the order in which they were caused.
const APPEND_WITH_JOBS = namedText(
  'journal.append_with_jobs',
  `with ${APPENDED}, wanted as (
      select * from jsonb_to_recordset($2::jsonb)
        as job(name text, input json, "maxAttempts" int, key text, queue text, "jitterSeconds" int)
    ), waiting as materialized (
      select jobs.key from graphile_worker._private_jobs jobs
      where jobs.key in (select key from wanted) and jobs.locked_at is null and jobs.attempts = 0
        and jobs.run_at > clock_timestamp()
      for share of jobs
    ), specs as materialized (
      select array_agg((job.name, job.input, job.queue, clock_timestamp() + random() * make_interval(secs => job."jitterSeconds"),
        job."maxAttempts", job.key, null, null)::graphile_worker.job_spec) as list
      from wanted job where job.key is null or job.key not in (select key from waiting)
    )
    select ${NOTIFIED}, (select count(*) from specs, lateral graphile_worker.add_jobs(specs.list, true)
      where specs.list is not null)`,
);

/** A fact that is to be written, and what follows from it. */
export interface Fact {
  readonly event: Pick<EventType<object>, 'name'>;
  readonly topics: readonly string[];
  readonly payload: object;
  readonly consequences: ConsequencesOf | undefined;
}

/** A fact as the journal keeps it. */
export function factOf<Payload extends object>(
  event: EventType<Payload>,
  payload: Payload,
  consequences: ConsequencesOf | undefined,
): Fact {
  return { event, topics: event.topics(payload), payload, consequences };
}

/** Appends facts inside the caller's transaction, in their order. Of jobs of one key there is one. */
export async function appendFacts(tx: StatementRunner, facts: readonly Fact[]): Promise<void> {
  if (facts.length === 0) return;
  const rows = facts.map(({ event, topics, payload }) => ({ name: event.name, topics, payload }));
  const jobs = facts.flatMap(({ payload, consequences }) => consequences?.follow(payload) ?? []);
  const keyed = new Map(jobs.map((job, index) => [job.key ?? index, job]));
  if (keyed.size === 0) await tx.rows(APPEND, [JSON.stringify(rows)]);
  else
    await tx.rows(APPEND_WITH_JOBS, [
      JSON.stringify(rows),
      JSON.stringify(joined([...keyed.values()])),
    ]);
}

/** One job for all of a name that takes many, which then has no key: what else is asked of it is a job of its own. */
function joined(jobs: readonly JobSpecification[]): JobSpecification[] {
  const byName = Map.groupBy(jobs, ({ name, takesMany }) => (takesMany ? name : null));
  return [...byName].flatMap(([name, alike]) => {
    if (name === null || alike.length === 1) return alike;
    return { ...alike[0]!, key: null, input: { each: alike.map(({ input }) => input) } };
  });
}

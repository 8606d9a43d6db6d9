/**
 * The machinery behind the table "when this happened, these jobs follow". The table itself is the
 * application's; this file knows no event and no job by name.
 */
import type { EventType } from './event.js';
import { keyOfJob, queueOfJob, type JobDeclaration } from '../jobs/job.js';

/** A job to enqueue because of an event. */
export interface JobSpecification {
  readonly name: string;
  readonly input: object;
  readonly maxAttempts: number;
  /** Jobs of one key wait as one; null = none. */
  readonly key: string | null;
  /** Jobs of one queue run one after the other; null = all at once. */
  readonly queue: string | null;
  /** Starts within so many seconds, at random. */
  readonly jitterSeconds: number;
  /** Several of one name may be one job, whose input is `Many`. */
  readonly takesMany: boolean;
}

/** One row of the table, applied to a payload; null when its condition does not hold. */
export type Consequence<Payload> = (payload: Payload) => JobSpecification | null;

/** All rows of one event. */
export interface ConsequencesOf {
  readonly eventName: string;
  readonly follow: (payload: object) => JobSpecification[];
}

/** Declares that `job` follows, with an input made from the payload, when `condition` holds. */
export function then<Payload, Input extends object>(
  job: JobDeclaration<Input>,
  input: (payload: Payload) => Input,
  condition: (payload: Payload) => boolean = () => true,
): Consequence<Payload> {
  return (payload) => {
    if (!condition(payload)) return null;
    const { name, maxAttempts, jitterSeconds, takesMany } = job;
    const made = input(payload);
    const [key, queue] = [keyOfJob(job, made), queueOfJob(job, made)];
    return { name, input: made, maxAttempts, key, queue, jitterSeconds, takesMany };
  };
}

/** Declares everything that follows from one event; each row becomes a job of its own. */
export function when<Payload extends object>(
  event: EventType<Payload>,
  rows: readonly Consequence<Payload>[],
): ConsequencesOf {
  return {
    eventName: event.name,
    follow: (payload) => rows.map((row) => row(payload as Payload)).filter((job) => job !== null),
  };
}

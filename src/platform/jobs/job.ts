/**
 * Background work. A job runs at least once, so its handler is idempotent on its input.
 */
import type { JobContext } from '../context.js';

/** Work of this machine and the database, what waits for others over the network, and videos, which take minutes. */
export type JobLane = 'inside' | 'outside' | 'video';

/** What enqueuing a job takes: its name and how often it is tried. Its input is plain JSON. */
export interface JobDeclaration<Input> {
  /** camelCase imperative, unique in the server. */
  readonly name: string;
  /** Tries before it is parked as a dead letter; the wait grows as exp(min(attempt, 10)) seconds. */
  readonly maxAttempts: number;
  /**
   * Jobs with the same name and key are one job for as long as it waits: a further cause changes neither when it
   * runs nor how often. Null = each cause has a job of its own.
   */
  readonly keyOf: ((input: Input) => string) | null;
  /** Jobs of the same name and queue run one after the other. Null = all at once. */
  readonly queueOf: ((input: Input) => string) | null;
  /** It starts within so many seconds after its cause, at random. */
  readonly jitterSeconds: number;
  /** Jobs of a lane have places of their own: what is slow in one holds up nothing in another. */
  readonly lane: JobLane;
  /** What many causes ask of it in one transaction is one job, which does all of it. */
  readonly takesMany: boolean;
}

/** What a job is declared with; all of it has a default. */
export interface JobOptions<Input> {
  readonly maxAttempts?: number;
  /** For jobs that do what is due by reading the present state, however often that was caused. */
  readonly keyOf?: (input: Input) => string;
  /** For jobs that would be in each other's way. */
  readonly queueOf?: (input: Input) => string;
  /** For jobs that ask others, who must not be asked by everybody at once; none unless told. */
  readonly jitterSeconds?: number;
  /** For jobs that may wait for others over the network. */
  readonly asksOutside?: true;
  /** Where it runs, when it does not wait for others; `inside` unless told. */
  readonly lane?: 'video';
}

/** Inputs of one job that stands for many. */
export interface Many<Input> {
  readonly each: readonly Input[];
}

/** A declared job and its handler. */
export interface JobType<Input> extends JobDeclaration<Input> {
  readonly run: (context: JobContext, input: Input) => Promise<void>;
  /** Does all of it or throws, and then each is done apart; absent from a job that takes one input at a time. */
  readonly runAll?: (context: JobContext, inputs: readonly Input[]) => Promise<void>;
}

/** Declares a job whose handler needs something that is built at the start. */
export function declareJob<Input extends object>(
  name: string,
  options: JobOptions<Input> = {},
): JobDeclaration<Input> {
  const { maxAttempts = 25, keyOf = null, queueOf = null, jitterSeconds = 0 } = options;
  const lane = options.lane ?? (options.asksOutside ? 'outside' : 'inside');
  return { name, maxAttempts, keyOf, queueOf, jitterSeconds, lane, takesMany: false };
}

/** The queue's key of a job; null when it has none. */
export function keyOfJob<Input extends object>(
  { name, keyOf }: JobDeclaration<Input>,
  input: Input,
): string | null {
  return keyOf && `${name}:${keyOf(input)}`;
}

/** The queue in which a job waits for its like; null when it has none. */
export function queueOfJob<Input extends object>(
  { name, queueOf }: JobDeclaration<Input>,
  input: Input,
): string | null {
  return queueOf && `${name}:${queueOf(input)}`;
}

/** Defines a job. 25 attempts spread over about three days unless told otherwise. */
export function defineJob<Input extends object>(
  name: string,
  run: JobType<Input>['run'],
  options: JobOptions<Input> = {},
): JobType<Input> {
  return { ...declareJob(name, options), run };
}

/** Defines a job that does many things at once as well as one; all of it in one transaction. */
export function defineJobOfMany<Input extends object>(
  name: string,
  runAll: Required<JobType<Input>>['runAll'],
  options: Pick<JobOptions<Input>, 'maxAttempts' | 'keyOf'> = {},
): JobType<Input> {
  return {
    ...declareJob(name, options),
    takesMany: true,
    run: (context, input) => runAll(context, [input]),
    runAll,
  };
}

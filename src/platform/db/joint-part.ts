/** One of several pieces of work that share a transaction: what becomes of it, and whether what it leaves behind can be kept. */
import { mayChange } from './changes.js';
import type { Statement } from './database.js';
import type { JointConnection } from './joint-transaction.js';

/** What became of one: a throw before anything was changed is an end like any other. */
export type JointEnd<Result> = PromiseSettledResult<Result>;

/** The end of one, and whether it undoes what all others have done. */
export interface DonePart<Result> {
  readonly end: JointEnd<Result>;
  readonly isSpoilt: boolean;
}

/** How one of them reaches the transaction. */
export interface JointPart {
  readonly connection: JointConnection;
  /** It has said something that will be written at the end. */
  readonly noteChange: () => void;
  /** What failed in it cannot be undone by itself: whoever catches that may not go on as if it had not been. */
  readonly spoil: (error: unknown) => void;
}

/** Runs one of them to its end. */
export async function takePart<Result>(
  { rows, ask }: JointConnection,
  work: (part: JointPart) => Promise<Result>,
): Promise<DonePart<Result>> {
  const failures: unknown[] = [];
  let hasChanged = false;
  const noting = <Row>(query: Statement, asked: Promise<Row[]>): Promise<Row[]> => {
    hasChanged ||= mayChange(query);
    return asked.catch((error: unknown) => {
      failures.push(error);
      throw error;
    });
  };
  const part: JointPart = {
    connection: {
      rows: (query, values) => noting(query, rows(query, values)),
      ask: (query, question) => noting(query, ask(query, question)),
    },
    noteChange: () => {
      hasChanged = true;
    },
    spoil: (error) => {
      if (hasChanged) failures.push(error);
    },
  };
  const [end] = await Promise.allSettled([work(part)]);
  if (failures.length > 0)
    return { end: { status: 'rejected', reason: failures[0] }, isSpoilt: true };
  return { end, isSpoilt: end.status === 'rejected' && hasChanged };
}

/** Statements that do at once for many what each of them does for one. */
import type { Statement } from './database.js';
import { namedText } from './named-text.js';

/**
 * A statement whose only value is `$1`, a JSON array with one object for each question, in which `place` says which one
 * it is. Each row of the answer has the `place` of the question that it answers; what answers nothing has no rows.
 */
export interface StatementForMany {
  readonly name: string;
  readonly text: string;
  readonly isForMany: true;
}

/** A row of the answers. */
export interface Placed {
  readonly place: number;
}

/** Names a statement for many. Two questions about the same may be asked at once: what it changes, it changes by sums. */
export function statementForMany(name: string, text: string): StatementForMany {
  return { ...namedText(name, text), isForMany: true };
}

/** The value of such a statement. */
export function questionsValue(questions: readonly object[]): string {
  return JSON.stringify(questions.map((question, place) => ({ ...question, place })));
}

/** Something that is to be added to numbers. */
export interface Sum {
  readonly query: StatementForMany;
  readonly question: object;
}

/** Adds all of it, by one statement for each kind. */
export async function addSums(
  { rows }: { rows: (query: Statement, values: readonly unknown[]) => Promise<unknown[]> },
  sums: readonly Sum[],
): Promise<void> {
  for (const [{ name, text }, alike] of Map.groupBy(sums, ({ query }) => query))
    await rows({ name, text }, [questionsValue(alike.map(({ question }) => question))]);
}

/** Statements that do at once for many what each of them does for one. */

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
  return { name, text, isForMany: true };
}

/** The value of such a statement. */
export function questionsValue(questions: readonly object[]): string {
  return JSON.stringify(questions.map((question, place) => ({ ...question, place })));
}

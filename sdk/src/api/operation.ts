/** An operation with what it answers and what it takes, for the compiler. */

declare const types: unique symbol;

/** The text of an operation. The types exist only while compiling. */
export interface Operation<Data, Variables> {
  readonly text: string;
  readonly [types]?: (variables: Variables) => Data;
}

/** @param text a document with one operation and its fragments */
export const operation = <Data, Variables>(text: string): Operation<Data, Variables> => ({ text });

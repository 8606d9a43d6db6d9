// Where in a source something stands.

/** Something of interest at a line, counted from 1. */
export interface Mark {
  readonly what: string;
  readonly line: number;
}

/** Turns offsets into line numbers. */
export type LineOf = (offset: number) => number;

/** Prepares the line numbers of one source. */
export function lineFinder(source: string): LineOf {
  const starts = [0, ...[...source.matchAll(/\n/g)].map((match) => match.index + 1)];
  return (offset) => starts.findLastIndex((start) => start <= offset) + 1;
}

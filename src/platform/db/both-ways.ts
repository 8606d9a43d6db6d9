/** A list by keyset that is walked from either end: one text, of which each direction is a statement of its own. */
import { replannedStatement, statement, type Statement } from './database.js';
import type { PageRequest } from './page.js';

/** How a statement goes on from a key. */
export interface Step {
  /** Comparison with the key that a page continues from. */
  readonly beyond: '<' | '>';
  /** Order of the rows as they are fetched; `toPage` restores the order of the list. */
  readonly order: 'asc' | 'desc';
}

/** What a list needs to be walked. */
export interface KeysetList {
  /** Name of its statements; null = they are planned anew for their values. */
  readonly name: string | null;
  /** Order in which the list is shown; all parts of its key have the same one. */
  readonly order: Step['order'];
  /** A key below every row, so that a walk from that end is a plain comparison, too. */
  readonly lowest: readonly string[];
  /** A key above every row. */
  readonly highest: readonly string[];
  /** The statement for a step. */
  readonly text: (step: Step) => string;
}

/** One page of a list: its statement, and the key that it continues from. */
export interface Walk {
  readonly query: Statement;
  readonly from: readonly string[];
}

/** Below every id. */
export const LOWEST_ID = '00000000-0000-0000-0000-000000000000';

/** Above every id. */
export const HIGHEST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** Above every position in an order that somebody chose. */
export const GREATEST_INTEGER = '2147483647';

const UP: Step = { beyond: '>', order: 'asc' };
const DOWN: Step = { beyond: '<', order: 'desc' };

/** Makes the two statements of a list, and picks the one that a request needs. */
export function bothWays(list: KeysetList): (request: PageRequest) => Walk {
  const make = (step: Step): Statement =>
    list.name === null
      ? replannedStatement(list.text(step))
      : statement(`${list.name}.${step.order}`, list.text(step));
  const up = { query: make(UP), start: list.lowest };
  const down = { query: make(DOWN), start: list.highest };
  return ({ isBackward, from }) => {
    const { query, start } = (list.order === 'asc') === isBackward ? down : up;
    return { query, from: from ?? start };
  };
}

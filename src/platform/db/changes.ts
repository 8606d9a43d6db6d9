/** Whether a statement may change anything, told by its words: what only reads leaves nothing behind that would have to be undone. */
import type { Statement } from './database.js';

/** A word too many only makes a read look like a change. */
const CHANGING =
  /\b(?:insert|update|delete|merge|truncate|add_jobs?|pg_notify|nextval|setval|set_config)\b/i;
/** Locks are given back at the end in any case. */
const LOCKING = /\bfor\s+(?:no\s+key\s+)?update\b/gi;

const known = new WeakMap<object, boolean>();

/** True also where that is not sure. */
export function mayChange(query: Pick<Statement, 'text'>): boolean {
  let answer = known.get(query);
  if (answer === undefined) {
    answer = CHANGING.test(query.text.replaceAll(LOCKING, ''));
    known.set(query, answer);
  }
  return answer;
}

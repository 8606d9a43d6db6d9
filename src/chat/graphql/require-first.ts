/** Bounds of lists that have no pages. */
import { Invalid } from '../../platform/errors.js';

/** @throws {Invalid} INVALID_INPUT for fewer than one, or more than there may be */
export function requireFirst(first: number, most: number): void {
  if (first < 1 || first > most)
    throw new Invalid(`first must be between 1 and ${most}.`, ['first'], 'RANGE', `1..${most}`);
}

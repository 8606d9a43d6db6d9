/** Finding a place by its name. */
import type { Reader } from '../platform/db/database.js';
import { Invalid } from '../platform/errors.js';
import { findPlacesByName, type PlaceRow } from './places.queries.js';

/** A search gives at most this many places. */
export const MAX_FOUND = 20;

const MIN_LENGTH = 2;
const MAX_LENGTH = 100;

/**
 * Places one of whose names begins with the text.
 *
 * @throws {Invalid} INVALID_INPUT for a text of less than 2 or more than 100 characters, and for `first` outside 1–20
 */
export async function searchPlaces(
  reader: Reader,
  text: string,
  first: number,
): Promise<PlaceRow[]> {
  const { length } = [...text.trim()];
  if (length < MIN_LENGTH || length > MAX_LENGTH) {
    const range = `${MIN_LENGTH}–${MAX_LENGTH}`;
    throw new Invalid(`The text must have ${range} characters.`, ['query'], 'LENGTH', range);
  }
  if (first < 1 || first > MAX_FOUND)
    throw new Invalid(`Ask for 1–${MAX_FOUND} places.`, ['first'], 'RANGE', `1–${MAX_FOUND}`);
  // No place is called by signs alone, and the index could not help to look for one.
  if (!/[\p{L}\p{N}]/u.test(text)) return [];
  return findPlacesByName(reader, text.trim(), first);
}

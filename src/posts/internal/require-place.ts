/** The place of a post must be one of the gazetteer. */
import { findPlaces } from '../../places/places.queries.js';
import type { PlaceId } from '../../places/place.js';
import type { Reader } from '../../platform/db/database.js';
import { NotFound } from '../../platform/errors.js';

/** @throws {NotFound} NOT_FOUND when there is no such place; null is none and is fine */
export async function requirePlace(
  reader: Reader,
  placeId: PlaceId | null,
  path: readonly string[],
): Promise<void> {
  if (placeId === null) return;
  const [place] = await findPlaces(reader, [placeId]);
  if (!place) throw new NotFound(path);
}

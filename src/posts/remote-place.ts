/** The place of a post on another server: a name, and where it lies as far as that is said. */
import { findPlaceNear, type Point } from '../places/places.queries.js';
import type { PlaceId } from '../places/place.js';
import type { Transaction } from '../platform/db/database.js';
import { cutText } from '../platform/storable-text.js';

/** A place as its server tells it. */
export interface RemotePlace {
  readonly name: string;
  /** In any words; null = not said. */
  readonly country: string | null;
  /** Null = not said. */
  readonly point: Point | null;
}

/** What of it stands in the row of a post. */
export interface PlaceColumns {
  readonly placeId: PlaceId | null;
  readonly placeName: string | null;
}

const LONGEST_NAME = 200;
/** How far two gazetteers put the same town from each other. */
const SAME_PLACE_KM = 30;

/** Finds the place in the gazetteer where it can, and keeps what its author calls it in any case. */
export async function placeRemotePost(
  tx: Transaction,
  place: RemotePlace | null,
): Promise<PlaceColumns> {
  if (!place) return { placeId: null, placeName: null };
  const { name, country, point } = place;
  const shortName = cutText(name, LONGEST_NAME);
  const known = point && (await findPlaceNear(tx, shortName, point, SAME_PLACE_KM));
  const full = country === null ? shortName : `${shortName}, ${country}`;
  return { placeId: known?.id ?? null, placeName: cutText(full, LONGEST_NAME) };
}

/** Identity of places. */
import type { Id } from '../platform/ids.js';

/** Identity of a place, made from its number in GeoNames. */
export type PlaceId = Id<'place'>;

/** Reads of the gazetteer. */
import { statement, type Reader } from '../platform/db/database.js';
import type { PlaceId } from './place.js';

/** A place. */
export interface PlaceRow {
  readonly id: PlaceId;
  readonly name: string;
  /** ISO 3166-1 alpha-2. */
  readonly countryCode: string;
  /** First-level division as GeoNames codes it; null when it has none. */
  readonly regionCode: string | null;
  /** Degrees, WGS 84. */
  readonly latitude: number;
  readonly longitude: number;
  readonly population: number;
  /** IANA name. */
  readonly timezone: string;
}

const COLUMNS = `p.id, p.name, p.country_code as "countryCode", p.region_code as "regionCode", p.latitude, p.longitude,
  p.population::float8 as population, p.timezone`;

const BY_IDS = statement(
  'places.by_ids',
  `select ${COLUMNS} from places p where p.id = any($1::uuid[])`,
);

// Each name begins behind a line feed. Whatever would be a wildcard in the written text stands for itself.
const BY_NAME = statement(
  'places.by_name',
  `with wanted as materialized (select regexp_replace(fold_text($1), '([%_\\\\])', '\\\\\\1', 'g') as prefix)
   select ${COLUMNS} from places p, wanted
   where p.names_folded like '%' || chr(10) || wanted.prefix || '%'
   order by p.names_folded like '%' || chr(10) || wanted.prefix || chr(10) || '%' desc, p.population desc, p.id
   limit $2`,
);

// Names as above. A degree of latitude is 111 km; one of longitude that long only at the equator.
const NEAR = statement(
  'places.near',
  `with wanted as materialized (select regexp_replace(fold_text($1), '([%_\\\\])', '\\\\\\1', 'g') as name)
   select ${COLUMNS} from places p, wanted
   where p.names_folded like '%' || chr(10) || wanted.name || chr(10) || '%'
     and abs(p.latitude - $2) < $4::float8 / 111
     and abs(p.longitude - $3) * cos(radians(p.latitude)) < $4::float8 / 111
   order by power(p.latitude - $2, 2) + power((p.longitude - $3) * cos(radians(p.latitude)), 2), p.id limit 1`,
);

/** A point on the earth, in degrees, WGS 84. */
export interface Point {
  readonly latitude: number;
  readonly longitude: number;
}

/** Places by id; unknown ones are left out. */
export function findPlaces(reader: Reader, ids: readonly string[]): Promise<PlaceRow[]> {
  return reader.rows<PlaceRow>(BY_IDS, [ids]);
}

/**
 * Places one of whose names begins with the text, in any language and without regard to case and accents:
 * those that are called exactly so first, then the larger ones.
 */
export function findPlacesByName(reader: Reader, text: string, limit: number): Promise<PlaceRow[]> {
  return reader.rows<PlaceRow>(BY_NAME, [text, limit]);
}

/** The nearest place that has exactly this name, in any language, no further from a point than so many kilometres; null when there is none. */
export function findPlaceNear(
  reader: Reader,
  name: string,
  { latitude, longitude }: Point,
  kilometres: number,
): Promise<PlaceRow | null> {
  return reader.row<PlaceRow>(NEAR, [name, latitude, longitude, kilometres]);
}

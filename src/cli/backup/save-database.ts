// Saves every table from one snapshot, while the server goes on writing.
import type { Readable } from 'node:stream';

import { copyOut, readSequences } from '../../platform/db/table-copy.js';
import type { SequencePosition, TableShape } from '../../platform/db/table-copy.js';
import type { Connection } from '../../platform/db/connection.js';
import type { ArchiveWriter } from './archive-writer.js';
import { countRows, tableName } from './format.js';

/** A part of an archive needs its size beforehand, which COPY does not tell: rows are gathered into pieces of this size. */
const PIECE_BYTES = 4 * 2 ** 20;

async function* piecesOf(stream: Readable): AsyncGenerator<Buffer> {
  let gathered: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    gathered.push(chunk);
    bytes += chunk.length;
    if (bytes < PIECE_BYTES) continue;
    yield Buffer.concat(gathered);
    [gathered, bytes] = [[], 0];
  }
  if (bytes > 0) yield Buffer.concat(gathered);
}

async function saveTable(
  connection: Connection,
  table: TableShape,
  archive: ArchiveWriter,
): Promise<number> {
  let rows = 0;
  let number = 0;
  for await (const piece of piecesOf(copyOut(connection, table))) {
    number += 1;
    await archive.add(`database/${tableName(table)}/${String(number).padStart(6, '0')}`, piece);
    rows += countRows(piece);
  }
  return rows;
}

/**
 * Runs `work` on one snapshot that neither sees nor hinders what is written meanwhile.
 */
export async function inSnapshot<T>(connection: Connection, work: () => Promise<T>): Promise<T> {
  await connection.query('set statement_timeout = 0');
  await connection.query('begin isolation level repeatable read read only');
  try {
    return await work();
  } finally {
    await connection.query('commit');
  }
}

/** Saves rows, then the counters; inside a snapshot. */
export async function saveTables(
  connection: Connection,
  tables: readonly TableShape[],
  archive: ArchiveWriter,
): Promise<{ rowCounts: Record<string, number>; sequences: SequencePosition[] }> {
  const rowCounts: Record<string, number> = {};
  for (const table of tables)
    rowCounts[tableName(table)] = await saveTable(connection, table, archive);
  return { rowCounts, sequences: await readSequences(connection) };
}

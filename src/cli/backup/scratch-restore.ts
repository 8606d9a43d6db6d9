// Proves that the rows of a backup load, on a PostgreSQL that exists for this test alone.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { ensureDatabase, startEmbeddedPostgres } from '../../platform/db/embedded-postgres.js';
import type { EmbeddedPostgres } from '../../platform/db/embedded-postgres.js';
import type { CheckedArchive } from './archive-reader.js';
import { loadDatabase } from './load-database.js';

/** Whether the test could be made; a backup that does not load throws. */
export type ScratchOutcome =
  | { readonly loaded: true }
  | { readonly loaded: false; readonly reason: string };

/**
 * Loads every row, with all keys checked, and throws the result away. Needs room in the temporary directory.
 *
 * @throws if the rows don't load
 */
export async function loadIntoScratch(
  file: string,
  archive: CheckedArchive,
): Promise<ScratchOutcome> {
  const dataDirectory = await mkdtemp(path.join(tmpdir(), 'triptych-verify-'));
  try {
    const started = await tryToStart(dataDirectory);
    if (typeof started === 'string') return { loaded: false, reason: started };
    await using postgres = started;
    await ensureDatabase(postgres, 'scratch');
    const url = postgres.connectionUrl('scratch');
    await loadDatabase(url, file, archive, archive.header.domain);
    return { loaded: true };
  } finally {
    await rm(dataDirectory, { recursive: true, force: true });
  }
}

/** A reason in words where an embedded PostgreSQL can't run. */
async function tryToStart(dataDirectory: string): Promise<EmbeddedPostgres | string> {
  try {
    return await startEmbeddedPostgres({ dataDirectory, durability: 'fast' });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

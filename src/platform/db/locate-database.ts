// Where the database of this server is: outside, already running in the data directory, or to be started there.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

import type { Config } from '../config.js';
import { connect } from './connection.js';
import { ensureDatabase, startEmbeddedPostgres } from './embedded-postgres.js';

const DATABASE_NAME = 'triptych';
const SUPERUSER = 'triptych';

/** A database that can be connected to until this is disposed. */
export interface LocatedDatabase extends AsyncDisposable {
  readonly url: string;
}

type Place = Pick<Config, 'databaseUrl' | 'dataDirectory'>;

function clusterDirectory(place: Place): string {
  return path.join(place.dataDirectory, 'postgres', 'cluster');
}

/** Whether a database is configured or was made here before; false on a machine where no server ever started. */
export function hasDatabase(place: Place): boolean {
  return place.databaseUrl !== null || existsSync(clusterDirectory(place));
}

/** URL of the embedded PostgreSQL that a server runs on this data directory at this moment, or null. */
export async function runningDatabaseUrl(place: Place): Promise<string | null> {
  const lockFile = path.join(clusterDirectory(place), 'postmaster.pid');
  if (!existsSync(lockFile)) return null;
  const [, , , port = '', socketDirectory = ''] = readFileSync(lockFile, 'utf8').split('\n');
  const url = `postgresql://${SUPERUSER}@${encodeURIComponent(socketDirectory)}:${port}/${DATABASE_NAME}`;
  try {
    await using connection = await connect(url);
    await connection.query('select 1');
    return url;
  } catch {
    return null; // the lock of a server that crashed
  }
}

/** Starts the embedded PostgreSQL, or takes DATABASE_URL. For the server itself, which never shares a data directory. */
export async function openServerDatabase(place: Place): Promise<LocatedDatabase> {
  if (place.databaseUrl !== null)
    return { url: place.databaseUrl, [Symbol.asyncDispose]: () => Promise.resolve() };
  const postgres = await startEmbeddedPostgres({
    dataDirectory: path.join(place.dataDirectory, 'postgres'),
  });
  try {
    await ensureDatabase(postgres, DATABASE_NAME);
  } catch (error) {
    await postgres[Symbol.asyncDispose]();
    throw error;
  }
  return {
    url: postgres.connectionUrl(DATABASE_NAME),
    [Symbol.asyncDispose]: () => postgres[Symbol.asyncDispose](),
  };
}

/** The same for a tool beside the server: joins the embedded PostgreSQL if a server runs it, else starts it for a while. */
export async function openToolDatabase(place: Place): Promise<LocatedDatabase> {
  const running = place.databaseUrl ?? (await runningDatabaseUrl(place));
  return openServerDatabase({ ...place, databaseUrl: running });
}

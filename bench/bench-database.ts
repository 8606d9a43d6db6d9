// A migrated PostgreSQL of its own for one measurement, with the settings that `npm start` gives it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
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

/** Starts it, empty. */
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
  const owned = stack.move();
  return {
    databaseUrl,
    dataDirectory,
    postgresProcessId: postgres.processId,
    pool,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

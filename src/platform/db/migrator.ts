/**
 * Brings a database to the schema of this version. An advisory lock makes several starting processes
 * take turns; all pending migrations run in one transaction, so that a start that is killed leaves what was there, and
 * none is edited once released.
 */
import { Migrator } from '@mikro-orm/migrations';
import { MikroORM } from '@mikro-orm/postgresql';
import { runMigrations } from 'graphile-worker';
import { MIGRATIONS } from '../../../migrations/index.js';
import { StartError } from '../start-error.js';
import { appliedMigrations, connect } from './connection.js';

const LOCK_KEY = 7_481_205_118;

/** How far the migrations are. */
export interface MigrationProgress {
  readonly done: number;
  readonly total: number;
}

/**
 * Applies every pending migration, and the job queue's own. Idempotent; waits for another process
 * that is migrating.
 *
 * @param upTo name of the last migration to apply, for a restore; all of them when left out
 * @throws {StartError} when the database has migrations that this version does not know; nothing is changed then
 */
export async function migrate(
  url: string,
  onProgress: (progress: MigrationProgress) => void = () => {},
  upTo?: string,
): Promise<void> {
  await using lock = await connect(url);
  await lock.query('select pg_advisory_lock($1)', [LOCK_KEY]);
  const unknown = unknownMigrations(await appliedMigrations(lock));
  if (unknown.length > 0) {
    throw new StartError(
      `The database is of a newer version (${unknown.join(', ')}): start that version, or restore a backup of this one.`,
    );
  }
  await runMigrations({ connectionString: url });
  await runOwnMigrations(url, onProgress, upTo);
}

/** Those of the names that this version has no migration for: a newer one has made them. */
export function unknownMigrations(applied: readonly string[]): string[] {
  const known: readonly string[] = MIGRATIONS.map(({ name }) => name);
  return applied.filter((name) => !known.includes(name));
}

/** Names of migrations that this version knows and the database lacks. */
export async function pendingMigrations(url: string): Promise<string[]> {
  const orm = await openForMigrations(url);
  try {
    return (await orm.migrator.getPending()).map((migration) => migration.name);
  } finally {
    await orm.close(true);
  }
}

async function runOwnMigrations(
  url: string,
  onProgress: (progress: MigrationProgress) => void,
  upTo?: string,
): Promise<void> {
  const orm = await openForMigrations(url);
  try {
    const total = MIGRATIONS.length;
    let done = total - (await orm.migrator.getPending()).length;
    onProgress({ done, total });
    orm.migrator.on('migrated', () => onProgress({ done: ++done, total }));
    await orm.migrator.up(upTo === undefined ? {} : { to: upTo });
  } finally {
    await orm.close(true);
  }
}

function openForMigrations(url: string): Promise<MikroORM> {
  return MikroORM.init({
    clientUrl: url,
    entities: [],
    discovery: { warnWhenNoEntities: false },
    extensions: [Migrator],
    migrations: { migrationsList: [...MIGRATIONS], snapshot: false, silent: true },
    pool: { min: 0, max: 2 },
  });
}

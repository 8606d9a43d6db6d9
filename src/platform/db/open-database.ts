/**
 * Opens the pool and the ORM on one connection string. The pool is the ORM's own, so that reads and
 * writes see the same value types.
 */
import { MikroORM, type EntityClass, type AnyEntity } from '@mikro-orm/postgresql';
import type { Pool, PoolConfig } from 'pg';
import pg from 'pg';
import type { ConsequencesOf } from '../journal/consequences.js';
import { Database } from './database.js';

/** How to reach the database and how patient to be. */
export interface DatabaseOptions {
  readonly url: string;
  readonly poolSize: number;
  /** Longest time one statement may take, in ms; 0 = no limit. */
  readonly statementTimeoutMs: number;
  readonly entities: readonly EntityClass<AnyEntity>[];
  readonly consequences: readonly ConsequencesOf[];
}

/** Opens the database; the schema must have been migrated before. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const orm = await MikroORM.init({
    clientUrl: options.url,
    entities: [...options.entities],
    pool: { min: 0, max: options.poolSize, idleTimeoutMillis: 30_000 },
    driverOptions: {
      statement_timeout: options.statementTimeoutMs,
      idle_in_transaction_session_timeout: 10_000,
      connectionTimeoutMillis: 5_000,
      application_name: 'triptych',
      // Statements here are short: compiling one costs more than it can win.
      options: '-c jit=off',
      onPoolCreated: useNativeTypes,
    },
    forceUtcTimezone: true,
    ignoreUndefinedInQuery: true,
  });
  return new Database(orm, await orm.em.getConnection().getNativeClient(), options.consequences);
}

/** Timestamps arrive as Date, not as text, for statements as for entities. */
function useNativeTypes(pool: Pool & { options?: PoolConfig }): void {
  if (pool.options) pool.options.types = pg.types;
}

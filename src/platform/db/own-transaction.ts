/**
 * A transaction on a connection of its own. Its unit of work (MikroORM) comes to be when somebody asks for it: most
 * transactions write by statements alone, and cost what these cost.
 */
import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import { Kysely, PostgresDialect } from 'kysely';
import type { Pool, PoolClient } from 'pg';
import { rethrowBusy } from './database-busy.js';
import type { Statement } from './database.js';

/** The open transaction. */
export class OwnTransaction {
  private unit: EntityManager | null = null;

  constructor(
    private readonly orm: MikroORM,
    private readonly client: PoolClient,
  ) {}

  /** The unit of work, bound to this transaction. */
  get em(): EntityManager {
    this.unit ??= unitOn(this.orm, this.client);
    return this.unit;
  }

  /** Runs a statement, which sees what the unit of work was told before. */
  rows = async <Row>(query: Statement, values: readonly unknown[] = []): Promise<Row[]> => {
    await this.flush();
    const result = await this.client.query({ ...query, values: [...values] });
    return result.rows as Row[];
  };

  /** Writes what the unit of work was told. */
  async flush(): Promise<void> {
    await this.unit?.flush();
  }
}

/**
 * Runs `work` in a transaction; a throw rolls everything back.
 *
 * @throws {DatabaseBusy} when no connection becomes free in time
 */
export async function inOwnTransaction<Result>(
  orm: MikroORM,
  pool: Pool,
  work: (transaction: OwnTransaction) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect().catch(rethrowBusy);
  let broken: Error | undefined;
  try {
    await client.query('begin');
    const transaction = new OwnTransaction(orm, client);
    const result = await work(transaction);
    await transaction.flush();
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch((failure: Error) => (broken = failure));
    throw error;
  } finally {
    client.release(broken);
  }
}

/** The driver of the unit of work is led to the connection on which the transaction is open, and does not give it back. */
function unitOn(orm: MikroORM, client: PoolClient): EntityManager {
  const pool = {
    connect: () => Promise.resolve(new Proxy(client, KEPT)),
    end: () => Promise.resolve(),
    options: {},
  };
  const unit = orm.em.fork();
  unit.setTransactionContext(new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) }));
  return unit;
}

const KEPT: ProxyHandler<PoolClient> = {
  get: (client, name) => {
    if (name === 'release') return () => undefined;
    const value: unknown = Reflect.get(client, name);
    return typeof value === 'function' ? (value.bind(client) as unknown) : value;
  },
};

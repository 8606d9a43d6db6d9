/**
 * The door to PostgreSQL. Reads run as prepared statements on the pool; writes run in a transaction
 * that also carries the unit of work (MikroORM) and the journal, so that effects commit with their cause.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import { CompiledQuery } from 'kysely';
import type { Pool } from 'pg';
import type { ConsequencesOf } from '../journal/consequences.js';
import type { EventType } from '../journal/event.js';
import { appendEvent } from '../journal/append.js';
import { rethrowBusy } from './database-busy.js';

/** A statement with a name, so that every connection prepares it once. Placeholders are $1, $2 … */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** Names a statement. */
export function statement(name: string, text: string): Statement {
  return { name, text };
}

/**
 * A statement that is planned for its values each time it runs: for those of which one value finds a handful of rows
 * and another one half of a table.
 */
export function replannedStatement(text: string): Statement {
  // The driver prepares what has a name.
  return { name: '', text };
}

/** Can run statements: the pool itself or one transaction. */
export interface Reader {
  /**
   * All rows of a statement. The caller names the row type; column aliases are its property names.
   *
   * @throws {DatabaseBusy} when no connection becomes free in time
   */
  rows<Row>(query: Statement, values?: readonly unknown[]): Promise<Row[]>;
  /** The first row, or null. */
  row<Row>(query: Statement, values?: readonly unknown[]): Promise<Row | null>;
}

/** One open transaction: entity writes, statements and journal appends commit or roll back together. */
export interface Transaction extends Reader {
  /** Unit of work; it is flushed before every statement of this transaction and before the commit. */
  readonly em: EntityManager;
  /** Records a fact, enqueues what follows from it and wakes live readers, all at commit. */
  append<Payload extends object>(event: EventType<Payload>, payload: Payload): Promise<void>;
}

/** The database of this server. */
export class Database implements Reader, AsyncDisposable {
  private readonly current = new AsyncLocalStorage<Transaction>();
  private readonly consequences: ReadonlyMap<string, ConsequencesOf>;

  constructor(
    private readonly orm: MikroORM,
    /** For what needs a connection of its own: LISTEN, COPY, advisory locks. */
    readonly pool: Pool,
    consequences: readonly ConsequencesOf[],
  ) {
    this.consequences = new Map(consequences.map((entry) => [entry.eventName, entry]));
    if (this.consequences.size < consequences.length)
      throw new Error(
        'An event stands in the table of consequences twice: one would lose its jobs',
      );
  }

  async rows<Row>(query: Statement, values: readonly unknown[] = []): Promise<Row[]> {
    const open = this.current.getStore();
    if (open) return open.rows<Row>(query, values);
    const result = await this.pool.query({ ...query, values: [...values] }).catch(rethrowBusy);
    return result.rows as Row[];
  }

  async row<Row>(query: Statement, values: readonly unknown[] = []): Promise<Row | null> {
    return (await this.rows<Row>(query, values))[0] ?? null;
  }

  /**
   * Runs `work` in a transaction; a throw rolls everything back. Inside another call it joins the
   * transaction that is open, so that commands compose.
   */
  async transaction<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    const open = this.current.getStore();
    if (open) return work(open);
    return this.orm.em
      .fork()
      .transactional((em) => {
        const tx = this.bind(em);
        return this.current.run(tx, () => work(tx));
      })
      .catch(rethrowBusy);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.orm.close(true);
  }

  private bind(em: EntityManager): Transaction {
    const rows = async <Row>(query: Statement, values: readonly unknown[] = []): Promise<Row[]> => {
      await em.flush();
      const result = await em.getKysely().executeQuery(prepared(query, values));
      return result.rows as Row[];
    };
    return {
      em,
      rows,
      row: async <Row>(query: Statement, values?: readonly unknown[]) =>
        (await rows<Row>(query, values))[0] ?? null,
      append: (event, payload) =>
        appendEvent({ rows }, event, payload, this.consequences.get(event.name)),
    };
  }
}

/** The driver hands what it is given to `pg`, which prepares what has a name. */
function prepared({ name, text }: Statement, values: readonly unknown[]): CompiledQuery {
  const compiled = CompiledQuery.raw(text, [...values]);
  return name === '' ? compiled : Object.assign({ ...compiled }, { sql: { name, text } });
}

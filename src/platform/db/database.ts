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
import { appendFacts, factOf, type Fact } from '../journal/append.js';
import { rethrowBusy } from './database-busy.js';
import { inJointTransaction, type Send } from './joint-transaction.js';

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

/** What was done needs a transaction of its own, because it writes entities. */
export class NeedsOwnTransaction extends Error {
  constructor() {
    super('This cannot be done in a transaction that is shared.');
    this.name = 'NeedsOwnTransaction';
  }
}

/** One of several pieces of work failed, and with it all of them. */
export class JointFailure extends Error {
  constructor(
    /** Which ones, by their place. */
    readonly places: readonly number[],
    options: ErrorOptions,
  ) {
    super('Work that shared a transaction failed.', options);
    this.name = 'JointFailure';
  }
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

  /**
   * Runs several pieces of work side by side in one transaction that all of them share, and `finish` at its end: all of
   * it commits, or none. None of them sees to it that another one waits: what must not happen at once may not be together.
   * What they do may only use statements, no entities.
   *
   * @throws {JointFailure} when any of them throws
   */
  together<Result>(
    works: readonly (() => Promise<Result>)[],
    finish: (tx: Transaction, results: readonly Result[]) => Promise<void>,
  ): Promise<void> {
    return inJointTransaction(this.pool, async (rows) => {
      const facts: Fact[] = [];
      const tx = this.shared(rows, facts);
      const ends = await this.current.run(tx, () =>
        Promise.allSettled(works.map((work) => work())),
      );
      const failure = failureOf(ends);
      if (failure) throw failure;
      const results = ends.map((end) => (end as PromiseFulfilledResult<Result>).value);
      await finish(tx, results);
      await appendFacts(tx, facts);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.orm.close(true);
  }

  /** Facts are written at the end, all at once. */
  private shared(rows: Send, facts: Fact[]): Transaction {
    return {
      get em(): EntityManager {
        throw new NeedsOwnTransaction();
      },
      rows,
      row: async <Row>(query: Statement, values?: readonly unknown[]) =>
        (await rows<Row>(query, values))[0] ?? null,
      append: (event, payload) => {
        facts.push(factOf(event, payload, this.consequences.get(event.name)));
        return Promise.resolve();
      },
    };
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
        appendFacts({ rows }, [factOf(event, payload, this.consequences.get(event.name))]),
    };
  }
}

/** After a statement that failed PostgreSQL refuses all others of its transaction, whosever they are. */
const REFUSED_WITH_OTHERS = '25P02';

/** Who failed by itself; null when nobody did. */
function failureOf(ends: readonly PromiseSettledResult<unknown>[]): JointFailure | null {
  const failed = ends.flatMap((end, place) =>
    end.status === 'rejected' ? [{ place, cause: end.reason as Error & { code?: unknown } }] : [],
  );
  const own = failed.filter(({ cause }) => cause.code !== REFUSED_WITH_OTHERS);
  const [first] = own.length > 0 ? own : failed;
  if (!first) return null;
  const places = (own.length > 0 ? own : failed).map(({ place }) => place);
  return new JointFailure(places, { cause: first.cause });
}

/** The driver hands what it is given to `pg`, which prepares what has a name. */
function prepared({ name, text }: Statement, values: readonly unknown[]): CompiledQuery {
  const compiled = CompiledQuery.raw(text, [...values]);
  return name === '' ? compiled : Object.assign({ ...compiled }, { sql: { name, text } });
}

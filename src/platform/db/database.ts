/**
 * The door to PostgreSQL. Reads run as prepared statements on the pool; writes run in a transaction
 * that also carries the unit of work (MikroORM) and the journal, so that effects commit with their cause.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import type { Pool } from 'pg';
import type { ConsequencesOf } from '../journal/consequences.js';
import type { EventType } from '../journal/event.js';
import { appendFacts, factOf, type Fact } from '../journal/append.js';
import { rethrowBusy } from './database-busy.js';
import { failureOf, isRefusedStatement, JointFailure } from './joint-failure.js';
import { addSums, questionsValue, type StatementForMany, type Sum } from './for-many.js';
import { takePart, type DonePart, type JointEnd } from './joint-part.js';
import { inJointTransaction, type JointConnection } from './joint-transaction.js';
import { namedText } from './named-text.js';
import { inOwnTransaction, type OwnTransaction } from './own-transaction.js';
import { inPipelinedTransaction, type Asked } from './pipelined-transaction.js';

/** A statement with a name, so that every connection prepares it once. Placeholders are $1, $2 … */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/**
 * Names a statement.
 *
 * @throws {Error} when another statement of this process has that name
 */
export function statement(name: string, text: string): Statement {
  return namedText(name, text);
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
  /** What answers one question; in a transaction that others share it is asked along with theirs. */
  ask<Row>(query: StatementForMany, question: object): Promise<Row[]>;
}

/** One open transaction: entity writes, statements and journal appends commit or roll back together. */
export interface Transaction extends Reader {
  /** Unit of work; it is flushed before every statement of this transaction and before the commit. */
  readonly em: EntityManager;
  /** Adds to numbers that nobody reads before the end; what several add in a transaction that they share is added at its end. */
  sum(query: StatementForMany, question: object): Promise<void>;
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

/** What is written at the end of a transaction that several share. */
interface Late {
  readonly facts: Fact[];
  readonly sums: Sum[];
}

/** As those see it who join it. */
interface OpenTransaction extends Transaction {
  /** What failed in it and cannot be undone by itself: whoever catches that may not go on as if it had not been. */
  readonly spoil?: (error: unknown) => void;
}

/** The database of this server. */
export class Database implements Reader, AsyncDisposable {
  private readonly current = new AsyncLocalStorage<OpenTransaction>();
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

  async ask<Row>(query: StatementForMany, question: object): Promise<Row[]> {
    const open = this.current.getStore();
    return open
      ? open.ask<Row>(query, question)
      : askAlone<Row>({ rows: (...asked) => this.rows(...asked) }, query, question);
  }

  /**
   * Runs `work` in a transaction; a throw rolls everything back. Inside another call it joins the
   * transaction that is open, so that commands compose.
   */
  async transaction<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    const open = this.current.getStore();
    if (open) return joined(open, work);
    return inOwnTransaction(this.orm, this.pool, (own) => {
      const tx = this.bind(own);
      return this.current.run(tx, () => work(tx));
    });
  }

  /**
   * Runs several pieces of work side by side in one transaction that all of them share, and `finish` at its end: all of
   * it commits, or none. None of them sees to it that another one waits: what must not happen at once may not be together.
   * What they do may only use statements, no entities. Whoever throws before having changed anything is told to `finish`, and
   * harms nobody. A statement that failed, and an inner transaction that failed after a change, fail their work, also when that
   * has caught it: nothing of it can be undone alone.
   *
   * @throws {JointFailure} when any of them fails so; for all of them when what came after them could not be written
   */
  together<Result>(
    works: readonly (() => Promise<Result>)[],
    finish: (tx: Transaction, ends: readonly JointEnd<Result>[]) => Promise<void>,
  ): Promise<void> {
    return inJointTransaction(this.pool, async (connection) => {
      const late: Late = { facts: [], sums: [] };
      const taken = await Promise.all(works.map((work) => this.take(connection, late, work)));
      const failure = failureOf(taken.map(({ end, isSpoilt }) => (isSpoilt ? end : null)));
      if (failure) throw failure;
      const tx = this.shared(connection, late);
      try {
        await finish(
          tx,
          taken.map(({ end }) => end),
        );
        await addSums(tx, late.sums);
        await appendFacts(tx, late.facts);
      } catch (cause) {
        throw isRefusedStatement(cause) ? new JointFailure([...works.keys()], { cause }) : cause;
      }
    });
  }

  /** Whether what is asked here belongs to a transaction that is open. */
  get isInTransaction(): boolean {
    return this.current.getStore() !== undefined;
  }

  /**
   * Runs statements in a transaction of their own, all sent at once: for what has to be fast and is made of few.
   *
   * @returns the rows of each
   * @throws what the first one throws that fails
   */
  pipelined(asked: readonly Asked[]): Promise<unknown[][]> {
    return inPipelinedTransaction(this.pool, asked);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.orm.close(true);
  }

  /** One work of several that share a transaction. */
  private take<Result>(
    connection: JointConnection,
    late: Late,
    work: () => Promise<Result>,
  ): Promise<DonePart<Result>> {
    return takePart(connection, ({ connection: own, noteChange, spoil }) => {
      const tx = this.shared(own, late, noteChange);
      return this.current.run(Object.assign(tx, { spoil }), work);
    });
  }

  /** Sums and facts are written at the end, all at once. */
  private shared(
    { rows, ask }: JointConnection,
    { facts, sums }: Late,
    noteChange: () => void = () => undefined,
  ): Transaction {
    return {
      get em(): EntityManager {
        throw new NeedsOwnTransaction();
      },
      rows,
      row: async <Row>(query: Statement, values?: readonly unknown[]) =>
        (await rows<Row>(query, values))[0] ?? null,
      ask,
      sum: (query, question) => {
        noteChange();
        sums.push({ query, question });
        return Promise.resolve();
      },
      append: (event, payload) => {
        noteChange();
        facts.push(factOf(event, payload, this.consequences.get(event.name)));
        return Promise.resolve();
      },
    };
  }

  private bind(own: OwnTransaction): Transaction {
    const { rows } = own;
    return {
      get em(): EntityManager {
        return own.em;
      },
      rows,
      row: async <Row>(query: Statement, values?: readonly unknown[]) =>
        (await rows<Row>(query, values))[0] ?? null,
      ask: (query, question) => askAlone({ rows }, query, question),
      sum: async (query, question) => void (await askAlone({ rows }, query, question)),
      append: (event, payload) =>
        appendFacts({ rows }, [factOf(event, payload, this.consequences.get(event.name))]),
    };
  }
}

function askAlone<Row>(
  { rows }: Pick<Reader, 'rows'>,
  query: StatementForMany,
  question: object,
): Promise<Row[]> {
  return rows<Row>(query, [questionsValue([question])]);
}

async function joined<Result>(
  open: OpenTransaction,
  work: (tx: Transaction) => Promise<Result>,
): Promise<Result> {
  try {
    return await work(open);
  } catch (error) {
    open.spoil?.(error);
    throw error;
  }
}

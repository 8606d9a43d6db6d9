/**
 * One transaction for many pieces of work that run side by side, in rounds: what all of them ask while the last round is
 * answered goes to PostgreSQL together, questions of one kind in one statement, and there is one commit. Most of what a
 * short statement costs is the way there and back.
 */
import type { Duplex } from 'node:stream';
import type { Pool, PoolClient } from 'pg';
import { rethrowBusy } from './database-busy.js';
import type { Statement } from './database.js';
import { questionsValue, type Placed, type StatementForMany } from './for-many.js';

/** How the pieces of work reach their transaction. */
export interface JointConnection {
  /** Runs one statement. */
  readonly rows: <Row>(query: Statement, values?: readonly unknown[]) => Promise<Row[]>;
  /** Asks one question, along with those of others. */
  readonly ask: <Row>(query: StatementForMany, question: object) => Promise<Row[]>;
}

/** What `pg` has for this, and its types do not name. */
type PipeliningClient = PoolClient & {
  pipeline: boolean;
  readonly connection: { readonly stream: Duplex };
};

/**
 * Runs `work` in a transaction on a connection on which statements do not wait for each other.
 *
 * `work` ends only after all that it has sent was answered. A throw rolls everything back.
 *
 * @throws {DatabaseBusy} when no connection becomes free in time
 */
export async function inJointTransaction<Result>(
  pool: Pool,
  work: (connection: JointConnection) => Promise<Result>,
): Promise<Result> {
  const client = (await pool.connect().catch(rethrowBusy)) as PipeliningClient;
  client.pipeline = true;
  let broken: Error | undefined;
  try {
    await client.query('begin');
    const result = await work(new Rounds(client));
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch((failure: Error) => (broken = failure));
    throw error;
  } finally {
    client.pipeline = false;
    client.release(broken);
  }
}

interface Asked {
  readonly query: Statement | StatementForMany;
  /** Values of a statement; the question for one that is for many. */
  readonly value: unknown;
  readonly resolve: (rows: unknown[]) => void;
  readonly reject: (error: unknown) => void;
}

class Rounds implements JointConnection {
  private waiting: Asked[] = [];
  private underway = 0;
  private isDue = false;

  constructor(private readonly client: PipeliningClient) {}

  rows = <Row>(query: Statement, values: readonly unknown[] = []): Promise<Row[]> =>
    this.put<Row>(query, values);

  ask = <Row>(query: StatementForMany, question: object): Promise<Row[]> =>
    this.put<Row>(query, question);

  private put<Row>(query: Asked['query'], value: unknown): Promise<Row[]> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ query, value, resolve: resolve as Asked['resolve'], reject });
      this.next();
    });
  }

  /** After everybody who heard an answer has said what they ask next. */
  private next(): void {
    if (this.isDue || this.underway > 0 || this.waiting.length === 0) return;
    this.isDue = true;
    setImmediate(() => {
      this.isDue = false;
      this.send();
    });
  }

  private send(): void {
    const round = [...Map.groupBy(this.waiting, keyOf).values()];
    this.waiting = [];
    this.underway = round.length;
    const { stream } = this.client.connection;
    stream.cork();
    for (const alike of round) void this.run(alike);
    stream.uncork();
  }

  private async run(alike: readonly Asked[]): Promise<void> {
    const { name, text } = alike[0]!.query;
    try {
      const { rows } = await this.client.query({ name, text, values: valuesOf(alike) });
      answer(alike, rows);
    } catch (error) {
      for (const { reject } of alike) reject(error);
    }
    this.underway -= 1;
    this.next();
  }
}

/** Questions of one kind go together, everything else goes by itself. */
function keyOf(asked: Asked): object {
  return 'isForMany' in asked.query ? asked.query : asked;
}

function valuesOf(alike: readonly Asked[]): unknown[] {
  const [{ query, value }] = alike as [Asked];
  if (!('isForMany' in query)) return value as unknown[];
  return [questionsValue(alike.map((one) => one.value as object))];
}

function answer(alike: readonly Asked[], rows: unknown[]): void {
  if (alike.length === 1) return alike[0]!.resolve(rows);
  const byPlace = Map.groupBy(rows as Placed[], ({ place }) => place);
  for (const [place, { resolve }] of alike.entries()) resolve(byPlace.get(place) ?? []);
}

/**
 * A transaction in one way to PostgreSQL and back: all of its statements are sent at once, so none of them can be made from
 * the answer to another one. What short statements cost most is waiting for each of them. Nothing begins or commits it: what
 * comes before one Sync of the protocol is a transaction, in which each statement sees what is there when it begins.
 *
 * @source PostgreSQL 18, "Message Flow", Pipelining
 */
import type { Duplex } from 'node:stream';
import pg from 'pg';
import { rethrowBusy } from './database-busy.js';
import type { Statement } from './database.js';

/** What a statement can be given here. */
export type AskedValue = string | number | boolean | Date;

/** Classes of codes with which a statement is refused, and the connection goes on: of values, rules, locks and limits. */
const REFUSALS: ReadonlySet<string> = new Set([
  '0A',
  '21',
  '22',
  '23',
  '27',
  '2B',
  '40',
  '42',
  '44',
  '54',
  '55',
  'P0',
]);
const QUERY_CANCELED = '57014';

/** A statement with its values. */
export type Asked = readonly [query: Statement, values: readonly AskedValue[]];

/** What `pg` has to speak the protocol with, and its types do not name. */
interface Wire {
  readonly stream: Duplex;
  /** Texts of the statements that the connection knows, by name. */
  readonly parsedStatements: Record<string, string>;
  parse(message: { readonly name: string; readonly text: string }): void;
  bind(message: { readonly statement: string; readonly values: readonly string[] }): void;
  describe(message: { readonly type: 'P'; readonly name: '' }): void;
  execute(message: { readonly portal: '' }): void;
  sync(): void;
  on(event: 'parseComplete', listener: () => void): void;
  off(event: 'parseComplete', listener: () => void): void;
}

/** All statements of a transaction as one query of `pg`, with a result for each. */
class WholeTransaction extends pg.Query {
  private readonly unknown: Statement[] = [];
  private wire: Wire | null = null;

  constructor(
    private readonly asked: readonly Asked[],
    private readonly end: (error: Error | null, results: readonly pg.QueryResult[]) => void,
  ) {
    super({ text: '' }, undefined, (error: Error | null | undefined, results: unknown) => {
      this.wire?.off('parseComplete', this.note);
      this.end(error ?? null, [results].flat() as pg.QueryResult[]);
    });
  }

  override submit = (connection: unknown): void => {
    const wire = connection as Wire;
    this.wire = wire;
    wire.on('parseComplete', this.note);
    wire.stream.cork();
    for (const [query, values] of this.asked) this.send(wire, query, values);
    wire.sync();
    wire.stream.uncork();
  };

  private send(wire: Wire, query: Statement, values: readonly AskedValue[]): void {
    const { name, text } = query;
    // What has no name is what was last sent without one.
    if (name === '' || wire.parsedStatements[name] !== text) {
      this.unknown.push(query);
      wire.parse({ name, text });
    }
    wire.bind({ statement: name, values: values.map(asText) });
    wire.describe({ type: 'P', name: '' });
    wire.execute({ portal: '' });
  }

  /** They are told of in the order in which they were sent; after a failure, of none of the rest. */
  private readonly note = (): void => {
    const query = this.unknown.shift();
    if (query?.name && this.wire) this.wire.parsedStatements[query.name] = query.text;
  };
}

const asText = (value: AskedValue): string =>
  value instanceof Date ? value.toISOString() : String(value);

/**
 * Runs statements one after the other; all of it commits, or none.
 *
 * @returns the rows of each
 * @throws what the first one throws that fails
 * @throws {DatabaseBusy} when no connection becomes free in time
 */
export async function inPipelinedTransaction(
  pool: pg.Pool,
  asked: readonly Asked[],
): Promise<unknown[][]> {
  const client = await pool.connect().catch(rethrowBusy);
  return new Promise((resolve, reject) => {
    const transaction = new WholeTransaction(asked, (error, results) => {
      // Of a connection that failed otherwise than by refusing a statement nobody knows where it stands.
      client.release(error !== null && !isRefusal(error));
      if (error) reject(error);
      else resolve(results.map(({ rows }) => rows as unknown[]));
    });
    client.query(transaction);
  });
}

/**
 * Whether a statement was refused, after which the connection goes on. By the code, as the severity is told in the language of
 * the server; what ends connections has codes of other classes.
 * @source PostgreSQL, Appendix A
 */
function isRefusal(error: Error): boolean {
  if (!(error instanceof pg.DatabaseError) || error.code === undefined) return false;
  return REFUSALS.has(error.code.slice(0, 2)) || error.code === QUERY_CANCELED;
}

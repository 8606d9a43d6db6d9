/**
 * A transaction in one way to PostgreSQL and back: all of its statements are sent at once, so none of them can be made from
 * the answer to another one. What short statements cost most is waiting for each of them.
 */
import type { Duplex } from 'node:stream';
import type { Pool, PoolClient } from 'pg';
import { rethrowBusy } from './database-busy.js';
import type { Statement } from './database.js';

/** A statement with its values. */
export type Asked = readonly [query: Statement, values: readonly unknown[]];

/** What `pg` has for this, and its types do not name. */
type PipeliningClient = PoolClient & {
  pipeline: boolean;
  readonly connection: { readonly stream: Duplex };
};

/**
 * Runs statements one after the other; all of it commits, or none.
 *
 * @returns the rows of each
 * @throws what the first one throws that fails
 * @throws {DatabaseBusy} when no connection becomes free in time
 */
export async function inPipelinedTransaction(
  pool: Pool,
  asked: readonly Asked[],
): Promise<unknown[][]> {
  const client = (await pool.connect().catch(rethrowBusy)) as PipeliningClient;
  client.pipeline = true;
  const { stream } = client.connection;
  stream.cork();
  const answers = [
    client.query('begin'),
    ...asked.map(([query, values]) => client.query({ ...query, values: [...values] })),
    // After a failure this rolls back.
    client.query('commit'),
  ];
  stream.uncork();
  const ends = await Promise.allSettled(answers);
  client.pipeline = false;
  const failed = ends.find((end) => end.status === 'rejected');
  // Of a connection that did not even end its transaction nobody knows where it stands.
  client.release(ends.at(-1)!.status === 'rejected');
  if (failed) throw failed.reason;
  return ends.slice(1, -1).map((end) => {
    return (end as PromiseFulfilledResult<{ readonly rows: unknown[] }>).value.rows;
  });
}

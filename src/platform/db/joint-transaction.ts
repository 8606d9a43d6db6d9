/**
 * One transaction for many pieces of work that run side by side: what all of them ask at a time goes to PostgreSQL in
 * one write, and there is one commit. Most of what a short statement costs is the way there and back.
 */
import type { Duplex } from 'node:stream';
import type { Pool, PoolClient } from 'pg';
import { rethrowBusy } from './database-busy.js';
import type { Statement } from './database.js';

/** Runs one statement of the transaction, whatever else is still on its way. */
export type Send = <Row>(query: Statement, values?: readonly unknown[]) => Promise<Row[]>;

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
  work: (send: Send) => Promise<Result>,
): Promise<Result> {
  const client = (await pool.connect().catch(rethrowBusy)) as PipeliningClient;
  client.pipeline = true;
  let broken: Error | undefined;
  try {
    await client.query('begin');
    const result = await work(sendTo(client));
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

/** What is sent in one turn of the event loop leaves together. */
function sendTo(client: PipeliningClient): Send {
  const { stream } = client.connection;
  let isHeld = false;
  return async <Row>({ name, text }: Statement, values: readonly unknown[] = []) => {
    if (!isHeld) {
      isHeld = true;
      stream.cork();
      process.nextTick(() => {
        isHeld = false;
        stream.uncork();
      });
    }
    const { rows } = await client.query({ name, text, values: [...values] });
    return rows as Row[];
  };
}

/** Loads a file of lines into the database without looking at a single line here: PostgreSQL parses them. */
import { pipeline } from 'node:stream/promises';
import type { Readable } from 'node:stream';
import { from } from 'pg-copy-streams';
import type { Pool } from 'pg';

/** What becomes of the lines. */
export interface LineImport {
  /** Columns of the temporary table, as `create table` has them: one per tab-separated value, in order. */
  readonly columns: string;
  /** Statements that read the temporary table `imported`. They take no parameters. */
  readonly statements: readonly string[];
}

/**
 * Copies tab-separated lines into the temporary table `imported` and runs the statements on it, all in one
 * transaction of its own. An empty value is null.
 */
export async function importLines(
  pool: Pool,
  lines: Readable,
  { columns, statements }: LineImport,
): Promise<void> {
  const client = await pool.connect();
  let failure: Error | undefined;
  try {
    await client.query('begin');
    await client.query('set local statement_timeout = 0');
    await client.query(`create temporary table imported (${columns}) on commit drop`);
    await pipeline(lines, client.query(from(`copy imported from stdin with (null '')`)));
    for (const text of statements) await client.query(text);
    await client.query('commit');
  } catch (error) {
    failure = error as Error;
    throw error;
  } finally {
    // A connection that failed half-way is not given back: closing it rolls everything back.
    client.release(failure);
  }
}

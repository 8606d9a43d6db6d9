/**
 * Routines: what PostgreSQL carries out in one call, step by step, where one statement would be too large and several would be
 * too many ways. Their text stands with the code that needs them, and their name says which text it is: processes of two
 * versions use one database side by side, each calls its own.
 */
import { createHash } from 'node:crypto';
import type { Pool } from 'pg';
import { rethrowBusy } from './database-busy.js';

/** A function of PostgreSQL. */
export interface Routine {
  /** Ends in a digest of all the rest. */
  readonly name: string;
  readonly definition: string;
}

/** What a routine is made of, as SQL has it. */
export interface RoutineText {
  /** Parameters with their types. */
  readonly takes: string;
  readonly returns: string;
  /** Settings that hold while it runs. */
  readonly settings: Readonly<Record<string, string>>;
  /** In PL/pgSQL. */
  readonly body: string;
}

const LOCK_KEY = 7_481_205_119;

/** Digits of the digest: no two texts of one routine have the same. */
const DIGEST_LENGTH = 12;

/** The one in use, and the one before it, which another process may still be using. */
const VERSIONS_KEPT = 2;

/** Names a routine. @param name without a version */
export function routine(name: string, { takes, returns, settings, body }: RoutineText): Routine {
  const set = Object.entries(settings).map(([key, value]) => `set ${key} = ${value}`);
  const rest = `(${takes}) returns ${returns} language plpgsql ${set.join(' ')} as $routine$${body}$routine$`;
  const digest = createHash('sha256').update(rest).digest('hex').slice(0, DIGEST_LENGTH);
  const versioned = `${name}_${digest}`;
  return { name: versioned, definition: `create or replace function ${versioned}${rest}` };
}

/**
 * Sees to it that a routine can be called. Idempotent; older versions of it go, but for the last one.
 *
 * @throws {DatabaseBusy} when no connection becomes free in time
 */
export async function installRoutine(pool: Pool, { name, definition }: Routine): Promise<void> {
  const found = 'select from pg_proc where proname = $1 and pg_function_is_visible(oid)';
  const { rows } = await pool.query(found, [name]).catch(rethrowBusy);
  if (rows.length > 0) return;
  const client = await pool.connect().catch(rethrowBusy);
  try {
    await client.query('begin');
    await client.query('select pg_advisory_xact_lock($1)', [LOCK_KEY]);
    await client.query(definition);
    const stem = name.slice(0, -DIGEST_LENGTH);
    const old = await client.query<{ drop: string }>(
      `select 'drop function ' || oid::regprocedure as drop from pg_proc
       where left(proname, -${DIGEST_LENGTH}) = $1 and pg_function_is_visible(oid) and pg_has_role(proowner, 'USAGE')
       order by proname = $2 desc, oid desc offset ${VERSIONS_KEPT}`,
      [stem, name],
    );
    for (const { drop } of old.rows) await client.query(drop);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}

// Whole tables out of one database and into another, by COPY in its text format: one line per row.
import type { Readable, Writable } from 'node:stream';

import { from, to } from 'pg-copy-streams';

import type { Connection } from './connection.js';

/** A table and the columns that are stored (generated ones are not). */
export interface TableShape {
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly string[];
}

/** A counter behind an identity column or a `nextval`. */
export interface SequencePosition {
  readonly schema: string;
  readonly name: string;
  /** The last value given out. */
  readonly value: string;
}

/** Made anew by migrating, or worthless after a restart (unlogged tables). */
const LEFT_OUT = ['public.mikro_orm_migrations', 'graphile_worker.migrations'];
const SCHEMAS = ['public', 'graphile_worker'];

function quoted(connection: Connection, { schema, name, columns }: TableShape): string {
  const list = columns.map((column) => connection.escapeIdentifier(column)).join(', ');
  return `${connection.escapeIdentifier(schema)}.${connection.escapeIdentifier(name)} (${list})`;
}

/** Tables of the server and of its job queue, by name. */
export async function listTables(connection: Connection): Promise<TableShape[]> {
  const { rows } = await connection.query<{ schema: string; name: string; columns: string[] }>(
    `select n.nspname as schema, c.relname as name, array_agg(a.attname::text order by a.attnum) as columns
     from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
     where n.nspname = any ($1) and c.relkind = 'r' and c.relpersistence = 'p'
       and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' and (n.nspname || '.' || c.relname) <> all ($2)
     group by 1, 2 order by 1 desc, 2`,
    [SCHEMAS, LEFT_OUT],
  );
  return rows;
}

/** The rows of a table as lines, each ended by a line feed; a line feed inside a value is escaped. */
export function copyOut(connection: Connection, table: TableShape): Readable {
  return connection.query(to(`copy ${quoted(connection, table)} to stdout`));
}

/** Takes the lines of `copyOut`; `rowCount` is known after `finish`. */
export function copyIn(connection: Connection, table: TableShape): Writable & { rowCount: number } {
  return connection.query(from(`copy ${quoted(connection, table)} from stdin`));
}

/** Where every counter stands that was ever used. Counters don't belong to snapshots: read them after the rows. */
export async function readSequences(connection: Connection): Promise<SequencePosition[]> {
  const { rows } = await connection.query<SequencePosition>(
    `select schemaname::text as schema, sequencename::text as name, last_value::text as value from pg_sequences
     where schemaname = any ($1) and last_value is not null and (schemaname || '.' || sequencename) not like '%.mikro_orm_migrations%'
     order by 1, 2`,
    [SCHEMAS],
  );
  return rows;
}

/** Sets every counter so that its next value is unused. */
export async function writeSequences(
  connection: Connection,
  positions: readonly SequencePosition[],
): Promise<void> {
  for (const { schema, name, value } of positions) {
    await connection.query(
      'select setval(format($$%I.%I$$, $1::text, $2::text)::regclass, $3::bigint)',
      [schema, name, value],
    );
  }
}

/**
 * Runs `load` while foreign keys and triggers are out of the way, then puts the keys back, which checks every row.
 * Needs an open transaction and the owner of the tables, no superuser.
 *
 * @throws if the loaded rows break a foreign key
 */
export async function withoutConstraints(
  connection: Connection,
  tables: readonly TableShape[],
  load: () => Promise<void>,
): Promise<void> {
  const { rows: keys } = await connection.query<{
    table: string;
    name: string;
    definition: string;
  }>(
    `select c.conrelid::regclass::text as table, quote_ident(c.conname) as name, pg_get_constraintdef(c.oid) as definition
     from pg_constraint c where c.contype = 'f' and c.conparentid = 0 and c.connamespace = any ($1::text[]::regnamespace[])`,
    [SCHEMAS],
  );
  const names = tables.map(
    ({ schema, name }) =>
      `${connection.escapeIdentifier(schema)}.${connection.escapeIdentifier(name)}`,
  );
  for (const { table, name } of keys)
    await connection.query(`alter table ${table} drop constraint ${name}`);
  for (const name of names) await connection.query(`alter table ${name} disable trigger user`);
  await load();
  for (const name of names) await connection.query(`alter table ${name} enable trigger user`);
  for (const { table, name, definition } of keys)
    await connection.query(`alter table ${table} add constraint ${name} ${definition}`);
}

/** The first table that holds a row, or null: nobody ever used this database. */
export async function firstUsedTable(connection: Connection): Promise<string | null> {
  for (const table of await listTables(connection)) {
    if (table.schema !== 'public') continue;
    const { rowCount } = await connection.query(
      `select from ${connection.escapeIdentifier(table.schema)}.${connection.escapeIdentifier(table.name)} limit 1`,
    );
    if (rowCount !== 0) return table.name;
  }
  return null;
}

/**
 * Fits rows that refer to the inner life of the old database to the new one; part of the loading transaction.
 *
 * Transaction numbers start anew there, so an event that kept its old one would stay invisible until the new database
 * gets that far: events keep their order under the lowest number. Jobs that were running are free to be taken again.
 */
export async function settleIn(connection: Connection): Promise<void> {
  await connection.query(
    `create temporary table settled_events on commit drop as
       select name, topics, payload, created_at, row_number() over (order by xid, seq) as seq from events`,
  );
  await connection.query('delete from events');
  await connection.query(
    `insert into events (xid, seq, name, topics, payload, created_at) overriding system value
       select '3'::xid8, seq, name, topics, payload, created_at from settled_events`,
  );
  await connection.query(
    'update graphile_worker._private_jobs set locked_at = null, locked_by = null where locked_at is not null',
  );
  await connection.query(
    'update graphile_worker._private_job_queues set locked_at = null, locked_by = null where locked_at is not null',
  );
}

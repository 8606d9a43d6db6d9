// What is stored, one digest per table: two footprints are equal exactly when nothing was written in between.
import { statement, type Reader, type Statement } from '../../src/platform/db/database.js';

/** Digest of every table by its name: rows, events, jobs, everything but how often somebody knocked. */
export type Footprint = Readonly<Record<string, string>>;

const TABLES = statement(
  'test.footprint.tables',
  `select table_schema || '.' || table_name as name from information_schema.tables
   where table_type = 'BASE TABLE' and table_schema in ('public', 'graphile_worker') order by name`,
);

/** Counters of attempts: they change with every request. */
const IGNORED_TABLES = ['public.rate_limits'];
/** Every request with a token says that the token is in use, and so lives on. */
const IGNORED_COLUMNS: Readonly<Record<string, readonly string[]>> = {
  'public.sessions': ['last_used_at', 'expires_at'],
};

/** All databases of a run are copies of one, so their tables are asked for once. */
let digests: Promise<Statement> | null = null;

/** Digests all tables of a test server in one statement. */
export async function footprint(reader: Reader): Promise<Footprint> {
  const rows = await reader.rows<{ name: string; digest: string }>(
    await (digests ??= digestsOf(reader)),
  );
  return Object.fromEntries(rows.map(({ name, digest }) => [name, digest]));
}

/** Names of the tables that differ. */
export function changedTables(before: Footprint, after: Footprint): string[] {
  return Object.keys(after).filter((name) => after[name] !== before[name]);
}

async function digestsOf(reader: Reader): Promise<Statement> {
  const tables = await reader.rows<{ name: string }>(TABLES);
  const each = tables
    .filter(({ name }) => !IGNORED_TABLES.includes(name))
    .map(({ name }) => digestOf(name, IGNORED_COLUMNS[name] ?? []));
  return statement('test.footprint', each.join(' union all '));
}

function digestOf(table: string, ignored: readonly string[]): string {
  const row = `md5((to_jsonb(t) - array[${ignored.map((name) => `'${name}'`).join()}]::text[])::text)`;
  return `select '${table}' as name, md5(coalesce(string_agg(${row}, '' order by ${row}), '')) as digest from ${table} t`;
}

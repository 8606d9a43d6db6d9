// Searching for what must not be there: in everything that a server keeps, prints and sends, in all forms that it could take.
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync, inflateSync } from 'node:zlib';
import type pg from 'pg';

/** Somewhere to look, and its name for the report. */
export interface Haystack {
  readonly name: string;
  readonly bytes: Buffer;
}

/** Where something was found, and in which form. */
export interface Finding {
  readonly canary: string;
  readonly where: string;
  readonly form: string;
}

const GZIP = Buffer.from([0x1f, 0x8b, 0x08]);
const GZIP_AS_DIGITS = Buffer.from('H4sI');
const LONGEST_DIGITS = 400_000;
const ZLIB = [0x01, 0x5e, 0x9c, 0xda].map((level) => Buffer.from([0x78, level]));

/** Looks for texts and keys, in the open, in common encodings, and inside of what is compressed. */
export function findCanaries(
  canaries: readonly (string | Buffer)[],
  haystacks: readonly Haystack[],
): Finding[] {
  const found: Finding[] = [];
  const words = canaries.filter((canary) => typeof canary === 'string');
  const keys = canaries.filter((canary) => typeof canary !== 'string').map(soughtOf);
  const starts = formsOf(commonStart(words));
  const all = [...words.map(soughtOf), ...keys];
  for (const { name, bytes } of haystacks)
    for (const [wrapping, layer] of layersOf(bytes)) {
      // All words begin alike: where that is not, none of them is.
      const mayHaveWords = starts.some(([, needle]) => layer.includes(needle));
      for (const { canary, forms } of mayHaveWords ? all : keys)
        for (const [form, needle] of forms)
          if (layer.includes(needle)) found.push({ canary, where: name, form: wrapping + form });
    }
  return found;
}

interface Sought {
  readonly canary: string;
  readonly forms: readonly Form[];
}
type Form = readonly [form: string, needle: Buffer];

const soughtOf = (canary: string | Buffer): Sought => ({
  canary: String(canary),
  forms: formsOf(canary),
});

function commonStart([first = '', ...others]: readonly string[]): string {
  let length = first.length;
  for (const other of others) while (!other.startsWith(first.slice(0, length))) length -= 1;
  return first.slice(0, length);
}

function formsOf(canary: string | Buffer): Form[] {
  const bytes = Buffer.from(canary as string);
  const wide = typeof canary === 'string' ? Buffer.from(canary, 'utf16le') : null;
  const forms: Form[] = [
    ['as it is', bytes],
    ['hex', Buffer.from(bytes.toString('hex'))],
    ['HEX', Buffer.from(bytes.toString('hex').toUpperCase())],
    ...digitsOf(bytes),
  ];
  if (wide) {
    forms.push(['utf16le', wide], ['utf16be', Buffer.from(wide).swap16()]);
    forms.push(...digitsOf(wide));
  }
  return forms;
}

/** Wherever it stands among other bytes: all but the digits that depend on its neighbours. */
function digitsOf(bytes: Buffer): Form[] {
  return (['base64', 'base64url'] as const).flatMap((encoding) =>
    [0, 1, 2].map((before): Form => {
      const digits = Buffer.concat([Buffer.alloc(before), bytes]).toString(encoding);
      const first = Math.ceil((before * 8) / 6);
      const last = Math.floor(((before + bytes.length) * 8) / 6);
      return [`${encoding}+${before}`, Buffer.from(digits.slice(first, last))];
    }),
  );
}

/** The bytes, and what comes out of each compressed stream that begins in them. */
function* layersOf(bytes: Buffer): Generator<[wrapping: string, layer: Buffer]> {
  yield ['', bytes];
  for (const at of placesOf(bytes, GZIP))
    yield* unpacked('gzip ', () => gunzipSync(bytes.subarray(at)));
  for (const at of placesOf(bytes, GZIP_AS_DIGITS))
    yield* unpacked('base64 of gzip ', () => gunzipSync(digitsAt(bytes, at)));
  for (const head of ZLIB)
    for (const at of placesOf(bytes, head)) {
      yield* unpacked('zlib ', () => inflateSync(bytes.subarray(at)));
    }
}

/** What the digits say that begin there. */
function digitsAt(bytes: Buffer, at: number): Buffer {
  const [digits] = /^[\w+/=-]*/.exec(bytes.toString('latin1', at, at + LONGEST_DIGITS))!;
  return Buffer.from(digits, 'base64');
}

function* placesOf(bytes: Buffer, head: Buffer): Generator<number> {
  for (let at = bytes.indexOf(head); at >= 0; at = bytes.indexOf(head, at + 1)) yield at;
}

function* unpacked(wrapping: string, unpack: () => Buffer): Generator<[string, Buffer]> {
  try {
    yield [wrapping, unpack()];
  } catch {
    // These bytes only look like the head of something compressed.
  }
}

/** Every value of every row of every table: bytes as they are, all else as text. */
export async function rowsOf(
  client: pg.Client,
): Promise<{ readonly table: string; readonly values: Buffer[] }[]> {
  const tables = await client.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
     where schemaname not in ('pg_catalog', 'information_schema')`,
  );
  const found = [];
  for (const { name: table } of tables.rows) {
    const { rows } = await client.query<Record<string, unknown>>(`select * from ${table}`);
    found.push({ table, values: rows.flatMap((row) => Object.values(row).map(bytesOf)) });
  }
  return found;
}

/** Every table, to be searched. */
export async function dumpOf(client: pg.Client): Promise<Haystack[]> {
  const line = Buffer.from('\n');
  return (await rowsOf(client)).map(({ table, values }) => ({
    name: `table ${table}`,
    bytes: Buffer.concat(values.flatMap((value) => [value, line])),
  }));
}

function bytesOf(value: unknown): Buffer {
  if (Buffer.isBuffer(value)) return value;
  return Buffer.from(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
}

/** Every file below a directory. */
export async function filesBelow(directory: string): Promise<Haystack[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return Promise.all(
    files.map(async ({ parentPath, name }) => {
      const file = path.join(parentPath, name);
      return { name: file, bytes: await readFile(file) };
    }),
  );
}

/** The files of a database, with all that PostgreSQL has to write to them. */
export async function filesOfDatabase(client: pg.Client): Promise<Haystack[]> {
  await client.query('checkpoint');
  const { rows } = await client.query<{ data: string; base: string }>(
    `select current_setting('data_directory') as data,
       (select oid::text from pg_database where datname = current_database()) as base`,
  );
  const { data, base } = rows[0]!;
  return filesBelow(path.join(data, 'base', base));
}

/** The log of PostgreSQL since a place in it, that of all its databases. */
export async function logSince(client: pg.Client, since: string): Promise<Haystack[]> {
  const { rows } = await client.query<{ data: string; first: string; last: string }>(
    `select current_setting('data_directory') as data, pg_walfile_name($1::pg_lsn) as first,
       pg_walfile_name(pg_current_wal_insert_lsn()) as last`,
    [since],
  );
  const { data, first, last } = rows[0]!;
  const log = path.join(data, 'pg_wal');
  const segments = (await readdir(log)).filter((name) => name >= first && name <= last);
  return Promise.all(
    segments.map(async (name) => ({
      name: `WAL ${name}`,
      bytes: await readFile(path.join(log, name)),
    })),
  );
}

/**
 * Where the log of PostgreSQL stands. From there on all of it is kept while the connection lasts: other tests that share
 * the server write enough for it to use old files again.
 */
export async function holdLog(client: pg.Client): Promise<string> {
  await client.query(
    `select pg_create_physical_replication_slot('canaries_' || pg_backend_pid(), true, true)`,
  );
  const { rows } = await client.query<{ place: string }>(
    'select pg_current_wal_lsn()::text as place',
  );
  return rows[0]!.place;
}

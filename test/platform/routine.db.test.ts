// Functions of PostgreSQL that stand with the code: each version under its own name, and no old ones left over.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { arrayText } from '../../src/platform/db/array-text.js';
import { DatabaseBusy } from '../../src/platform/db/database-busy.js';
import { installRoutine, routine, type Routine } from '../../src/platform/db/routine.js';
import { freshDatabase } from '../support/database.js';

const stack = new AsyncDisposableStack();
let pool: pg.Pool;

beforeAll(async () => {
  const { url } = stack.use(await freshDatabase());
  pool = new pg.Pool({ connectionString: url, max: 4 });
  // Connections end a moment after the pool, when their database has gone.
  pool.on('error', () => undefined);
  stack.defer(() => pool.end());
});

afterAll(() => stack.disposeAsync());

const answering = (answer: number): Routine =>
  routine('test_answer', {
    takes: 'words text[]',
    returns: 'text',
    settings: { enable_seqscan: 'off' },
    body: `begin return ${answer} || array_to_string(words, '|', 'nothing') || current_setting('enable_seqscan'); end`,
  });

async function call({ name }: Routine, words: string): Promise<string> {
  const { rows } = await pool.query<{ said: string }>(`select ${name}($1) as said`, [words]);
  return rows[0]!.said;
}

async function installed(): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>(
    `select proname as name from pg_proc where proname like 'test\\_answer\\_%' order by oid`,
  );
  return rows.map(({ name }) => name);
}

test('many install a routine at the same time, and its settings hold while it runs', async () => {
  const one = answering(1);
  await Promise.all(Array.from({ length: 4 }, () => installRoutine(pool, one)));
  expect(await installed()).toEqual([one.name]);
  expect(await call(one, arrayText(['a "b"', String.raw`c\d`, null, '{,}']))).toBe(
    String.raw`1a "b"|c\d|nothing|{,}off`,
  );
});

test('two versions stand side by side, and older ones go', async () => {
  const [one, two, three] = [1, 2, 3].map(answering) as [Routine, Routine, Routine];
  await installRoutine(pool, one);
  await installRoutine(pool, two);
  expect([await call(one, '{}'), await call(two, '{}')]).toEqual(['1off', '2off']);
  await installRoutine(pool, three);
  expect(await installed()).toEqual([two.name, three.name]);
  await installRoutine(pool, one);
  expect(await installed()).toEqual([three.name, one.name]);
});

test('what stands in another schema is nobody of this one', async () => {
  const one = answering(4);
  await pool.query(
    `create schema elsewhere; create function elsewhere.${one.name}(words text[]) returns text language sql return 'other'`,
  );
  await installRoutine(pool, one);
  expect(await call(one, '{}')).toBe('4off');
  await installRoutine(pool, answering(5));
  await installRoutine(pool, answering(6));
  expect(await installed()).toContain(one.name);
});

test('whoever gets no connection for it may come again, as for everything else', async () => {
  const { options } = pool;
  await using few = new AsyncDisposableStack();
  const narrow = new pg.Pool({ ...options, max: 1 });
  narrow.on('error', () => undefined);
  few.defer(() => narrow.end());
  const client = await narrow.connect();
  few.defer(() => client.release());
  narrow.options.connectionTimeoutMillis = 20;
  await expect(installRoutine(narrow, answering(7))).rejects.toThrow(DatabaseBusy);
});

test('a text that PostgreSQL refuses leaves nothing behind', async () => {
  const broken = routine('test_broken', { takes: '', returns: 'text', settings: {}, body: 'oh' });
  await expect(installRoutine(pool, broken)).rejects.toThrow('syntax error');
  await installRoutine(pool, answering(3));
  expect(await call(answering(3), arrayText([1, true]))).toBe('31|trueoff');
});

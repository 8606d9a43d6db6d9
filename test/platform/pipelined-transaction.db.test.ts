// Statements that are sent at once, in a transaction that nothing begins.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Actor } from '../../src/actors/actor.entity.js';
import {
  replannedStatement,
  statement,
  type Database,
  type Statement,
} from '../../src/platform/db/database.js';
import { openDatabase } from '../../src/platform/db/open-database.js';
import { freshDatabase } from '../support/database.js';

const stack = new AsyncDisposableStack();
let database: Database;

beforeAll(async () => {
  const { url } = stack.use(await freshDatabase());
  const options = { url, poolSize: 1, statementTimeoutMs: 0, entities: [Actor], consequences: [] };
  database = stack.use(await openDatabase(options));
  await database.rows(statement('piped.make', 'create table piped (number int primary key)'));
});

afterAll(() => stack.disposeAsync());

const ADD = statement('piped.add', 'insert into piped values ($1)');
const ALL = statement('piped.all', 'select number from piped order by number');
const NUMBERS = statement(
  'piped.numbers',
  `select $1::int as whole, $2::boolean as truth, $3::timestamptz as instant, $4::text as words`,
);
const WHOSE = replannedStatement(`select set_config('test.piped', $1, true)`);
const WHAT = replannedStatement(`select current_setting('test.piped') as set`);
const RACE = statement('piped.race', 'insert into piped select 7 from pg_sleep(0)');
const backend = (): Promise<Statement | null> =>
  database.row(statement('piped.backend', 'select pg_backend_pid() as pid'));

test('each sees what those before it did, and what is set for the transaction is over with it', async () => {
  const instant = new Date('2026-03-01T12:00:00.123Z');
  const answers = await database.pipelined([
    [ADD, [1]],
    [ALL, []],
    [NUMBERS, [-5, true, instant, `it's "so"`]],
    [WHOSE, ['mine']],
    [WHAT, []],
  ]);
  expect(answers).toEqual([
    [],
    [{ number: 1 }],
    [{ whole: -5, truth: true, instant, words: `it's "so"` }],
    [{ set_config: 'mine' }],
    [{ set: 'mine' }],
  ]);
  expect(await database.row(WHAT)).toEqual({ set: '' });
});

test('a statement that fails takes all of it back, and the connection goes on', async () => {
  const before = await backend();
  const failing = database.pipelined([
    [RACE, []],
    [ADD, [1]],
    [ADD, [2]],
  ]);
  await expect(failing).rejects.toMatchObject({ code: '23505' });
  expect(await database.rows(ALL)).toEqual([{ number: 1 }]);
  // Known to the connection from the failure, or not, they can be asked again.
  await database.pipelined([
    [RACE, []],
    [ADD, [2]],
  ]);
  expect(await database.rows(ALL)).toEqual([{ number: 1 }, { number: 2 }, { number: 7 }]);
  expect(await backend()).toEqual(before);
});

test('what cannot even be read fails, and so does what comes after it', async () => {
  const nonsense = statement('piped.nonsense', 'select nothing from nowhere');
  const failing = database.pipelined([
    [ADD, [3]],
    [nonsense, []],
    [ALL, []],
  ]);
  await expect(failing).rejects.toMatchObject({ code: '42P01' });
  const again = database.pipelined([[nonsense, []]]);
  await expect(again).rejects.toMatchObject({ code: '42P01' });
  expect(await database.rows(ALL)).toHaveLength(3);
});

test('a connection that ends under it is not used again', async () => {
  const before = await backend();
  const KILL = statement('piped.kill', 'select pg_terminate_backend(pg_backend_pid())');
  const ended = database.pipelined([
    [ADD, [4]],
    [KILL, []],
    [ALL, []],
  ]);
  await expect(ended).rejects.toThrow();
  expect(await database.rows(ALL)).toHaveLength(3);
  expect(await backend()).not.toEqual(before);
});

// Several pieces of work in one transaction: all of it commits, or nothing, and each failure is told apart.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Actor } from '../../src/actors/actor.entity.js';
import {
  NeedsOwnTransaction,
  statement,
  type Database,
  type Statement,
} from '../../src/platform/db/database.js';
import { statementForMany } from '../../src/platform/db/for-many.js';
import type { JointFailure } from '../../src/platform/db/joint-failure.js';
import { openDatabase } from '../../src/platform/db/open-database.js';
import { defineEvent } from '../../src/platform/journal/event.js';
import { freshDatabase } from '../support/database.js';

const stack = new AsyncDisposableStack();
const happened = defineEvent<{ number: number }>('happened', () => ['test']);
let database: Database;

beforeAll(async () => {
  const { url } = stack.use(await freshDatabase());
  database = stack.use(
    await openDatabase({
      url,
      poolSize: 2,
      statementTimeoutMs: 0,
      entities: [Actor],
      consequences: [],
    }),
  );
  await database.rows(
    statement('test.joint_transaction.make', 'create table numbers (number int primary key)'),
  );
});

afterAll(() => stack.disposeAsync());

const ADD = statement('test.add', 'insert into numbers values ($1)');
const ALL = statement('test.all', 'select number from numbers order by number');
const FACTS = statement(
  'test.facts',
  `select payload->'number' as number from events where name = 'happened' order by seq`,
);

const add = (number: number) => () =>
  database.transaction(async (tx) => {
    await tx.append(happened, { number });
    await tx.rows(ADD, [number]);
    return number;
  });
const nothing = () => Promise.resolve();
const failure = (works: (() => Promise<unknown>)[]) =>
  database.together(works, nothing).then(
    () => null,
    (error: JointFailure) => error.places,
  );
const valuesOf = <Value>(ends: readonly PromiseSettledResult<Value>[]): (Value | null)[] =>
  ends.map((end) => (end.status === 'fulfilled' ? end.value : null));
const numbers = async () =>
  (await database.rows<{ number: number }>(ALL)).map(({ number }) => number);

test('work that is done together commits together, with its facts in their order and its end', async () => {
  const found: (number | null)[][] = [];
  await database.together([add(1), add(2), add(3)], async (tx, ends) => {
    found.push(
      valuesOf(ends),
      (await tx.rows<{ number: number }>(ALL)).map(({ number }) => number),
    );
    await tx.rows(ADD, [100]);
  });
  expect(found).toEqual([
    [1, 2, 3],
    [1, 2, 3],
  ]);
  expect(await numbers()).toEqual([1, 2, 3, 100]);
  expect(await database.rows(FACTS)).toEqual([{ number: 1 }, { number: 2 }, { number: 3 }]);
});

test('one failure undoes all of it, and names who failed: not those whose statements came after', async () => {
  const late = async () => {
    for (let turn = 0; turn < 50; turn++) await database.rows(ALL);
  };
  expect(await failure([add(4), add(1), late, add(5)])).toEqual([1]);
  const refusedLate = () =>
    add(6)().then(() => {
      throw new Error('refused');
    });
  expect(await failure([add(4), refusedLate, add(5)])).toEqual([1]);
  expect(await numbers()).toEqual([1, 2, 3, 100]);
  await database.together([add(4)], nothing);
  expect(await numbers()).toContain(4);
});

test('who throws before anything was changed harms nobody, whatever was read and locked', async () => {
  const lock = statement(
    'test.joint_transaction.lock',
    'select number from numbers where number = 1 for update',
  );
  const refused = () =>
    database.transaction(async (tx) => {
      await tx.rows(lock);
      throw new Error('refused');
    });
  const caught = () => refused().catch(() => 200);
  const told: unknown[] = [];
  await database.together([add(201), refused, caught, add(202)], (_tx, ends) => {
    told.push(
      valuesOf(ends),
      ends.map(({ status }) => status),
    );
    return Promise.resolve();
  });
  expect(told).toEqual([
    [201, null, 200, 202],
    ['fulfilled', 'rejected', 'fulfilled', 'fulfilled'],
  ]);
  expect((await numbers()).filter((number) => number > 200)).toEqual([201, 202]);
  // A fact that was told is a change, too.
  const telling = () =>
    database.transaction(async (tx) => {
      await tx.append(happened, { number: 203 });
      throw new Error('refused');
    });
  expect(await failure([add(203), telling])).toEqual([1]);
  expect(await numbers()).not.toContain(203);
});

test('what failed and was caught fails its work all the same: a half of it may not be kept, nor stop the others for ever', async () => {
  const halved = () =>
    database.transaction(async (tx) => {
      await tx.rows(ADD, [50]);
      throw new Error('refused');
    });
  const caught = async () => {
    await halved().catch(() => null);
    return 0;
  };
  expect(await failure([add(51), caught])).toEqual([1]);
  // Its own statement failed; those of the others are refused because of it, now or later.
  const swallowed = () => add(1)().catch(() => 0);
  expect(await failure([add(51), swallowed, add(52)])).toEqual([1]);
  expect(await failure([swallowed])).toEqual([0]);
  expect((await numbers()).filter((number) => number >= 50 && number < 100)).toEqual([]);
});

const SUM = statementForMany(
  'test.sum',
  `select asked.place, asked.number + step.number as sum, (select count(*)::int from jsonb_array_elements($1::jsonb)) as asked
   from jsonb_to_recordset($1::jsonb) as asked(place int, number int) cross join (values (1), (2)) step(number)
   where asked.number > 0 order by sum`,
);

test('questions of one kind are one statement in a shared transaction, and each hears its own answers', async () => {
  const ask = (number: number) => database.ask<{ sum: number; asked: number }>(SUM, { number });
  const heard: { sum: number; asked: number }[][] = [];
  const works = [10, 20, 0, 30].map((number) => async () => {
    // Who asks something else before asks along with the others again after one more round.
    if (number === 30) await database.rows(ALL);
    return ask(number);
  });
  await database.together(works, (_tx, ends) =>
    Promise.resolve(void heard.push(...valuesOf(ends).map((answers) => answers ?? []))),
  );
  expect(heard).toMatchObject([
    [
      { sum: 11, asked: 3 },
      { sum: 12, asked: 3 },
    ],
    [
      { sum: 21, asked: 3 },
      { sum: 22, asked: 3 },
    ],
    [],
    [
      { sum: 31, asked: 1 },
      { sum: 32, asked: 1 },
    ],
  ]);
  expect(await ask(5)).toMatchObject([{ sum: 6 }, { sum: 7 }]);
  const one = await database.transaction((tx) => tx.ask<{ asked: number }>(SUM, { number: 1 }));
  expect(one).toMatchObject([{ asked: 1 }, { asked: 1 }]);
  // What is refused is refused to all who asked it.
  const bad = () => database.ask(SUM, { number: 'x' });
  expect(await failure([() => ask(1), bad, add(70)])).toEqual([0, 1]);
});

const COUNT = statementForMany(
  'test.joint_transaction.count',
  `insert into numbers select 1000 + sum(number) from jsonb_to_recordset($1::jsonb) as counted(number int)`,
);

test('sums are written once for all who add to them, at the end of a shared transaction', async () => {
  const count = (number: number) => () => database.transaction((tx) => tx.sum(COUNT, { number }));
  await database.together([count(1), count(2), count(3)], async (tx) => {
    expect((await tx.rows<{ number: number }>(ALL)).at(-1)!.number).toBeLessThan(1000);
  });
  await count(7)();
  expect((await numbers()).filter((number) => number > 1000)).toEqual([1006, 1007]);
  await database.rows(statement('test.forget', 'delete from numbers where number > 1000'));
});

test('an end that cannot be written fails all of it, and each can be tried apart', async () => {
  const end = (query: Statement) =>
    database
      .together([add(60), add(61)], async (tx) => void (await tx.rows(query)))
      .then(
        () => null,
        (error: unknown) => error,
      );
  const bad = statement('test.bad', `select 'x'::text::int`);
  expect(await end(bad)).toMatchObject({ places: [0, 1] });
  // What has nothing to do with what was said is no reason to take it apart.
  const ended = statement('test.ended', 'select pg_terminate_backend(pg_backend_pid())');
  expect(await end(ended)).not.toMatchObject({ places: [0, 1] });
  expect(await numbers()).not.toContain(60);
});

test('entities cannot be written together, and a connection is as good afterwards as before', async () => {
  const withEntity = () => database.transaction((tx) => Promise.resolve(tx.em.name));
  const told: unknown[] = [];
  await database.together([withEntity], (_tx, ends) => Promise.resolve(void told.push(...ends)));
  expect(told).toEqual([{ status: 'rejected', reason: expect.any(NeedsOwnTransaction) }]);
  const both = await Promise.all([1, 2, 3, 4].map(() => numbers()));
  expect(new Set(both.map((one) => one.join())).size).toBe(1);
});

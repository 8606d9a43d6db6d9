// What many facts of one transaction ask of a job is one job; what cannot be done for all is done for each.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Actor } from '../../src/actors/actor.entity.js';
import type { Services } from '../../src/platform/context.js';
import { statement } from '../../src/platform/db/database.js';
import { openDatabase } from '../../src/platform/db/open-database.js';
import { TerminalError } from '../../src/platform/errors.js';
import { defineJobOfMany } from '../../src/platform/jobs/job.js';
import { drainJobs } from '../../src/platform/jobs/worker.js';
import { then, when } from '../../src/platform/journal/consequences.js';
import { defineEvent } from '../../src/platform/journal/event.js';
import { freshDatabase } from '../support/database.js';
import { startWorld } from '../support/world.js';

interface Numbered {
  readonly number: number;
}

const BAD = 7;
const MAKE = statement('test.jobs_of_many.make', 'create table counted (number int not null)');
const COUNT = statement('test.jobs_of_many.count', 'insert into counted select unnest($1::int[])');
const COUNTED = statement('test.counted', 'select number from counted order by number');
const JOBS = statement(
  'test.jobs_of_many.jobs',
  'select payload, key from graphile_worker._private_jobs order by id',
);
const GIVEN_UP = statement(
  'test.given_up',
  'select payload, key from graphile_worker._private_jobs where attempts >= max_attempts',
);

const happened = defineEvent<Numbered>('happened');
/** Inputs of each run. */
const runs: number[][] = [];
const countAll = defineJobOfMany<Numbered>(
  'countAll',
  ({ database }, inputs) =>
    database.transaction(async (tx) => {
      const numbers = inputs.map(({ number }) => number);
      runs.push(numbers);
      await tx.rows(COUNT, [numbers]);
      if (numbers.includes(BAD)) throw new TerminalError('This number cannot be counted.');
    }),
  { keyOf: ({ number }) => String(number) },
);

let stack: AsyncDisposableStack;
let services: Services;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  const world = stack.use(await startWorld());
  const { url } = stack.use(await freshDatabase());
  const consequences = [when(happened, [then(countAll, ({ number }) => ({ number }))])];
  const options = { url, poolSize: 10, statementTimeoutMs: 60_000, entities: [Actor] };
  const database = stack.use(await openDatabase({ ...options, consequences }));
  services = { ...world.services, database };
  await database.rows(MAKE);
});

afterAll(() => stack.disposeAsync());

async function append(...numbers: number[]): Promise<void> {
  const works = numbers.map(
    (number) => () => services.database.transaction((tx) => tx.append(happened, { number })),
  );
  await services.database.together(works, () => Promise.resolve());
}

async function drain(): Promise<void> {
  const { pool } = services.database;
  await drainJobs({ services, pool, jobs: [countAll], scheduled: [], concurrency: 1 });
}

async function counted(): Promise<number[]> {
  const rows = await services.database.rows<Numbered>(COUNTED);
  return rows.map(({ number }) => number);
}

test('facts that are appended together are one job, of equal ones one; one fact is a job as ever', async () => {
  await append(1, 2, 3, 2);
  await append(4);
  expect(await services.database.rows(JOBS)).toMatchObject([
    { payload: { each: [{ number: 1 }, { number: 2 }, { number: 3 }] }, key: null },
    { payload: { number: 4 }, key: 'countAll:4' },
  ]);
  await drain();
  expect(runs.splice(0)).toEqual([[1, 2, 3], [4]]);
  expect(await counted()).toEqual([1, 2, 3, 4]);
});

test('what fails for all is undone and done for each, and one that can never be done holds up no other', async () => {
  await append(5, BAD, 6);
  await drain();
  expect(runs.splice(0)).toEqual(expect.arrayContaining([[5, BAD, 6], [5], [6], [BAD]]));
  expect(await counted()).toEqual([1, 2, 3, 4, 5, 6]);
  expect(await services.database.rows(GIVEN_UP)).toEqual([
    { payload: { number: BAD }, key: `countAll:${BAD}` },
  ]);
});

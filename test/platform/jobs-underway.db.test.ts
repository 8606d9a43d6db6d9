// A job that goes on until nothing is left is not asked for again while it is underway, and leaves nothing behind.
import { AsyncLocalStorage } from 'node:async_hooks';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { Actor } from '../../src/actors/actor.entity.js';
import type { JobContext, Services } from '../../src/platform/context.js';
import { statement } from '../../src/platform/db/database.js';
import { openDatabase } from '../../src/platform/db/open-database.js';
import { defineJob } from '../../src/platform/jobs/job.js';
import { ending, endedWithNothingLeft, isUnderway } from '../../src/platform/jobs/underway.js';
import { startWorker } from '../../src/platform/jobs/worker.js';
import { then, when } from '../../src/platform/journal/consequences.js';
import { defineEvent } from '../../src/platform/journal/event.js';
import { freshDatabase } from '../support/database.js';
import { untilLockWait } from '../support/lock-wait.js';
import { startWorld } from '../support/world.js';

const MAKE = statement(
  'test.jobs_underway.make',
  'create table things (id int primary key, done_at timestamptz)',
);
const LEAVE = statement('test.jobs_underway.leave', 'insert into things (id) values ($1)');
const TAKE = statement(
  'test.take',
  `update things set done_at = now() where id in (select id from things where done_at is null order by id limit 3) returning id`,
);
const LEFT = statement('test.jobs_underway.left', 'select id from things where done_at is null');
const END = ending('test.end', 'select from things where done_at is null');
const JOBS = statement(
  'test.jobs_underway.jobs',
  `select id::text, key is not null as "isKeyed", locked_at is not null as "isLocked" from graphile_worker._private_jobs order by id`,
);
const START = statement(
  'test.start',
  `update graphile_worker._private_jobs set locked_at = now(), locked_by = 'test', attempts = $1 where key is not null`,
);
const CLEAR = statement('test.clear', 'delete from graphile_worker._private_jobs');
const ASKED = statement('test.asked', `select count(*)::int as n from events where name = 'left'`);

const somethingLeft = defineEvent<Record<string, never>>('left');
let atOnce = 0;
let mostAtOnce = 0;
const clearUp = defineJob<Record<string, never>>(
  'clearUp',
  async ({ database, jobId }) => {
    do {
      // That it has ended others may hear sooner than the job itself.
      mostAtOnce = Math.max(mostAtOnce, (atOnce += 1));
      try {
        while ((await database.rows(TAKE)).length > 0);
      } finally {
        atOnce -= 1;
      }
    } while (!(await endedWithNothingLeft(database, jobId, END)));
  },
  { keyOf: () => 'all', queueOf: () => 'all' },
);

let stack: AsyncDisposableStack;
let url: string;
let services: Services;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  const world = stack.use(await startWorld());
  ({ url } = stack.use(await freshDatabase()));
  const consequences = [when(somethingLeft, [then(clearUp, () => ({}))])];
  const options = { url, poolSize: 20, statementTimeoutMs: 60_000, entities: [Actor] };
  const database = stack.use(await openDatabase({ ...options, consequences }));
  services = { ...world.services, database };
  await database.rows(MAKE);
});

afterEach(() => services.database.rows(CLEAR));
afterAll(() => stack.disposeAsync());

/** In nobody's transaction. */
const outside = AsyncLocalStorage.snapshot();

let things = 0;

/** Leaves something; whether the job had to be asked for. */
function leave(meanwhile: () => Promise<void> = () => Promise.resolve()): Promise<boolean> {
  return services.database.transaction(async (tx) => {
    await tx.rows(LEAVE, [(things += 1)]);
    const isAtWork = await isUnderway(tx, clearUp, {});
    if (!isAtWork) await tx.append(somethingLeft, {});
    await meanwhile();
    return !isAtWork;
  });
}

interface JobRow {
  readonly id: string;
  readonly isKeyed: boolean;
  readonly isLocked: boolean;
}

const jobs = (): Promise<JobRow[]> => services.database.rows<JobRow>(JOBS);
const left = async (): Promise<number> => (await services.database.rows(LEFT)).length;
const start = (attempt = 1): Promise<unknown> => services.database.rows(START, [attempt]);

function contextOf(job: JobRow): JobContext {
  return { ...services, jobId: job.id, attempt: 1 };
}

test('who leaves something while the job ends is seen by it', async () => {
  await leave();
  await start();
  const [job] = await jobs();
  while ((await services.database.rows(TAKE)).length > 0);
  let ended: Promise<boolean> | undefined;
  const isAsked = await leave(async () => {
    ended = outside(() => endedWithNothingLeft(services.database, job!.id, END));
    expect(await outside(() => untilLockWait(services.database, ended!))).toBe(true);
  });
  expect([isAsked, await ended]).toEqual([false, false]);
  expect(await jobs()).toEqual([{ ...job, isLocked: true }]);
  await clearUp.run(contextOf(job!), {});
  expect([await left(), await jobs()]).toEqual([0, []]);
});

test('who leaves something when the job has ended asks for another one', async () => {
  expect(await leave()).toBe(true);
  await start();
  const [job] = await jobs();
  expect(await leave()).toBe(false);
  await clearUp.run(contextOf(job!), {});
  expect(await leave()).toBe(true);
  expect(await jobs()).toEqual([{ id: expect.any(String), isKeyed: true, isLocked: false }]);
});

test('a job that waits, and one that may wait for long after its next failure, is asked for', async () => {
  expect([await leave(), await leave()]).toEqual([true, true]);
  expect(await jobs()).toHaveLength(1);
  await start(2);
  expect(await leave()).toBe(true);
  const [first, second] = await jobs();
  expect([first!.isKeyed, second!.isKeyed]).toEqual([false, true]);
  // The second one does the rest.
  expect(await endedWithNothingLeft(services.database, first!.id, END)).toBe(true);
  expect(await jobs()).toEqual([second]);
});

test('nothing stays behind, however many leave something while workers come to an end of it', async () => {
  const { database } = services;
  const places = { concurrency: 2, outsideConcurrency: 1, videoConcurrency: 1 };
  const options = { services, pool: database.pool, jobs: [clearUp], scheduled: [], ...places };
  await using workers = new AsyncDisposableStack();
  for (let worker = 0; worker < 2; worker++) workers.use(await startWorker(options, url));
  const before = (await database.row<{ n: number }>(ASKED))!.n;
  const people = Array.from({ length: 6 }, async () => {
    for (let turn = 0; turn < 60; turn++) {
      await leave();
      // Now and then there is nothing to do, so that the job ends.
      if (turn % 5 === 0) while ((await jobs()).length > 0);
    }
  });
  await Promise.all(people);
  while ((await jobs()).length > 0);
  const asked = (await database.row<{ n: number }>(ASKED))!.n - before;
  expect([await left(), mostAtOnce, asked < 360]).toEqual([0, 1, true]);
});

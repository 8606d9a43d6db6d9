// Places of jobs: who waits for others over the network holds up nobody else, and queues of nothing are let go.
import { AsyncLocalStorage } from 'node:async_hooks';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Actor } from '../../src/actors/actor.entity.js';
import type { Services } from '../../src/platform/context.js';
import { statement } from '../../src/platform/db/database.js';
import { openDatabase } from '../../src/platform/db/open-database.js';
import { enqueueAt } from '../../src/platform/jobs/enqueue.js';
import { defineJob } from '../../src/platform/jobs/job.js';
import { tidyQueues } from '../../src/platform/jobs/tidy-queues.job.js';
import { startWorker } from '../../src/platform/jobs/worker.js';
import { freshDatabase } from '../support/database.js';
import { startWorld } from '../support/world.js';

const QUEUES = statement(
  'test.queues',
  `select queue_name as name from graphile_worker._private_job_queues where queue_name like 'testOutside:%' order by 1`,
);

let stack: AsyncDisposableStack;
let url: string;
let services: Services;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  const world = stack.use(await startWorld());
  ({ url } = stack.use(await freshDatabase()));
  const options = { url, poolSize: 10, statementTimeoutMs: 60_000, entities: [Actor] };
  const database = stack.use(await openDatabase({ ...options, consequences: [] }));
  services = { ...world.services, database };
});

afterAll(() => stack.disposeAsync());

/** In nobody's transaction. */
const outside = AsyncLocalStorage.snapshot();

interface Numbered {
  readonly number: number;
}

test('jobs that ask outside and get no answer hold up no other job', async () => {
  const { database, clock } = services;
  const answered = Promise.withResolvers<void>();
  const asking = Promise.withResolvers<void>();
  const done = Promise.withResolvers<void>();
  const outside = defineJob<Numbered>(
    'testOutside',
    async () => {
      asking.resolve();
      await answered.promise;
    },
    { asksOutside: true, queueOf: ({ number }) => String(number) },
  );
  const inside = defineJob<Numbered>('testInside', async () => done.resolve());
  const enqueue = (job: typeof inside, number: number) =>
    database.transaction((tx) => enqueueAt(tx, clock.now(), job, { number }));
  for (const number of [1, 2, 3]) await enqueue(outside, number);
  const jobs = [outside, inside, tidyQueues];
  const places = { concurrency: 1, outsideConcurrency: 2, videoConcurrency: 1 };
  const options = { services, pool: database.pool, jobs, scheduled: [], ...places };
  const worker = await startWorker(options, url);
  try {
    await asking.promise;
    await enqueue(inside, 4);
    await done.promise;
    expect(await database.rows(QUEUES)).toHaveLength(3);
    answered.resolve();
    let left = 3;
    while (left > 0) {
      await database.transaction((tx) => enqueueAt(tx, clock.now(), tidyQueues, {}));
      await database.row(statement('test.pause', 'select pg_sleep(0.05)'));
      left = (await database.rows(QUEUES)).length;
    }
  } finally {
    answered.resolve();
    await worker[Symbol.asyncDispose]();
  }
});

test('a queue stays while a transaction adds a job to it, or the job would never run', async () => {
  const { database, clock } = services;
  const job = defineJob<Numbered>('testOutside', () => Promise.resolve(), {
    queueOf: ({ number }) => `late ${number}`,
  });
  const tidy = () => tidyQueues.run({ ...services, jobId: '0', attempt: 1 }, {});
  const kept = async () =>
    (await database.rows(QUEUES)).map((row) => (row as { name: string }).name);
  // What is left of a job that is done.
  await database.rows(
    statement(
      '',
      `insert into graphile_worker._private_job_queues (queue_name) values ('testOutside:late 1'), ('testOutside:late 2')`,
    ),
  );
  await database.transaction(async (tx) => {
    await enqueueAt(tx, clock.now(), job, { number: 1 });
    await outside(tidy);
  });
  expect(await kept()).toEqual(expect.arrayContaining(['testOutside:late 1']));
  await tidy();
  expect(await kept()).toEqual(['testOutside:late 1']);
});

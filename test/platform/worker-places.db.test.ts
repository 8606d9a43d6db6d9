// Places of jobs: who waits for others over the network holds up nobody else, and queues of nothing are let go.
import { AsyncLocalStorage } from 'node:async_hooks';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Actor } from '../../src/actors/actor.entity.js';
import type { Services } from '../../src/platform/context.js';
import { statement } from '../../src/platform/db/database.js';
import { openDatabase } from '../../src/platform/db/open-database.js';
import { AT_ONCE, enqueueAt, enqueueEach } from '../../src/platform/jobs/enqueue.js';
import { defineJob } from '../../src/platform/jobs/job.js';
import { tidyQueues } from '../../src/platform/jobs/tidy-queues.job.js';
import { startWorker } from '../../src/platform/jobs/worker.js';
import { freshDatabase } from '../support/database.js';
import { startWorld } from '../support/world.js';

const QUEUES = statement(
  'test.queues',
  `select queue_name as name from graphile_worker._private_job_queues where queue_name like 'testOutside:%' order by 1`,
);

const WAITING = statement(
  'test.worker_places.waiting',
  'select from graphile_worker._private_jobs limit 1',
);
/** More of the only job of its kind, as due as it was. */
const FILL = statement(
  'test.fill',
  `insert into graphile_worker._private_jobs (task_id, payload, run_at)
   select t.id, '{"number":2}', 'epoch' from graphile_worker._private_tasks t, generate_series(1, $1::int)
   where t.identifier = 'testBacklog'`,
);
const LEFT = statement(
  'test.worker_places.left',
  `select count(*)::int as left from graphile_worker.jobs where task_identifier = 'testBacklog'`,
);
const BACKLOG = 200_000;
const LANE = 4;
const ROUNDS = 40;
/** Longer than any test. */
const NEVER_MS = 3_600_000;

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

test('R19 a job that somebody waits for is found at once behind a great many of another lane', async () => {
  const { database } = services;
  const [begun, done, over] = [1, 2, 3].map(() => Promise.withResolvers<void>());
  const outside = defineJob<Numbered>(
    'testBacklog',
    async () => {
      begun!.resolve();
      await over!.promise;
    },
    { asksOutside: true },
  );
  const inside = defineJob<Numbered>('testWaited', async () => done!.resolve());
  const enqueue = (job: typeof inside) =>
    database.transaction((tx) => enqueueAt(tx, AT_ONCE, job, { number: 1 }));
  const places = { concurrency: 1, outsideConcurrency: 2, videoConcurrency: 1 };
  const options = { services, pool: database.pool, jobs: [outside, inside], scheduled: [] };
  const worker = await startWorker({ ...options, ...places }, url);
  try {
    await enqueue(outside);
    await begun!.promise;
    await database.rows(FILL, [BACKLOG]);
    await enqueue(inside);
    await done!.promise;
    expect(await database.row(LEFT)).toEqual({ left: BACKLOG + 1 });
  } finally {
    await database.rows(statement('test.empty', 'delete from graphile_worker._private_jobs'));
    over!.resolve();
    await worker[Symbol.asyncDispose]();
  }
});

test('a job of a queue is found though everybody looked at once, without waiting for the next poll', async () => {
  const { database } = services;
  let round = { all: Promise.withResolvers<void>(), begun: 0 };
  // Each goes on until all have begun: nobody who is done with one looks for the next.
  const outside = defineJob<Numbered>(
    'testMissed',
    async () => {
      const { all } = round;
      round.begun += 1;
      if (round.begun === LANE) all.resolve();
      await all.promise;
    },
    { asksOutside: true, queueOf: ({ number }) => String(number) },
  );
  const inside = defineJob<Numbered>('testBeside', () => Promise.resolve());
  const places = { concurrency: 2, outsideConcurrency: LANE, videoConcurrency: 1 };
  const jobs = { services, pool: database.pool, jobs: [outside, inside], scheduled: [] };
  await using _worker = await startWorker({ ...jobs, ...places, pollMs: NEVER_MS }, url);
  const each = Array.from({ length: LANE }, (_, number) => ({ runAt: AT_ONCE, input: { number } }));
  for (let count = 0; count < ROUNDS; count++) {
    round = { all: Promise.withResolvers<void>(), begun: 0 };
    await database.transaction((tx) => enqueueEach(tx, outside, each));
    await round.all.promise;
    while ((await database.rows(WAITING)).length > 0);
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

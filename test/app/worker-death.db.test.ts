// Workers that die, hang and live: whose jobs go on, and where.
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, jest, test } from '@jest/globals';
import sharp from 'sharp';
import { QUEUE_STATE } from '../../src/platform/jobs/queue-state.js';
import { WorkerPresence } from '../../src/platform/jobs/worker-presence.js';
import { createLogger } from '../../src/platform/logger.js';
import { connect, type Connection } from '../../src/platform/db/connection.js';
import { freshDatabase } from '../support/database.js';
import { startServerProcess, type ServerProcess } from '../support/server-process.js';

jest.setTimeout(300_000);

const REGISTER = `mutation { registerAccount(input: { username: "ada", email: "ada@people.example",
  password: "orange kite over water", birthDate: "1990-05-01", agreedToRules: true }) { token } }`;
const CREATE = `mutation ($size: BigInt!) { createUpload(input: { purpose: POST, fileName: "a.jpg", mimeType: "image/jpeg",
  sizeBytes: $size }) { ticket { uploadUrl media { id } } } }`;
const STATE = `query ($id: ID!) { node(id: $id) { ... on ImageMedia { state } } }`;

/** A database, a data directory and a connection of the test's own. */
async function startScene(stack: AsyncDisposableStack) {
  const database = stack.use(await freshDatabase());
  const dataDirectory = await mkdtemp(path.join(tmpdir(), 'triptych-'));
  stack.defer(() => rm(dataDirectory, { recursive: true, force: true }));
  const connection = stack.use(await connect(database.url));
  const environment = {
    DATABASE_URL: database.url,
    DATA_DIR: dataDirectory,
    PUBLIC_URL: 'https://a.example',
    // The time for which a worker is frozen counts, too.
    MEDIA_TIMEOUT_SECONDS: '600',
  };
  return { url: database.url, dataDirectory, environment, connection };
}

async function upload(server: ServerProcess, size: number): Promise<() => Promise<string>> {
  const picture = await sharp(randomBytes(size * size * 3), {
    raw: { width: size, height: size, channels: 3 },
  })
    .jpeg()
    .toBuffer();
  const { registerAccount } = await server.graphql<{ registerAccount: { token: string } }>(
    REGISTER,
  );
  const { createUpload } = await server.graphql<{
    createUpload: { ticket: { uploadUrl: string; media: { id: string } } };
  }>(CREATE, { size: String(picture.length) }, registerAccount.token);
  const { pathname } = new URL(createUpload.ticket.uploadUrl);
  const sent = await fetch(`${server.origin}${pathname}`, {
    method: 'PUT',
    body: new Uint8Array(picture),
  });
  expect(sent.status).toBe(204);
  return async () => {
    const { node } = await server.graphql<{ node: { state: string } }>(
      STATE,
      { id: createUpload.ticket.media.id },
      registerAccount.token,
    );
    return node.state;
  };
}

interface Row {
  readonly [column: string]: unknown;
}

async function read(connection: Connection, text: string): Promise<Row> {
  return (await connection.query<Row>(text)).rows[0] ?? {};
}

async function until(connection: Connection, text: string): Promise<void> {
  while ((await read(connection, text))['found'] !== true) await delay(2);
}

const RUNS = `select true as found from graphile_worker.jobs where task_identifier = 'processUpload' and locked_at is not null`;
const WAITS_FOR_LOCK = `select true as found from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
const READY = `select true as found from media where state = 'READY'`;
const JOB = `select locked_by, attempts from graphile_worker._private_jobs j
  join graphile_worker._private_tasks t on t.id = j.task_id where t.identifier = 'processUpload'`;

/** Files of work that is going on, or that was. */
async function scratchFiles(dataDirectory: string): Promise<string[]> {
  const directory = path.join(dataDirectory, 'work');
  const found = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => []);
  return found.filter((entry) => entry.isFile()).map(({ name }) => name);
}

test('R18 the picture that a killed process worked on is finished by the next start; a live worker keeps its job', async () => {
  await using stack = new AsyncDisposableStack();
  const { environment, connection, dataDirectory } = await startScene(stack);
  const first = stack.use(await startServerProcess(environment));
  // Processing gets as far as its last step and waits there.
  await connection.query('begin; lock table renditions in exclusive mode');
  await upload(first, 300);
  await until(connection, WAITS_FOR_LOCK);

  const other = stack.use(await startServerProcess({ ...environment, ROLE: 'worker' }));
  const job = await read(connection, JOB);
  expect(job).toEqual({ locked_by: expect.stringMatching(/^pool-/), attempts: 1 });
  expect(await other.stop()).toBe(0);
  expect(await read(connection, JOB)).toEqual(job);
  // The start of the other one looked for what the dead left, and let the living alone.
  expect(await scratchFiles(dataDirectory)).toContain('original');

  await first.kill();
  expect(await scratchFiles(dataDirectory)).toContain('original');
  await connection.query('rollback');
  await until(
    connection,
    `select not exists (select from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()) as found`,
  );
  // Jobs that the clock started may have died with it.
  const { running, stuck } = await read(connection, QUEUE_STATE.text);
  expect([running, Number(stuck) > 0]).toEqual([0, true]);
  const second = stack.use(await startServerProcess({ ...environment, ROLE: 'worker' }));
  await until(connection, READY);
  expect(second.output()).toContain('jobs of workers that are gone were handed back');
  expect(second.output()).toContain(String(job['locked_by']));
  expect(second.output()).toContain('removing what a process left behind that is gone');
  while ((await scratchFiles(dataDirectory)).length > 0) await delay(20);
  expect(await second.stop()).toBe(0);
  expect(await readdir(path.join(dataDirectory, 'work'))).toEqual([]);
});

test('R18 a worker that hangs loses its jobs, and spoils nothing when it goes on', async () => {
  await using stack = new AsyncDisposableStack();
  const { environment, connection, dataDirectory } = await startScene(stack);
  const first = stack.use(await startServerProcess(environment));
  stack.defer(() => first.thaw());
  // So large that it is frozen long before it is done.
  await upload(first, 3200);
  await until(connection, RUNS);
  first.freeze();
  // Long silence ends the session; here it is ended at once.
  await connection.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'triptych-worker'`,
  );
  const second = stack.use(await startServerProcess({ ...environment, ROLE: 'worker' }));
  await until(connection, READY);
  first.thaw();
  // It shows that it lives again, and has nothing left to do; or it was frozen in a transaction, which PostgreSQL has ended.
  while (!/finished elsewhere meanwhile|job failed/.test(first.output())) await delay(20);
  expect(await first.stop()).toBe(0);
  expect(await second.stop()).toBe(0);
  const events = await read(
    connection,
    `select count(*)::int from events where name = 'mediaReady'`,
  );
  expect(events).toEqual({ count: 1 });
  const { rows } = await connection.query<{ storage_key: string }>(
    'select storage_key from renditions',
  );
  const stored = await readdir(path.join(dataDirectory, 'media', 'renditions'), {
    recursive: true,
    withFileTypes: true,
  });
  expect(stored.filter((entry) => entry.isFile())).toHaveLength(rows.length);
  expect(await read(connection, JOB)).toEqual({});
});

test('R18 the dead are noticed while others live, and so is one who falls silent; queues are freed too', async () => {
  await using stack = new AsyncDisposableStack();
  const { url, connection } = await startScene(stack);
  const log = createLogger({ level: 'silent', format: 'json' });
  const times = { beatMs: 20, silenceMs: 60_000 };
  const alive = stack.use(await WorkerPresence.open(url, log, times));
  await Promise.all([alive.hold('pool-alive'), alive.hold('pool-alive')]);
  const lock = (id: string) =>
    connection.query(
      `with job as (select (graphile_worker.add_job('demo', '{}', queue_name => $1)).id)
       select id from job`,
      [`queue-${id}`],
    );
  await lock('alive');
  await lock('dead');
  await connection.query(
    `update graphile_worker._private_job_queues set locked_at = now(), locked_by = replace(queue_name, 'queue-', 'pool-');
     update graphile_worker._private_jobs j set locked_at = now(), locked_by = q.locked_by
     from graphile_worker._private_job_queues q where q.id = j.job_queue_id`,
  );
  const held = (
    table: string,
  ) => `select array_agg(locked_by order by locked_by) = '{pool-alive}' as found
    from graphile_worker.${table} where locked_by is not null`;
  await until(connection, held('_private_jobs'));
  await until(connection, held('_private_job_queues'));

  // A session that is cut is opened anew, under the same id.
  const sessions = `select pid from pg_stat_activity where datname = current_database() and application_name = 'triptych-worker'`;
  const { pid } = await read(connection, sessions);
  await connection.query('select pg_terminate_backend($1)', [pid]);
  await until(
    connection,
    `select count(*) = 1 and bool_and(pid <> ${String(pid)}) as found from pg_locks
    where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`,
  );

  const silent = stack.use(await WorkerPresence.open(url, log, { beatMs: 600_000, silenceMs: 50 }));
  await silent.hold('pool-silent');
  await until(connection, `select count(*) = 1 as found from (${sessions}) s`);
});

test('what a dead worker ran and is to run anew anyway does not count as given up', async () => {
  await using stack = new AsyncDisposableStack();
  const { url, connection } = await startScene(stack);
  const add = (key: string | null): Promise<unknown> =>
    connection.query(`select graphile_worker.add_job('demo', '{}', job_key => $1)`, [key]);
  await add('again');
  await add(null);
  await connection.query(
    `update graphile_worker._private_jobs set locked_at = now(), locked_by = 'pool-dead', attempts = 1`,
  );
  await add('again');
  const log = createLogger({ level: 'silent', format: 'json' });
  stack.use(await WorkerPresence.open(url, log, { beatMs: 20, silenceMs: 60_000 }));
  await until(
    connection,
    `select not exists (select from graphile_worker._private_jobs where locked_by is not null) as found`,
  );
  expect(await read(connection, QUEUE_STATE.text)).toMatchObject({ waiting: 2, failed: 0 });
});

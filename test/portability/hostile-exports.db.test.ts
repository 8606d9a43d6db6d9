// Exports that meet what nobody planned: accounts that go, writers that are overtaken or killed, too many, too large.
import { createReadStream } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { JobContext } from '../../src/platform/context.js';
import { connect } from '../../src/platform/db/connection.js';
import { statement } from '../../src/platform/db/database.js';
import type { ExportId } from '../../src/portability/export-row.js';
import { writeExport } from '../../src/portability/jobs/write-export.job.js';
import { freshDatabase } from '../support/database.js';
import { exportsOf, requestExport, unpack } from '../support/exports.js';
import { untilLockWait } from '../support/lock-wait.js';
import { innerId, publish } from '../support/posts.js';
import { runScheduled } from '../support/scheduled.js';
import { startServerProcess } from '../support/server-process.js';
import { startWorld, WORLD_PASSWORD, type Person, type World } from '../support/world.js';

let world: World;

beforeAll(async () => {
  world = await startWorld({ GRAPHQL_POINTS_PER_HOUR: '1000000' });
});

afterAll(() => world[Symbol.asyncDispose]());

const CSV = { format: 'CSV_LISTS' };
const WHOLE = { format: 'ACTIVITYPUB_ARCHIVE' };
const STORED = statement(
  'test.stored_export',
  'select id, state, storage_key as key, size_bytes::int as size from data_exports where account_id = $1',
);

interface StoredExport {
  readonly id: ExportId;
  readonly state: string;
  readonly key: string;
  readonly size: number | null;
}

const storedOf = async (who: Person): Promise<StoredExport> =>
  (await world.services.database.row<StoredExport>(STORED, [who.accountId]))!;

async function objects(): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of world.services.storage.list())
    if (key.startsWith('exports/')) keys.push(key);
  return keys;
}

const write = (exportId: ExportId, changed: Partial<JobContext> = {}): Promise<void> =>
  writeExport.run({ ...world.services, jobId: '0', attempt: 1, ...changed }, { exportId });

const close = (who: Person) =>
  who.graphql(
    'mutation ($password: String!) { deleteAccount(input: { password: $password }) { userErrors { code } } }',
    { password: WORLD_PASSWORD },
  );

test('an export of an account that is closed before it begins is given up', async () => {
  const ada = await world.local('ada');
  await requestExport(ada, WHOLE);
  const { key } = await storedOf(ada);
  await close(ada);
  await world.settle();
  expect(await storedOf(ada)).toMatchObject({ state: 'FAILED' });
  expect(await objects()).not.toContain(key);
});

test('a writer stops when the account is closed meanwhile, and leaves nothing', async () => {
  const ben = await world.local('ben');
  await publish(world, ben);
  await world.settle();
  await requestExport(ben, WHOLE);
  const { id } = await storedOf(ben);
  const { database } = world.services;
  const connection = await database.pool.connect();
  try {
    await connection.query('begin; lock table post_media in access exclusive mode');
    const written = write(id);
    expect(await untilLockWait(database, written)).toBe(true);
    expect(await storedOf(ben)).toMatchObject({ state: 'RUNNING' });
    await close(ben);
    await connection.query('commit');
    await written;
  } finally {
    connection.release();
  }
  const { state, key } = await storedOf(ben);
  expect(state).toBe('FAILED');
  expect(await objects()).not.toContain(key);
});

test('the link of an archive ends with the account, and fits no other archive', async () => {
  const [cal, dot] = [await world.local('cal'), await world.local('dot')];
  for (const who of [cal, dot]) await requestExport(who, CSV);
  await world.settle();
  const [cals, dots] = await Promise.all(
    [cal, dot].map(async (who) => new URL((await exportsOf(who))[0]!.downloadUrl!)),
  );
  const statusOf = async (url: string): Promise<number> => {
    const response = await fetch(world.reach(url));
    await response.arrayBuffer();
    return response.status;
  };
  const { origin } = cals!;
  expect(await statusOf(`${origin}${cals!.pathname}${cals!.search}`)).toBe(200);
  expect(await statusOf(`${origin}${dots!.pathname}${cals!.search}`)).toBe(404);
  const later = cals!.search.replace(/expires=(\d+)/, (_, at) => `expires=${Number(at) + 1}`);
  for (const search of [later, `${cals!.search}0`, '?expires=NaN&signature=', '?expires=9e9'])
    expect(await statusOf(`${origin}${cals!.pathname}${search}`)).toBe(404);
  for (const file of ['..%2f..%2fserver.key', '%2e%2e/x', 'dataexport_.tar.gz', 'x.tar.gz'])
    expect(await statusOf(`${origin}/exports/${file}${cals!.search}`)).toBe(404);
  await close(cal);
  expect(await statusOf(cals!.href)).toBe(404);
});

test('of two writers the one that began last stores the archive, and the other takes back its own', async () => {
  const eve = await world.local('eve');
  await requestExport(eve, CSV);
  const { id, key: first } = await storedOf(eve);
  const { promise: gate, resolve: open } = Promise.withResolvers<void>();
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
  const { storage } = world.services;
  const slow = write(id, {
    storage: {
      ...storage,
      putFile: async (...words) => {
        arrive();
        await gate;
        await storage.putFile(...words);
      },
    },
  });
  await arrived;
  await write(id);
  const { state, key, size } = await storedOf(eve);
  expect([state, key === first]).toEqual(['SUCCEEDED', false]);
  open();
  await slow;
  expect(await storedOf(eve)).toMatchObject({ state: 'SUCCEEDED', key, size });
  expect((await storage.stat(key))?.sizeBytes).toBe(size);
  await world.settle();
  const kept = await world.services.database.rows<{ key: string }>(
    statement('test.export_keys', 'select storage_key as key from data_exports'),
  );
  const known = new Set(kept.map((row) => row.key));
  expect((await objects()).filter((object) => !known.has(object))).toEqual([]);
});

test('half of the workers at most write archives; the others wait for their turn', async () => {
  const [fox, gus] = [await world.local('fox'), await world.local('gus')];
  const { database } = world.services;
  for (const who of [fox, gus]) await requestExport(who, CSV);
  await database.rows(
    statement(
      'test.run_others',
      `update data_exports set state = 'RUNNING' where account_id = any($1::uuid[])`,
    ),
    [[fox.accountId, gus.accountId]],
  );
  await database.rows(statement('test.lose_jobs', 'delete from graphile_worker._private_jobs'));
  const hal = await world.local('hal');
  await requestExport(hal, CSV);
  await world.settle();
  const { id, state } = await storedOf(hal);
  expect(state).toBe('QUEUED');
  const waiting = await database.row<{ later: boolean }>(
    statement(
      'test.export_job',
      'select run_at > now() as later from graphile_worker._private_jobs where key = $1',
    ),
    [`writeExport:${id}`],
  );
  expect(waiting).toEqual({ later: true });
  // Those that fell silent are no reason to wait.
  world.clock.advance(1_801);
  await write(id);
  expect(await storedOf(hal)).toMatchObject({ state: 'SUCCEEDED' });
  await runScheduled(world, 'sweepExports');
  await world.settle();
  expect([(await storedOf(fox)).state, (await storedOf(gus)).state]).toEqual([
    'SUCCEEDED',
    'SUCCEEDED',
  ]);
});

test('an archive that does not fit on the disk is not begun, and fails in the end', async () => {
  const ivy = await world.local('ivy');
  const post = await publish(world, ivy);
  await world.services.database.rows(
    statement(
      'test.huge_media',
      `update media set size_bytes = 1e17::bigint, original_key = 'originals/none'
       where id in (select media_id from post_media where post_id = $1)`,
    ),
    [innerId(post)],
  );
  await requestExport(ivy, WHOLE);
  const { id } = await storedOf(ivy);
  await expect(write(id)).rejects.toThrow('does not fit');
  expect(await storedOf(ivy)).toMatchObject({ state: 'RUNNING' });
  await expect(write(id, { attempt: 5 })).rejects.toThrow('does not fit');
  expect(await storedOf(ivy)).toMatchObject({ state: 'FAILED' });
  // What failed does not count: without the pictures it fits.
  expect((await requestExport(ivy, { ...WHOLE, includeMedia: false })).userErrors).toEqual([]);
  await world.settle();
  expect((await exportsOf(ivy))[0]).toMatchObject({ state: 'SUCCEEDED' });
});

const REGISTER = `mutation { registerAccount(input: { username: "ada", email: "ada@people.example",
  password: "orange kite over water", birthDate: "1990-05-01", agreedToRules: true }) { token } }`;
const REQUEST = `mutation { requestExport(input: { format: ACTIVITYPUB_ARCHIVE }) { userErrors { code } } }`;

test('the archive that a killed process was writing is written by the next start', async () => {
  await using stack = new AsyncDisposableStack();
  const { url } = stack.use(await freshDatabase());
  const dataDirectory = await mkdtemp(path.join(tmpdir(), 'triptych-'));
  stack.defer(() => rm(dataDirectory, { recursive: true, force: true }));
  const connection = stack.use(await connect(url));
  const until = async (text: string): Promise<void> => {
    while ((await connection.query<{ found: boolean }>(text)).rows[0]?.found !== true)
      await delay(5);
  };
  const environment = {
    DATABASE_URL: url,
    DATA_DIR: dataDirectory,
    PUBLIC_URL: 'https://a.example',
    REGISTRATION_EMAIL_VERIFICATION: 'optional',
  };
  const first = stack.use(await startServerProcess(environment));
  const { registerAccount } = await first.graphql<{ registerAccount: { token: string } }>(REGISTER);
  // Near the end of the archive the writer waits.
  await connection.query('begin; lock table close_friends in access exclusive mode');
  await first.graphql(REQUEST, {}, registerAccount.token);
  await until(
    `select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock') as found`,
  );
  const begun = await connection.query<{ key: string }>(
    'select storage_key as key from data_exports',
  );
  await first.kill();
  await connection.query('rollback');
  stack.use(await startServerProcess(environment));
  await until(`select state = 'SUCCEEDED' as found from data_exports`);
  const { rows } = await connection.query<{ key: string }>(
    'select storage_key as key from data_exports',
  );
  const [{ key } = { key: '' }] = rows;
  expect(key).not.toBe(begun.rows[0]?.key);
  expect(await readdir(path.join(dataDirectory, 'media', 'exports'))).toEqual([path.basename(key)]);
  const files = await unpack(createReadStream(path.join(dataDirectory, 'media', key)));
  expect([...files.keys()]).toContain('extras/reports.json');
});

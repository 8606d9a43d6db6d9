import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { checkNode, checkPublicUrl } from '../../src/cli/doctor/machine.js';
import { connect } from '../../src/platform/db/connection.js';
import { writeLastBackup } from '../../src/platform/db/last-backup.js';
import { keyFingerprint } from '../../src/platform/sealing.js';
import { loadServerKey, serverKeyPath } from '../../src/platform/server-key.js';
import { freshDatabase } from '../support/database.js';
import { triptych } from '../support/triptych-command.js';

let dataDirectory: string;
beforeEach(() => {
  dataDirectory = mkdtempSync(path.join(tmpdir(), 'triptych-doctor-test-'));
});
afterEach(() => rmSync(dataDirectory, { recursive: true, force: true }));

async function findings(env: Record<string, string>) {
  const { code, stdout } = await triptych(['doctor', '--json'], {
    DATA_DIR: dataDirectory,
    PUBLIC_URL: 'https://photos.example',
    ...env,
  });
  const list: { check: string; state: string; detail: string }[] = JSON.parse(stdout);
  const states = Object.fromEntries(list.map(({ check, state }) => [check, state]));
  return {
    code,
    states,
    detail: (check: string) => list.find((finding) => finding.check === check)?.detail,
  };
}

const setting =
  'insert into server_settings (key, value) values ($1, to_jsonb($2::text)) on conflict (key) do update set value = excluded.value';

describe('a server in use', () => {
  test('everything is well after a first start and a backup', async () => {
    await using database = await freshDatabase();
    await using connection = await connect(database.url);
    const key = await loadServerKey({ dataDirectory, serverKey: null });
    await connection.query(setting, ['domain', 'photos.example']);
    await connection.query(setting, ['key_fingerprint', await keyFingerprint(key)]);
    await writeLastBackup(connection, new Date());
    const { code, states } = await findings({ DATABASE_URL: database.url });
    expect(code).toBe(0);
    expect(states).toMatchObject({
      configuration: 'ok',
      'public-url': 'ok',
      'data-directory': 'ok',
      database: 'ok',
      migrations: 'ok',
      clock: 'ok',
      domain: 'ok',
      'server-key': 'ok',
      jobs: 'ok',
      backup: 'ok',
      'media-storage': 'ok',
      ffmpeg: 'ok',
      'heif-convert': 'ok',
    });
    expect(readdirSync(path.join(dataDirectory, 'media'))).toEqual([]);
  });

  test('R23 another domain, a missing key, a newer schema and an old backup are found, each by itself', async () => {
    await using database = await freshDatabase();
    await using connection = await connect(database.url);
    await connection.query(setting, ['domain', 'other.example']);
    await connection.query(setting, ['key_fingerprint', '00'.repeat(8)]);
    await connection.query(
      "insert into mikro_orm_migrations (name) values ('9999-from-the-future')",
    );
    await writeLastBackup(connection, new Date(Date.now() - 8 * 86_400_000));
    const { code, states, detail } = await findings({ DATABASE_URL: database.url });
    expect(code).toBe(1);
    expect(states).toMatchObject({
      domain: 'failed',
      'server-key': 'failed',
      migrations: 'failed',
      backup: 'warning',
      database: 'ok',
    });
    expect(detail('domain')).toBe(
      'the data belong to other.example, but PUBLIC_URL says photos.example',
    );
    expect(detail('migrations')).toContain('9999-from-the-future');
    expect(detail('backup')).toBe('the last one is 8 days old');
    expect(existsSync(serverKeyPath(dataDirectory))).toBe(false);
  });

  test('jobs of a worker that is gone, and jobs that were given up, are warned of', async () => {
    await using database = await freshDatabase();
    await using connection = await connect(database.url);
    expect((await findings({ DATABASE_URL: database.url })).detail('jobs')).toBe(
      'none stuck, none given up, 0 waiting',
    );
    await connection.query(
      "select graphile_worker.add_job(name, '{}', max_attempts => 1) from unnest('{processUpload,sendPush,sendPush}'::text[]) name",
    );
    await connection.query(
      `update graphile_worker._private_jobs j set
         locked_at = case t.identifier when 'processUpload' then now() end,
         locked_by = case t.identifier when 'processUpload' then 'pool-gone' end,
         attempts = 1
       from graphile_worker._private_tasks t where t.id = j.task_id`,
    );
    const { states, detail } = await findings({ DATABASE_URL: database.url });
    expect(states['jobs']).toBe('warning');
    expect(detail('jobs')).toBe(
      '1 stuck: the worker is gone, or runs for more than 60 minutes; 2 given up after the last try: sendPush',
    );
  });

  test('an empty database is told apart from a broken one, and nothing is made in it', async () => {
    await using database = await freshDatabase();
    await using connection = await connect(database.url);
    await connection.query('drop schema public cascade; create schema public');
    const { code, states } = await findings({ DATABASE_URL: database.url });
    expect({ code, migrations: states['migrations'], domain: states['domain'] }).toEqual({
      code: 0,
      migrations: 'warning',
      domain: 'ok',
    });
    expect(
      (await connection.query("select from pg_class where relnamespace = 'public'::regnamespace"))
        .rowCount,
    ).toBe(0);
  });
});

describe('a machine before the first start', () => {
  test('what is not there yet is a warning, and the doctor makes nothing', async () => {
    rmSync(dataDirectory, { recursive: true });
    const { code, states } = await findings({});
    expect(code).toBe(0);
    expect(states).toMatchObject({
      database: 'warning',
      'data-directory': 'warning',
      'server-key': 'ok',
    });
    expect(existsSync(dataDirectory)).toBe(false);
  });

  test('a database that nobody answers at, and a readable key file, fail', async () => {
    await loadServerKey({ dataDirectory, serverKey: null });
    chmodSync(serverKeyPath(dataDirectory), 0o640);
    const refused = await findings({ DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' });
    expect({ code: refused.code, database: refused.states['database'] }).toEqual({
      code: 1,
      database: 'failed',
    });
    const readable = await findings({});
    expect({ code: readable.code, key: readable.states['server-key'] }).toEqual({
      code: 1,
      key: 'failed',
    });
    expect(readable.detail('server-key')).toContain('chmod 600');
  });

  test('programs that are not there are warnings', async () => {
    const { code, states, detail } = await findings({
      PATH: dataDirectory,
      HEIF_CONVERT_PATH: '/nowhere/heif-convert',
    });
    expect({ code, ffmpeg: states['ffmpeg'], heif: states['heif-convert'] }).toEqual({
      code: 0,
      ffmpeg: 'warning',
      heif: 'warning',
    });
    expect(detail('ffmpeg')).toBe('video is switched off: ffmpeg is not installed.');
  });

  test('a broken configuration ends the examination', async () => {
    const { code, states } = await findings({ PORT: 'x' });
    expect(code).toBe(1);
    expect(Object.keys(states)).toEqual(['node', 'configuration']);
  });
});

test.each([
  ['24.22.1', 'ok'],
  ['24.22.0', 'warning'],
  ['24.23.0', 'ok'],
  ['26.0.0', 'ok'],
  ['22.99.0', 'warning'],
])('Node %s is %s', (version, state) => {
  expect(checkNode(version).state).toBe(state);
  if (state === 'warning')
    expect(checkNode(version).detail).toContain(': install it or a later one');
});

test.each([
  ['https://photos.example', 'ok'],
  ['http://photos.example', 'warning'],
  ['http://localhost:8080', 'warning'],
  ['https://192.0.2.1', 'warning'],
  ['https://[::1]', 'warning'],
  ['https://photos', 'warning'],
])('the address %s is %s', (address, state) => {
  expect(checkPublicUrl(new URL(address)).state).toBe(state);
});

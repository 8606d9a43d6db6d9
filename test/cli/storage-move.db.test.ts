// `triptych storage move` as an administrator runs it: to a real S3 server beside a running server, killed, and back.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { S3Location } from '../../src/platform/storage/s3-client.js';
import { openS3Storage } from '../../src/platform/storage/s3.js';
import { flatPng } from '../support/pictures.js';
import {
  describeWithS3,
  previousEnvironment,
  s3Environment,
  startS3Server,
  type S3Server,
} from '../support/s3-server.js';
import { triptych } from '../support/triptych-command.js';
import { uploadPicture } from '../support/upload.js';
import { startWorld } from '../support/world.js';

jest.setTimeout(300_000);

test('without a place to move from the command says what to set', async () => {
  const { code, stderr } = await triptych(['storage', 'move'], { DATA_DIR: os.tmpdir() });
  expect([code, stderr]).toEqual([1, expect.stringContaining('STORAGE_PREVIOUS')]);
});

test('from one directory to another, with the same bytes and nothing left', async () => {
  const root = await mkdtemp(path.join(os.tmpdir(), 'triptych-move-'));
  try {
    const [old, present] = [path.join(root, 'old'), path.join(root, 'new')];
    await mkdir(path.join(old, 'renditions'), { recursive: true });
    const bytes = randomBytes(50_000);
    await writeFile(path.join(old, 'renditions', 'a'), bytes);
    const env = {
      DATA_DIR: path.join(root, 'data'),
      STORAGE_DIR: present,
      STORAGE_PREVIOUS: 'filesystem',
      STORAGE_PREVIOUS_DIR: old,
    };
    const moved = await triptych(['storage', 'move', '--delete-originals'], env);
    expect([moved.code, moved.stdout]).toEqual([
      0,
      expect.stringMatching(/^Moved 1 objects[^]*Removed 1 objects/),
    ]);
    expect((await readFile(path.join(present, 'renditions', 'a'))).equals(bytes)).toBe(true);
    expect(await readdir(path.join(old, 'renditions'))).toEqual([]);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
});

describeWithS3('with a bucket', () => {
  let server: S3Server;
  let root: string;
  beforeAll(async () => {
    server = await startS3Server();
    root = await mkdtemp(path.join(os.tmpdir(), 'triptych-move-'));
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
    await rm(root, { recursive: true, force: true });
  });

  const toBucket = (location: S3Location, dataDirectory: string): Record<string, string> => ({
    ...s3Environment(location),
    STORAGE_PREVIOUS: 'filesystem',
    DATA_DIR: dataDirectory,
  });

  async function keysOf(location: S3Location): Promise<string[]> {
    const keys: string[] = [];
    for await (const key of openS3Storage(location).list()) keys.push(key);
    return keys.toSorted();
  }

  test('a server that runs shows everything before, while and after it moves', async () => {
    const location = await server.bucket();
    await using world = await startWorld({
      ...s3Environment(location),
      STORAGE_PREVIOUS: 'filesystem',
    });
    const { dataDirectory } = world.services.config;
    const ada = await world.local('ada');
    const show = async (id: string): Promise<number> => {
      const answer = await ada.graphql<{ node: { url: string } }>(
        'query ($id: ID!) { node(id: $id) { ... on ImageMedia { url } } }',
        { id },
      );
      return (await fetch(world.reach(answer.data.node.url))).status;
    };
    const id = await uploadPicture(world, ada, flatPng(900, 600));
    // as if it had come before the settings were changed
    const storage = openS3Storage(location);
    for (const key of await keysOf(location)) {
      const file = path.join(dataDirectory, 'media', key);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, await buffer(await storage.read(key)));
      await storage.remove(key);
    }
    expect(await show(id)).toBe(200);
    const later = await uploadPicture(world, ada, flatPng(800, 500));
    const inBucket = (await keysOf(location)).length;
    expect(inBucket).toBeGreaterThan(0);

    const run = (...words: string[]) =>
      triptych(['storage', 'move', ...words], toBucket(location, dataDirectory));
    const plan = await run('--dry-run', '--json');
    expect(JSON.parse(plan.stdout)).toMatchObject({ there: 0 });
    const { objects } = JSON.parse(plan.stdout) as { objects: number };
    const moved = await run();
    expect([moved.code, moved.stderr]).toEqual([0, '']);
    expect(moved.stdout).toMatch(
      new RegExp(`^Moved ${objects} objects with \\d+ bytes from .*SHA-256`),
    );
    expect(moved.stdout).toContain('--delete-originals');
    const removed = await run('--delete-originals', '--json');
    expect(JSON.parse(removed.stdout)).toMatchObject({
      earlier: objects,
      removed: objects,
      left: 0,
    });
    expect(await keysOf(location)).toHaveLength(inBucket + objects);
    expect([await show(id), await show(later)]).toEqual([200, 200]);
  });

  /** Starts a move, and kills it once 20 objects have arrived. */
  async function killInTheMiddle(env: Record<string, string>, target: S3Location): Promise<void> {
    const child: ChildProcess = spawn(
      process.execPath,
      [path.resolve('bin/triptych.js'), 'storage', 'move'],
      { env: { PATH: process.env['PATH'], ...env }, stdio: 'ignore' },
    );
    while ((await keysOf(target)).length < 20) expect(child.exitCode).toBeNull();
    child.kill('SIGKILL');
    await once(child, 'close');
  }

  test('killed in the middle, it goes on where it was, to the last byte, and back again', async () => {
    const location = await server.bucket();
    const dataDirectory = path.join(root, 'data');
    const media = path.join(dataDirectory, 'media', 'renditions');
    await mkdir(media, { recursive: true });
    const bytes = new Map<string, Buffer>();
    for (let index = 0; index < 300; index++) {
      const name = randomBytes(8).toString('hex');
      bytes.set(`renditions/${name}`, randomBytes(index === 7 ? 10_000_000 : 20_000));
      await writeFile(path.join(media, name), bytes.get(`renditions/${name}`)!);
    }
    const env = toBucket(location, dataDirectory);
    await killInTheMiddle(env, location);
    expect((await keysOf(location)).length).toBeLessThan(300);

    const again = await triptych(['storage', 'move', '--delete-originals', '--json'], env);
    expect(again.code).toBe(0);
    const outcome = JSON.parse(again.stdout) as { objects: number; earlier: number };
    expect(outcome).toMatchObject({ removed: 300, failures: [] });
    expect(outcome.objects + outcome.earlier).toBe(300);
    expect(outcome.earlier).toBeGreaterThan(0);
    expect(await readdir(media)).toEqual([]);
    expect(await readdir(path.join(dataDirectory, 'storage-move'))).toEqual([]);
    const storage = openS3Storage(location);
    for (const [key, expected] of bytes)
      expect((await buffer(await storage.read(key))).equals(expected)).toBe(true);

    const back = { ...env, STORAGE: 'filesystem', STORAGE_PREVIOUS: 's3' };
    const returned = await triptych(['storage', 'move', '--delete-originals'], back);
    expect([returned.code, returned.stdout]).toEqual([
      0,
      expect.stringMatching(/^Moved 300 objects[^]*Removed 300 objects/),
    ]);
    expect(await readdir(media)).toHaveLength(300);
    expect(await keysOf(location)).toEqual([]);
  });

  test('from one bucket to another beside a running server, killed in the middle, to the last byte', async () => {
    const [old, present] = [await server.bucket(), await server.bucket()];
    const env = { ...s3Environment(present), ...previousEnvironment(old) };
    await using world = await startWorld(env);
    const ada = await world.local('ada');
    const show = async (id: string): Promise<number> => {
      const answer = await ada.graphql<{ node: { url: string } }>(
        'query ($id: ID!) { node(id: $id) { ... on ImageMedia { url } } }',
        { id },
      );
      return (await fetch(world.reach(answer.data.node.url))).status;
    };
    const id = await uploadPicture(world, ada, flatPng(900, 600));
    const [from, to] = [openS3Storage(old), openS3Storage(present)];
    const bytes = new Map<string, Buffer>();
    const put = async (key: string, content: Buffer): Promise<void> => {
      const file = path.join(root, 'sent');
      await writeFile(file, content);
      await from.putFile(key, file, 'application/octet-stream');
      bytes.set(key, content);
    };
    // as if it had come before the settings were changed
    for (const key of await keysOf(present)) {
      await put(key, await buffer(await to.read(key)));
      await to.remove(key);
    }
    for (let index = 0; index < 200; index++)
      await put(
        `renditions/${randomBytes(8).toString('hex')}`,
        randomBytes(index === 7 ? 10_000_000 : 20_000),
      );
    expect(await show(id)).toBe(200);
    const dataDirectory = path.join(root, 'between');
    const command = { ...env, DATA_DIR: dataDirectory };
    await killInTheMiddle(command, present);
    expect((await keysOf(present)).length).toBeLessThan(bytes.size);
    expect(await show(id)).toBe(200);

    const moved = await triptych(['storage', 'move', '--delete-originals', '--json'], command);
    expect(moved.code).toBe(0);
    const outcome = JSON.parse(moved.stdout) as { objects: number; earlier: number };
    expect(outcome).toMatchObject({ removed: bytes.size, left: 0, failures: [] });
    expect(outcome.earlier).toBeGreaterThan(0);
    expect(outcome.objects + outcome.earlier).toBe(bytes.size);
    expect(await keysOf(old)).toEqual([]);
    for (const [key, expected] of bytes)
      expect((await buffer(await to.read(key))).equals(expected)).toBe(true);
    expect(await show(id)).toBe(200);
    expect(await readdir(path.join(dataDirectory, 'storage-move'))).toEqual([]);
  });

  test('a bucket that does not answer ends it without a stack trace', async () => {
    const location = await server.bucket();
    const gone = { ...location, endpoint: new URL('http://127.0.0.1:1') };
    const answer = await triptych(['storage', 'move'], toBucket(gone, path.join(root, 'none')));
    expect(answer.code).toBe(1);
    expect(answer.stderr).toContain('does not answer');
    expect(answer.stderr).not.toContain('    at ');
  });
});

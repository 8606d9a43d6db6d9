// Scratch files of several processes in one place: each removes its own, and those of the dead.
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { connect } from '../../src/platform/db/connection.js';
import { createLogger } from '../../src/platform/logger.js';
import { Scratch } from '../../src/platform/scratch.js';
import { freshDatabase } from '../support/database.js';

let database: Awaited<ReturnType<typeof freshDatabase>>;
let dataDirectory: string;
let work: string;

beforeAll(async () => {
  database = await freshDatabase();
  dataDirectory = await mkdtemp(path.join(tmpdir(), 'triptych-'));
  work = path.join(dataDirectory, 'work');
});

afterAll(async () => {
  await rm(dataDirectory, { recursive: true, force: true });
  await database[Symbol.asyncDispose]();
});

const open = (): Scratch =>
  new Scratch(dataDirectory, database.url, createLogger({ level: 'silent', format: 'json' }));

async function isThere(directory: string): Promise<boolean> {
  return stat(directory).then(
    () => true,
    () => false,
  );
}

test('nothing is made before it is wanted, and nothing is left when all is over', async () => {
  {
    await using scratch = open();
    await scratch.sweep();
    expect(await isThere(work)).toBe(false);
    const directories = await Promise.all([scratch.directory(), scratch.directory()]);
    for (const { path: directory } of directories) {
      expect((await stat(directory)).mode & 0o777).toBe(0o700);
      await writeFile(path.join(directory, 'original'), 'x');
    }
    await directories[0][Symbol.asyncDispose]();
    expect(await Promise.all(directories.map((each) => isThere(each.path)))).toEqual([false, true]);
    expect(await readdir(work)).toHaveLength(1);
  }
  expect(await readdir(work)).toEqual([]);
});

test('what the dead left goes, what the living have stays, their own included', async () => {
  await using one = open();
  await using other = open();
  const ofOne = await one.directory();
  const ofOther = await other.directory();
  await mkdir(path.join(work, 'dead', 'work-1'), { recursive: true });
  await writeFile(path.join(work, 'dead', 'work-1', 'original'), 'x');
  await Promise.all([one.sweep(), other.sweep()]);
  expect(await isThere(path.join(work, 'dead'))).toBe(false);
  expect([await isThere(ofOne.path), await isThere(ofOther.path)]).toEqual([true, true]);
});

test('after its session was cut, the next work has a place that nobody sweeps', async () => {
  await using scratch = open();
  await using other = open();
  await using connection = await connect(database.url);
  const before = await scratch.directory();
  await connection.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and application_name = 'triptych-scratch'`,
  );
  // The socket tells of it a moment later.
  let after = await scratch.directory();
  while (path.dirname(after.path) === path.dirname(before.path)) after = await scratch.directory();
  await other.sweep();
  expect([await isThere(before.path), await isThere(after.path)]).toEqual([false, true]);
});

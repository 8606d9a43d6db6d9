// Moving objects between storages: what counts as moved, what is removed, and what happens meanwhile.
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openLedger, type Ledger } from '../../src/cli/storage/ledger.js';
import { moveObjects, planMove, type Outcome } from '../../src/cli/storage/move-objects.js';
import { openFilesystemStorage } from '../../src/platform/storage/filesystem.js';
import { openMovingStorage } from '../../src/platform/storage/moving.js';
import { StorageError } from '../../src/platform/storage/storage-error.js';
import type { Storage } from '../../src/platform/storage/storage.js';

let root: string;
let from: Storage;
let to: Storage;
let ledger: Ledger;

beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'triptych-move-'));
  from = openFilesystemStorage(path.join(root, 'from'));
  to = openFilesystemStorage(path.join(root, 'to'), { isFlushed: true });
  ledger = await openLedger(root, 'a > b');
});

afterEach(async () => {
  await ledger[Symbol.asyncDispose]();
  await rm(root, { recursive: true, force: true });
});

async function put(storage: Storage, key: string, text = key): Promise<void> {
  const file = path.join(root, 'source');
  await writeFile(file, text);
  await storage.putFile(key, file, 'text/plain');
}

async function contentOf(storage: Storage): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for await (const key of storage.list())
    found[key] = String(await buffer(await storage.read(key)));
  return found;
}

const move = (
  removes = false,
  ends: Partial<{ from: Storage; to: Storage }> = {},
): Promise<Outcome> =>
  moveObjects({ from, to, ...ends, directory: root, ledger, onProgress: () => undefined }, removes);

const NOTHING = {
  objects: 0,
  bytes: 0,
  earlier: 0,
  vanished: 0,
  removed: 0,
  left: 0,
  failures: [],
};

test('everything arrives, is counted, and stays where it was until it is asked to go', async () => {
  for (const key of ['originals/a', 'renditions/b', 'c']) await put(from, key);
  expect(await planMove({ from, to })).toEqual({ objects: 3, bytes: 24, there: 0 });
  expect(await move()).toEqual({ ...NOTHING, objects: 3, bytes: 24 });
  expect(await contentOf(to)).toEqual(await contentOf(from));
  expect(await planMove({ from, to })).toMatchObject({ there: 3 });
  expect(await move(true)).toEqual({ ...NOTHING, earlier: 3, removed: 3 });
  expect(await contentOf(from)).toEqual({});
  expect(Object.keys(await contentOf(to))).toHaveLength(3);
});

test('what lies there under the same name with other bytes of the same number is replaced', async () => {
  await put(from, 'a', 'right');
  await put(to, 'a', 'wrong');
  expect(await move()).toMatchObject({ objects: 1 });
  expect(await contentOf(to)).toEqual({ a: 'right' });
});

test('what arrives damaged is told, and then no original is removed', async () => {
  for (const key of ['a', 'b']) await put(from, key);
  const damaging: Storage = {
    ...to,
    putFile: async (key, file, type) => {
      if (key === 'a') await writeFile(file, 'x');
      await to.putFile(key, file, type);
    },
  };
  const outcome = await move(true, { to: damaging });
  expect(outcome).toMatchObject({
    objects: 1,
    removed: 0,
    failures: [{ key: 'a', reason: 'What arrived differs from what was sent.' }],
  });
  expect(Object.keys(await contentOf(from))).toHaveLength(2);
});

test('what was deleted while it travelled is not there either', async () => {
  for (const key of ['a', 'b']) await put(from, key);
  const racing: Storage = {
    ...to,
    putFile: async (key, file, type) => {
      if (key === 'a') await openMovingStorage(to, from).remove('a');
      await to.putFile(key, file, type);
    },
  };
  expect(await move(false, { to: racing })).toMatchObject({ objects: 1, vanished: 1 });
  expect(await contentOf(to)).toEqual({ b: 'b' });
});

test('what came after the run began stays, and is told', async () => {
  await put(from, 'a');
  const late: Storage = {
    ...to,
    stat: async (key) => {
      await put(from, 'late');
      return to.stat(key);
    },
  };
  expect(await move(true, { to: late })).toMatchObject({ removed: 1, left: 1 });
  expect(await contentOf(from)).toEqual({ late: 'late' });
  expect(await move(true)).toMatchObject({ objects: 1, removed: 1, left: 0 });
});

test('a storage that does not answer ends the run, and the next one goes on', async () => {
  for (const key of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']) await put(from, key);
  let puts = 0;
  const failing: Storage = {
    ...to,
    putFile: async (key, file, type) => {
      if (++puts > 3) throw new StorageError('UNREACHABLE', 'no answer');
      await to.putFile(key, file, type);
    },
  };
  await expect(move(true, { to: failing })).rejects.toThrow('no answer');
  expect(Object.keys(await contentOf(from))).toHaveLength(8);
  const rest = await move(true);
  expect(rest.objects + rest.earlier).toBe(8);
  expect(rest.removed).toBe(8);
});

test('a ledger forgets the line on which it was killed, and that of another move is another one', async () => {
  await ledger.add('a');
  const [file] = (await readdir(root)).filter((name) => name.startsWith('verified'));
  await writeFile(
    path.join(root, file!),
    `${await readFile(path.join(root, file!), 'utf8')}renditions/ab`,
  );
  await using again = await openLedger(root, 'a > b');
  await again.add('c');
  await using third = await openLedger(root, 'a > b');
  await using other = await openLedger(root, 'b > a');
  expect(['a', 'c', 'renditions/abc'].map((key) => third.has(key))).toEqual([true, true, false]);
  expect(other.has('a')).toBe(false);
});

test('while objects move, both storages are one', async () => {
  const both = openMovingStorage(to, from);
  await put(from, 'old');
  await put(both, 'new');
  expect(await contentOf(to)).toEqual({ new: 'new' });
  expect(await contentOf(both)).toEqual({ new: 'new', old: 'old' });
  expect(await both.stat('old')).toEqual({ sizeBytes: 3 });
  expect(String(await buffer(await both.read('old', { start: 1, end: 1 })))).toBe('l');
  await both.fetchToFile('old', path.join(root, 'fetched'));
  expect(await readFile(path.join(root, 'fetched'), 'utf8')).toBe('old');
  expect(await both.stat('none')).toBeNull();
  await expect(both.read('none')).rejects.toMatchObject({ problem: 'OBJECT_MISSING' });
  for (const key of ['old', 'new', 'none']) await both.remove(key);
  expect(await contentOf(both)).toEqual({});
});

test('an object that moves between the looks for it is found', async () => {
  await put(from, 'a');
  const moving: Storage = {
    ...from,
    read: async (key, range) => {
      await put(to, 'a');
      await from.remove('a');
      return from.read(key, range);
    },
  };
  expect(String(await buffer(await openMovingStorage(to, moving).read('a')))).toBe('a');
});

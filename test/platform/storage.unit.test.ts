// What every storage does, whichever it is: the same tests on the file system and on a real S3 server.
import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { openFilesystemStorage } from '../../src/platform/storage/filesystem.js';
import { openS3Storage } from '../../src/platform/storage/s3.js';
import type { Storage } from '../../src/platform/storage/storage.js';
import { isS3Tested, startS3Server, type S3Server } from '../support/s3-server.js';

const MEBIBYTE = 2 ** 20;
const HOUR_MS = 3_600_000;

let directory: string;
let server: S3Server | undefined;
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'triptych-storage-'));
  if (isS3Tested) server = await startS3Server();
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
});

const kinds: [string, typeof describe, () => Promise<Storage>][] = [
  [
    'file system',
    describe,
    async () => openFilesystemStorage(await mkdtemp(path.join(directory, 'media-'))),
  ],
  [
    'S3',
    (isS3Tested ? describe : describe.skip) as typeof describe,
    async () => openS3Storage(await server!.bucket()),
  ],
];

for (const [name, describeKind, open] of kinds) {
  describeKind(`storage in the ${name}`, () => {
    let storage: Storage;
    beforeEach(async () => {
      storage = await open();
    });

    async function put(key: string, content: Buffer): Promise<string> {
      const source = path.join(directory, randomBytes(8).toString('hex'));
      await writeFile(source, content);
      await storage.putFile(key, source, 'image/jpeg');
      return source;
    }

    async function keys(before?: Date): Promise<string[]> {
      const found = [];
      for await (const key of storage.list(before)) found.push(key);
      return found.toSorted();
    }

    test('gives back what it was given, and consumes the file', async () => {
      const content = randomBytes(3 * MEBIBYTE);
      const source = await put('originals/a', content);
      expect(existsSync(source)).toBe(false);
      expect(await storage.stat('originals/a')).toEqual({ sizeBytes: content.length });
      expect(content.equals(await buffer(await storage.read('originals/a')))).toBe(true);
    });

    test('reads a range with both of its ends', async () => {
      await put('renditions/a.jpg', Buffer.from('0123456789'));
      const range = async (start: number, end: number) =>
        (await buffer(await storage.read('renditions/a.jpg', { start, end }))).toString();
      expect(await range(0, 0)).toBe('0');
      expect(await range(3, 6)).toBe('3456');
      expect(await range(9, 9)).toBe('9');
      expect(await range(0, 9)).toBe('0123456789');
    });

    test('keeps an empty object', async () => {
      await put('originals/empty', Buffer.alloc(0));
      expect(await storage.stat('originals/empty')).toEqual({ sizeBytes: 0 });
      expect(await buffer(await storage.read('originals/empty'))).toHaveLength(0);
      await storage.fetchToFile('originals/empty', path.join(directory, 'empty'));
      expect(await readFile(path.join(directory, 'empty'))).toHaveLength(0);
    });

    test('keeps an object of 70 MB, which has several parts, byte by byte', async () => {
      const content = randomBytes(70 * MEBIBYTE + 7);
      const digest = createHash('sha256').update(content).digest('hex');
      await put('originals/large', content);
      expect(await storage.stat('originals/large')).toEqual({ sizeBytes: content.length });
      const copy = path.join(directory, 'large');
      await storage.fetchToFile('originals/large', copy);
      expect(
        createHash('sha256')
          .update(await readFile(copy))
          .digest('hex'),
      ).toBe(digest);
      const range = { start: 8 * MEBIBYTE - 5, end: 24 * MEBIBYTE + 5 };
      const part = await buffer(await storage.read('originals/large', range));
      expect(part.equals(content.subarray(range.start, range.end + 1))).toBe(true);
    });

    test('tells an object that is not there by null or a typed error', async () => {
      const missing = { name: 'StorageError', problem: 'OBJECT_MISSING' };
      expect(await storage.stat('originals/none')).toBeNull();
      await expect(storage.read('originals/none')).rejects.toMatchObject(missing);
      await expect(storage.read('originals/none', { start: 0, end: 1 })).rejects.toMatchObject(
        missing,
      );
      await expect(
        storage.fetchToFile('originals/none', path.join(directory, 'none')),
      ).rejects.toMatchObject(missing);
    });

    test('removes an object, and one that is not there as well', async () => {
      await put('originals/a', Buffer.from('a'));
      await storage.remove('originals/a');
      await storage.remove('originals/a');
      expect(await storage.stat('originals/a')).toBeNull();
      expect(await keys()).toEqual([]);
    });

    test('lists every key, or those from before an instant', async () => {
      expect(await keys()).toEqual([]);
      for (const key of ['originals/a', 'renditions/b.jpg', 'c']) await put(key, Buffer.from(key));
      const all = ['c', 'originals/a', 'renditions/b.jpg'];
      expect(await keys()).toEqual(all);
      expect(await keys(new Date(Date.now() + HOUR_MS))).toEqual(all);
      expect(await keys(new Date(Date.now() - HOUR_MS))).toEqual([]);
    });

    test.each(['', '/a', '../a', 'a/../b', 'A', 'a//b', '.hidden', 'a/', 'ä'])(
      'refuses the key "%s"',
      async (key) => {
        const source = path.join(directory, 'refused');
        await writeFile(source, 'x');
        const refused = `not a storage key: ${key}`;
        const attempts = [
          () => storage.putFile(key, source, 'image/jpeg'),
          () => storage.stat(key),
          () => storage.read(key),
          () => storage.fetchToFile(key, `${source}.copy`),
          () => storage.remove(key),
        ];
        for (const attempt of attempts) await expect(attempt()).rejects.toThrow(refused);
        expect(existsSync(source)).toBe(true);
      },
    );

    test('leaves a file alone that it could not store', async () => {
      const nowhere = path.join(directory, 'nowhere');
      await expect(storage.putFile('originals/a', nowhere, 'image/jpeg')).rejects.toMatchObject({
        code: 'ENOENT',
      });
      expect(await keys()).toEqual([]);
    });

    test('is usable, and has nothing unfinished to remove', async () => {
      await storage.check();
      await put('originals/a', Buffer.from('a'));
      await storage.removeUnfinished(new Date(Date.now() + HOUR_MS));
      expect(await keys()).toEqual(['originals/a']);
    });
  });
}

test('a file that was being copied when the process died is removed once it is old enough', async () => {
  const root = await mkdtemp(path.join(directory, 'media-'));
  const storage = openFilesystemStorage(root);
  await writeFile(path.join(root, 'a.partial'), 'half');
  await storage.removeUnfinished(new Date(Date.now() - HOUR_MS));
  expect(existsSync(path.join(root, 'a.partial'))).toBe(true);
  await storage.removeUnfinished(new Date(Date.now() + HOUR_MS));
  expect(existsSync(path.join(root, 'a.partial'))).toBe(false);
});

test('a file in the place of the directory is told at once', async () => {
  const root = path.join(directory, 'a-file');
  await writeFile(root, '');
  await expect(openFilesystemStorage(root).check()).rejects.toMatchObject({
    name: 'StorageError',
    problem: 'ACCESS_DENIED',
    message: expect.stringContaining(root),
  });
});

// A body that comes in over a line: what it may do to the disk.
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { receiveBody, type BodyRules } from '../../src/media/http/receive-body.js';

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'body-'));
});

afterAll(() => rm(directory, { recursive: true, force: true }));

const rules: BodyRules = {
  maxBytes: 1000,
  idleMs: 60_000,
  stop: new AbortController().signal,
  onProgress: () => undefined,
};

function receive(body: PassThrough, changed: Partial<BodyRules> = {}) {
  return receiveBody(body, path.join(directory, 'file'), { ...rules, ...changed });
}

test('the whole body lies in the file, with its size and its digest', async () => {
  const bytes = randomBytes(1000);
  const body = new PassThrough();
  const received = receive(body);
  body.write(bytes.subarray(0, 400));
  body.end(bytes.subarray(400));
  const { path: file, sizeBytes, sha256 } = await received;
  expect(sizeBytes).toBe(1000);
  expect(sha256).toEqual(createHash('sha256').update(bytes).digest());
  expect(await readFile(file)).toEqual(bytes);
  await rm(file);
});

test('a sender that falls silent, is displaced or sends too much leaves nothing behind', async () => {
  const silent = new PassThrough();
  silent.write('half');
  await expect(receive(silent, { idleMs: 50 })).rejects.toMatchObject({
    status: 408,
    message: 'No bytes came for 0.05 seconds.',
  });
  const other = new AbortController();
  const displaced = new PassThrough();
  const refused = receive(displaced, { stop: other.signal, onProgress: () => other.abort() });
  displaced.write('half');
  await expect(refused).rejects.toMatchObject({ status: 409, code: 'CONFLICT' });
  const large = new PassThrough();
  large.end(randomBytes(1001));
  await expect(receive(large)).rejects.toMatchObject({ status: 413, code: 'TOO_LARGE' });
  expect([silent, displaced, large].map(({ destroyed }) => destroyed)).toEqual([true, true, true]);
  expect(await readdir(directory)).toEqual([]);
});

// What only an S3 storage has to do with: parts, privacy, refusals and a network that fails. Against a real server.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import {
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { S3Location, S3Patience } from '../../src/platform/storage/s3-client.js';
import { isPublicInS3 } from '../../src/platform/storage/s3-privacy.js';
import { openS3Storage } from '../../src/platform/storage/s3.js';
import type { Storage } from '../../src/platform/storage/storage.js';
import { startS3Proxy } from '../support/s3-proxy.js';
import { describeWithS3, rawClient, startS3Server, type S3Server } from '../support/s3-server.js';

const MEBIBYTE = 2 ** 20;
const HOUR_MS = 3_600_000;
/** For a service that answers, also on a busy machine. */
const TWICE: S3Patience = { attempts: 2, connectMs: 20_000, silenceMs: 20_000, checkMs: 20_000 };
/** For one that will not. */
const IMPATIENT: S3Patience = { ...TWICE, silenceMs: 500 };

describeWithS3('S3', () => {
  let directory: string;
  let server: S3Server;
  let bucket: S3Location;
  let storage: Storage;
  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'triptych-storage-'));
    server = await startS3Server();
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
    await rm(directory, { recursive: true, force: true });
  });
  beforeEach(async () => {
    bucket = await server.bucket();
    storage = openS3Storage(bucket);
  });

  async function file(content: Buffer): Promise<string> {
    const name = path.join(directory, randomBytes(8).toString('hex'));
    await writeFile(name, content);
    return name;
  }

  const put = async (key: string, content: Buffer, into = storage) =>
    into.putFile(key, await file(content), 'image/avif');

  async function keys(): Promise<string[]> {
    const found = [];
    for await (const key of storage.list()) found.push(key);
    return found.toSorted();
  }

  const unfinished = async () => {
    const command = new ListMultipartUploadsCommand({ Bucket: bucket.bucket });
    return ((await rawClient(bucket).send(command)).Uploads ?? []).map(({ Key }) => Key);
  };

  test('an object carries its type, and whoever may cache it may keep it', async () => {
    await put('renditions/small', randomBytes(10));
    await put('renditions/large', randomBytes(9 * MEBIBYTE));
    for (const key of ['renditions/small', 'renditions/large']) {
      const command = new HeadObjectCommand({ Bucket: bucket.bucket, Key: key });
      expect(await rawClient(bucket).send(command)).toMatchObject({
        ContentType: 'image/avif',
        CacheControl: 'private, max-age=31536000, immutable',
      });
    }
  });

  test('nothing lies on this machine', () => {});

  test('a list goes on after a thousand keys', async () => {
    const client = rawClient(bucket);
    const expected = Array.from({ length: 1_003 }, (_, index) => `originals/${index}`).toSorted();
    const left = [...expected];
    const worker = async () => {
      for (let key = left.pop(); key !== undefined; key = left.pop())
        await client.send(new PutObjectCommand({ Bucket: bucket.bucket, Key: key, Body: 'x' }));
    };
    await Promise.all(Array.from({ length: 16 }, worker));
    expect(await keys()).toEqual(expected);
  });

  test('strangers read nothing, unless somebody opens the bucket, which is noticed', async () => {
    await put('originals/a', Buffer.from('private'));
    const address = new URL(`${bucket.bucket}/originals/a`, bucket.endpoint!);
    expect((await fetch(address)).status).toBe(403);
    expect(await isPublicInS3(bucket, 'originals/a')).toBe(false);
    const stranger = openS3Storage(server.asStranger(bucket));
    await expect(stranger.read('originals/a')).rejects.toMatchObject({ problem: 'ACCESS_DENIED' });

    const Statement = [
      {
        Effect: 'Allow',
        Principal: '*',
        Action: 's3:GetObject',
        Resource: `arn:aws:s3:::${bucket.bucket}/*`,
      },
    ];
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
    await rawClient(bucket).send(new PutBucketPolicyCommand({ Bucket: bucket.bucket, Policy }));
    expect((await fetch(address)).status).toBe(200);
    expect(await isPublicInS3(bucket, 'originals/a')).toBe(true);
  });

  test('a writer that is killed between two parts leaves nothing to see, and its parts are aborted later', async () => {
    await using proxy = await startS3Proxy(bucket);
    const isThirdPart = (asked: string): boolean => /[?&]partNumber=3(?:&|$)/.test(asked);
    proxy.decide((asked) => (isThirdPart(asked) ? 'HOLD' : 'FORWARD'));
    const source = await file(randomBytes(70 * MEBIBYTE));
    const writer = spawn(
      process.execPath,
      [
        path.resolve('dist/test/support/s3-writer.js'),
        JSON.stringify(proxy.location),
        'originals/a',
        source,
      ],
      { stdio: 'inherit' },
    );
    const exited = once(writer, 'exit');
    while (!proxy.requests.some(isThirdPart) && writer.exitCode === null) await delay(10);
    writer.kill('SIGKILL');
    expect(await exited).toEqual([null, 'SIGKILL']);

    expect(await storage.stat('originals/a')).toBeNull();
    expect(await keys()).toEqual([]);
    await storage.removeUnfinished(new Date(Date.now() - HOUR_MS));
    expect(await unfinished()).toEqual(['originals/a']);
    await storage.removeUnfinished(new Date(Date.now() + HOUR_MS));
    expect(await unfinished()).toEqual([]);
  });

  test('an upload that fails for good aborts its parts by itself and keeps the file', async () => {
    await using proxy = await startS3Proxy(bucket);
    proxy.decide((asked) => (asked.includes('partNumber=2') ? 'FAIL' : 'FORWARD'));
    const source = await file(randomBytes(20 * MEBIBYTE));
    const failing = openS3Storage(proxy.location, TWICE);
    await expect(failing.putFile('originals/a', source, 'image/avif')).rejects.toMatchObject({
      problem: 'UNREACHABLE',
    });
    expect(await unfinished()).toEqual([]);
    expect(await storage.stat('originals/a')).toBeNull();
    await storage.putFile('originals/a', source, 'image/avif');
    expect(await storage.stat('originals/a')).toEqual({ sizeBytes: 20 * MEBIBYTE });
  });

  test('a failure that passes is not noticed', async () => {
    await using proxy = await startS3Proxy(bucket);
    const shaky = openS3Storage(proxy.location);
    let asked = 0;
    proxy.decide(() => (asked++ % 3 < 2 ? 'FAIL' : 'FORWARD'));
    await put('originals/a', Buffer.from('abc'), shaky);
    expect(await shaky.stat('originals/a')).toEqual({ sizeBytes: 3 });
    expect((await buffer(await shaky.read('originals/a'))).toString()).toBe('abc');
    await shaky.remove('originals/a');
    expect(await keys()).toEqual([]);
  });

  describeReading();

  function describeReading(): void {
    test('a connection that breaks off in the middle is resumed at the same byte', async () => {
      await using proxy = await startS3Proxy(bucket);
      const content = randomBytes(3 * MEBIBYTE);
      await put('originals/a', content);
      const broken = openS3Storage(proxy.location);
      const breakTwice = (): void => {
        let asked = 0;
        proxy.decide(() => (asked++ < 2 ? 'BREAK' : 'FORWARD'));
      };
      breakTwice();
      expect(content.equals(await buffer(await broken.read('originals/a')))).toBe(true);
      breakTwice();
      const range = { start: 1_000, end: 2 * MEBIBYTE };
      const part = await buffer(await broken.read('originals/a', range));
      expect(part.equals(content.subarray(1_000, 2 * MEBIBYTE + 1))).toBe(true);
      expect(proxy.requests).toHaveLength(6);
    });

    test('one that brings nothing any more ends in a typed error', async () => {
      await using proxy = await startS3Proxy(bucket);
      await put('originals/a', randomBytes(3 * MEBIBYTE));
      const broken = openS3Storage(proxy.location, TWICE);
      let asked = 0;
      proxy.decide(() => (asked++ === 0 ? 'BREAK' : 'FAIL'));
      await expect(broken.read('originals/a').then(buffer)).rejects.toMatchObject({
        problem: 'UNREACHABLE',
      });
    });

    test('a reader that pauses for longer than the connection lives still gets every byte', async () => {
      await using proxy = await startS3Proxy(bucket);
      const content = randomBytes(9 * MEBIBYTE);
      await put('originals/a', content);
      const body = await openS3Storage(proxy.location, IMPATIENT).read('originals/a');
      const chunks: Buffer[] = [];
      for await (const chunk of body) {
        if (chunks.length === 0) while (proxy.openConnections() > 0) await delay(10);
        chunks.push(chunk);
      }
      expect(content.equals(Buffer.concat(chunks))).toBe(true);
      expect(proxy.requests.length).toBeGreaterThan(1);
    });

    test('a reader that goes away takes its connection along', async () => {
      await using proxy = await startS3Proxy(bucket);
      await put('originals/a', randomBytes(9 * MEBIBYTE));
      const body = await openS3Storage(proxy.location).read('originals/a');
      await once(body, 'readable');
      expect(proxy.openConnections()).toBe(1);
      body.destroy();
      while (proxy.openConnections() > 0) await delay(10);
    });
  }

  test.each([
    ['an unknown key', { accessKeyId: 'nobody' }, 'ACCESS_DENIED', '(InvalidAccessKeyId)'],
    ['a wrong secret', { secretAccessKey: 'wrong' }, 'ACCESS_DENIED', '(SignatureDoesNotMatch)'],
    ['a missing bucket', { bucket: 'nowhere' }, 'BUCKET_MISSING', 'There is no bucket nowhere at'],
  ])('%s is named by every operation', async (_case, wrong, problem, message) => {
    const failing = openS3Storage({ ...bucket, ...wrong }, TWICE);
    const error = { name: 'StorageError', problem, message: expect.stringContaining(message) };
    await expect(failing.check()).rejects.toMatchObject(error);
    const source = await file(randomBytes(10));
    const attempts = [
      () => failing.putFile('originals/a', source, 'image/avif'),
      () => failing.read('originals/a'),
      () => failing.remove('originals/a'),
      () => failing.list()[Symbol.asyncIterator]().next(),
      () => failing.removeUnfinished(new Date()),
    ];
    for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject(error);
  });

  test("somebody else's bucket is closed", async () => {
    const stranger = openS3Storage(server.asStranger(bucket));
    await expect(stranger.check()).rejects.toMatchObject({
      problem: 'ACCESS_DENIED',
      message: expect.stringContaining(`Access to the bucket ${bucket.bucket} is denied`),
    });
    await expect(stranger.stat('originals/a')).rejects.toMatchObject({ problem: 'ACCESS_DENIED' });
  });

  test('a service that is silent is given up', async () => {
    await using proxy = await startS3Proxy(bucket);
    await put('originals/a', randomBytes(10));
    proxy.decide(() => 'HOLD');
    const silent = openS3Storage(proxy.location, IMPATIENT);
    const error = { problem: 'UNREACHABLE', message: expect.stringContaining('(TimeoutError)') };
    await expect(silent.read('originals/a')).rejects.toMatchObject(error);
    await expect(silent.stat('originals/a')).rejects.toMatchObject(error);
    await expect(put('originals/b', randomBytes(10), silent)).rejects.toMatchObject(error);
    expect(proxy.requests).toHaveLength(3 * IMPATIENT.attempts);
    const brief = openS3Storage(proxy.location, { ...IMPATIENT, silenceMs: HOUR_MS, checkMs: 200 });
    await expect(brief.check()).rejects.toMatchObject({ problem: 'UNREACHABLE' });
  });

  test('an address where something else answers is refused', async () => {
    const page = createServer((_request, response) =>
      response.setHeader('content-type', 'text/html').end('<html><body><p>Welcome</body></html>'),
    );
    await once(page.listen(0, '127.0.0.1'), 'listening');
    const { port } = page.address() as AddressInfo;
    try {
      const elsewhere = { ...bucket, endpoint: new URL(`http://127.0.0.1:${port}`) };
      const wrong = openS3Storage(elsewhere, TWICE);
      await expect(wrong.check()).rejects.toMatchObject({ problem: 'REFUSED' });
      await expect(wrong.read('originals/a', { start: 0, end: 1 })).rejects.toMatchObject({
        problem: 'REFUSED',
      });
    } finally {
      page.closeAllConnections();
      page.close();
    }
  });

  test('an error tells no secret', async () => {
    const failing = openS3Storage({ ...bucket, secretAccessKey: 'hush-hush' });
    const error = await failing.check().catch((reason: unknown) => reason);
    expect(String((error as Error).stack)).not.toContain('hush');
    expect(JSON.stringify(error)).not.toContain('hush');
  });
});

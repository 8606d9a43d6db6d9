// The processes that decode: bounded, replaceable, and gone when they should be.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { createImageProcessor } from '../../src/media/internal/images/image-processor.js';
import type { ProcessedImage } from '../../src/media/internal/images/image-processor.js';
import { ImageRejected } from '../../src/media/internal/images/image-rejected.js';
import { LIMITS, testProcessor } from '../support/image-processor.js';
import type { TestProcessor } from '../support/image-processor.js';
import { photograph } from '../support/photographs.js';
import { heicFrom } from '../support/pictures.js';

const small = (): Promise<Buffer> =>
  sharp({ create: { width: 64, height: 48, channels: 3, background: '#3060c0' } })
    .jpeg()
    .toBuffer();
const large = async (): Promise<Buffer> => readFile(await photograph());
const startedPids = (processor: TestProcessor): (number | undefined)[] =>
  processor.log.filter((entry) => entry.event === 'worker-started').map((entry) => entry.pid);

/** Waits for the process to end. */
async function ended(pid: number): Promise<void> {
  for (;;) {
    const state = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => 'gone');
    if (state === 'gone' || /\) Z /.test(state)) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Waits for a log entry to appear. */
async function logged(processor: TestProcessor, event: string): Promise<number> {
  for (;;) {
    const entry = processor.log.find((candidate) => candidate.event === event);
    if (entry?.pid !== undefined) return entry.pid;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const MODULE = new URL('../../src/media/internal/images/image-processor.js', import.meta.url).href;
/** A server of its own that prints the pid of its worker and then works for a while. */
const SERVER = `
  const { createImageProcessor } = await import(process.env.MODULE);
  const log = ({ event, pid }) => event === 'worker-started' && console.log(pid);
  const limits = ${JSON.stringify(LIMITS)};
  const processor = createImageProcessor({ ...limits, parallel: 1, log });
  for (let turn = 0; turn < 50; turn += 1) {
    const outputDirectory = process.env.OUTPUT + '/' + turn;
    await processor.process({ inputPath: process.env.PHOTO, outputDirectory, purpose: 'photo' });
  }
`;

describe('pool', () => {
  test('no worker runs before the first picture; the same one takes the next', async () => {
    await using processor = await testProcessor({ parallel: 1 });
    expect(processor.log).toEqual([]);
    await processor.process(await small());
    await processor.process(await small());
    expect(processor.log.map((entry) => entry.event)).toEqual([
      'worker-started',
      'image-processed',
      'image-processed',
    ]);
  });

  test('as many pictures at once as there are workers, and all of them in the end', async () => {
    await using processor = await testProcessor({ parallel: 2 });
    const bytes = await small();
    const images = await Promise.all(Array.from({ length: 12 }, () => processor.process(bytes)));
    expect(images).toHaveLength(12);
    expect(startedPids(processor)).toHaveLength(2);
  });

  test('a worker without work ends, and a new one starts when needed', async () => {
    await using processor = await testProcessor({ parallel: 1, idleSeconds: 0.05 });
    await processor.process(await small());
    const pid = await logged(processor, 'worker-stopped');
    await ended(pid);
    await processor.process(await small());
    expect(startedPids(processor)).toHaveLength(2);
  });

  test('closing ends every worker and refuses what is running or waiting', async () => {
    await using processor = await testProcessor({ parallel: 1, holdsWorkers: true });
    const bytes = await large();
    const outcomes = Promise.allSettled([processor.process(bytes), processor.process(bytes)]);
    const pid = await logged(processor, 'worker-started');
    await processor.close();
    expect((await outcomes).map((outcome) => outcome.status)).toEqual(['rejected', 'rejected']);
    await ended(pid);
    await expect(processor.process(await small())).rejects.toThrow('the image processor is closed');
  });

  test('progress rises to 100', async () => {
    await using files = await testProcessor();
    await using processor = createImageProcessor({ ...LIMITS, log: () => {} });
    const seen: number[] = [];
    await processor.process({
      inputPath: await photograph(),
      outputDirectory: path.join(files.directory, 'progress'),
      purpose: 'photo',
      onProgress: (percent) => seen.push(percent),
    });
    expect(seen).toEqual([20, 36, 52, 68, 84, 100]);
  });
});

describe('M05 isolation', () => {
  test('M05 a worker that dies fails its own picture only; the next one gets a new worker', async () => {
    await using processor = await testProcessor({ parallel: 1 });
    const [bytes, next] = [await large(), await small()];
    const pending: Promise<ProcessedImage>[] = [];
    const doomed = processor.process(bytes, {
      onProgress: () => {
        if (pending.length > 0) return;
        pending.push(processor.process(next));
        process.kill(startedPids(processor)[0] ?? NaN, 'SIGSEGV');
      },
    });
    const error: unknown = await doomed.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ImageRejected);
    expect(error).toMatchObject({
      reason: 'DECODER_CRASHED',
      message: 'The picture could not be decoded.',
    });
    expect((await Promise.all(pending)).map(({ width }) => width)).toEqual([64]);
    expect(startedPids(processor)).toHaveLength(2);
  });

  test('M05 a picture that takes too long is killed by the clock', async () => {
    // Long enough for small pictures on a busy machine, the start of a worker included.
    await using processor = await testProcessor({ parallel: 1, timeoutSeconds: 5 });
    await processor.process(await small());
    const pid = startedPids(processor)[0] ?? NaN;
    process.kill(pid, 'SIGSTOP');
    const refusal = await processor.refusal(await large());
    expect(refusal).toMatchObject({ reason: 'TIMEOUT' });
    await ended(pid);
    expect((await processor.process(await small())).width).toBe(64);
  });

  test('M05 a decoder that hangs dies with its worker', async () => {
    const heic = await heicFrom(await small());
    if (!heic) return process.stderr.write('heif-enc is not installed: HEIC was not tested\n');
    await using files = await testProcessor();
    const decoder = path.join(files.directory, 'hanging-decoder');
    await writeFile(decoder, `#!/bin/sh\necho $$ > ${files.directory}/pid\nexec sleep 600\n`);
    await chmod(decoder, 0o755);
    await using processor = await testProcessor({
      parallel: 1,
      timeoutSeconds: 5,
      heifConvertPath: decoder,
    });
    await processor.process(await small());
    expect((await processor.refusal(heic)).reason).toBe('TIMEOUT');
    const pid = Number(await readFile(`${files.directory}/pid`, 'latin1'));
    expect(pid).toBeGreaterThan(1);
    await ended(pid);
  });

  test('M05 a picture that needs more memory than allowed fails alone', async () => {
    await using processor = await testProcessor({
      parallel: 1,
      memoryLimitBytes: 40 * 1024 * 1024,
    });
    const interlaced = await sharp({
      create: { width: 9000, height: 9000, channels: 3, background: 'teal' },
    })
      .png({ progressive: true, compressionLevel: 1 })
      .toBuffer();
    expect((await processor.refusal(interlaced)).reason).toBe('DECODER_CRASHED');
    expect((await processor.process(await small())).width).toBe(64);
  });

  test('an abort ends the work at once, also while waiting for a turn', async () => {
    await using processor = await testProcessor({ parallel: 1, holdsWorkers: true });
    const [running, waiting] = [new AbortController(), new AbortController()];
    const first = processor.process(await large(), { signal: running.signal });
    const second = processor.process(await large(), { signal: waiting.signal });
    const pid = await logged(processor, 'worker-started');
    waiting.abort(new Error('no longer wanted'));
    await expect(second).rejects.toThrow('no longer wanted');
    running.abort(new Error('upload deleted'));
    await expect(first).rejects.toThrow('upload deleted');
    await ended(pid);
  });

  test('an abort while a picture is being taken in is not missed', async () => {
    await using processor = await testProcessor({ parallel: 1, holdsWorkers: true });
    const running = new AbortController();
    const first = processor.process(await large(), { signal: running.signal });
    await logged(processor, 'worker-started');
    for (let turns = 0; turns < 40; turns++) {
      const waiting = new AbortController();
      const second = processor.process(Buffer.alloc(1), { signal: waiting.signal });
      for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate);
      waiting.abort(new Error('no longer wanted'));
      await expect(second).rejects.toThrow('no longer wanted');
    }
    running.abort(new Error('upload deleted'));
    await expect(first).rejects.toThrow('upload deleted');
  });

  test('a worker does not outlive its server', async () => {
    await using files = await testProcessor();
    const server = spawn(process.execPath, ['--input-type=module', '--eval', SERVER], {
      env: { PHOTO: await photograph(), OUTPUT: files.directory, MODULE },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(server.stdout, 'data')) as [Buffer];
    const pid = Number(line.toString());
    expect(process.kill(pid, 0)).toBe(true);
    server.kill('SIGKILL');
    await ended(pid);
  });

  test('a worker sees no secret, is nice and has limits', async () => {
    process.env.TRIPTYCH_TEST_SECRET = 'hunter2';
    try {
      await using processor = await testProcessor({
        parallel: 1,
        timeoutSeconds: 60,
        memoryLimitBytes: 1024 ** 3,
      });
      await processor.process(await small());
      const [pid] = startedPids(processor);
      const environment = (await readFile(`/proc/${pid}/environ`, 'latin1'))
        .split('\0')
        .map((line) => line.split('=')[0]);
      expect(environment.filter(Boolean).sort()).toEqual([
        'LANG',
        'MALLOC_ARENA_MAX',
        'NODE_CHANNEL_FD',
        'NODE_CHANNEL_SERIALIZATION_MODE',
        'PATH',
        'TMPDIR',
        'UV_THREADPOOL_SIZE',
        'VIPS_CONCURRENCY',
      ]);
      const stat = (await readFile(`/proc/${pid}/stat`, 'latin1')).split(') ')[1]?.split(' ') ?? [];
      expect(Number(stat[16])).toBe(Math.min(19, os.getPriority() + 10));
      const limits = await readFile(`/proc/${pid}/limits`, 'latin1');
      expect(limits).toMatch(new RegExp(`Max data size\\s+${1664 * 1024 ** 2}\\s`));
      expect(limits).toMatch(/Max cpu time\s+6000\s/);
      expect(limits).toMatch(/Max core file size\s+0\s/);
    } finally {
      delete process.env.TRIPTYCH_TEST_SECRET;
    }
  });
});

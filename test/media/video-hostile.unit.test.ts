// What attackers send as videos, and what goes wrong beside them. Numbers are those of the list of cases.
import { chmod, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DiskFull } from '../../src/media/internal/video/explain-failure.js';
import { clipFile, make } from '../support/clips.js';
import { temporaryDirectory } from '../support/pictures.js';
import { testVideoProcessor, type TestVideoProcessor } from '../support/video-processor.js';

let videos: TestVideoProcessor;
let scratch: AsyncDisposable & { path: string };

beforeAll(async () => {
  videos = await testVideoProcessor();
  scratch = await temporaryDirectory();
});

afterAll(async () => {
  await videos[Symbol.asyncDispose]();
  await scratch[Symbol.asyncDispose]();
});

const HEAVY = ['-b:v', '4M', '-minrate', '4M', '-maxrate', '4M', '-bufsize', '4M'];

async function written(name: string, content: string | Buffer): Promise<string> {
  const file = path.join(scratch.path, name);
  await writeFile(file, content);
  return file;
}

/** The first box of an MP4, so that what follows is taken for one. */
const FTYP = Buffer.from('00000018667479706d703432000000006d70343269736f6d', 'hex');

test('M08 a playlist under the name of a video is no video, and reads no file', async () => {
  const secret = await written('secret.ts', 'SECRET');
  const playlists = [
    `#EXTM3U\n#EXTINF:1,\nfile://${secret}\n#EXT-X-ENDLIST\n`,
    `#EXTM3U\n#EXTINF:1,\nconcat:file://${secret}|file:///etc/passwd\n#EXT-X-ENDLIST\n`,
    `#EXTM3U\n#EXTINF:1,\nsubfile,,start,0,end,100,,:/etc/passwd\n#EXT-X-ENDLIST\n`,
    `ffconcat version 1.0\nfile /etc/passwd\n`,
  ];
  for (const [index, text] of playlists.entries()) {
    const file = await written(`playlist-${index}.mp4`, text);
    expect(await videos.refusal(file)).toMatchObject({ reason: 'UNSUPPORTED_TYPE' });
    const dressed = await written(`dressed-${index}.mp4`, Buffer.concat([FTYP, Buffer.from(text)]));
    expect(await videos.refusal(dressed)).toMatchObject({ reason: 'DAMAGED' });
  }
  expect(await videos.leftovers()).toEqual([]);
});

test('M08 a film whose parts lie in other files has no parts', async () => {
  // a QuickTime data reference with an alias to another file
  const film = await readFile(await clipFile({ container: 'mov', options: HEAVY }));
  const at = film.indexOf('url \0\0\0\x01', 0, 'latin1');
  expect(at).toBeGreaterThan(0);
  film[at + 7] = 0;
  const outcome = await videos.process(await written('alias.mov', film)).then(
    () => 'made of itself',
    (error: unknown) => (error instanceof Error ? error.name : ''),
  );
  expect(['made of itself', 'VideoRejected']).toContain(outcome);
});

test('M10 frames that are too large are refused at the probe', async () => {
  const huge = await make('huge.mp4', [
    '-f',
    'lavfi',
    '-i',
    'color=c=red:s=8192x8192:r=1:d=1',
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
  ]);
  expect(await videos.refusal(huge)).toMatchObject({ reason: 'TOO_LARGE' });
});

test('M10 a thousand frames per second, and ten hours, are refused at the probe', async () => {
  const fast = await make('fast.mp4', [
    '-f',
    'lavfi',
    '-i',
    'color=c=red:s=64x64:r=1000:d=1',
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
  ]);
  expect(await videos.refusal(fast)).toMatchObject({ reason: 'TOO_MANY_FRAMES' });
  const long = await make('long.mp4', [
    '-f',
    'lavfi',
    '-i',
    'color=c=red:s=16x16:r=1/60:d=36000',
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
  ]);
  expect(await videos.refusal(long)).toMatchObject({ reason: 'TOO_LONG' });
});

test.each([
  ['a rare picture', 'mkv', ['-c:v', 'zmbv'], 'zmbv'],
  [
    'a rare sound',
    'mkv',
    ['-f', 'lavfi', '-i', 'sine=d=1', '-c:v', 'libx264', '-c:a', 'wmav2'],
    'wmav2',
  ],
])('M10 %s is refused before any of it is decoded', async (_what, ending, options, codec) => {
  const picture = ['-f', 'lavfi', '-i', 'color=c=red:s=64x64:r=10:d=1'];
  const file = await make(`rare-${codec}.${ending}`, [...picture, ...options]);
  expect(await videos.refusal(file)).toMatchObject({
    reason: 'UNSUPPORTED_TYPE',
    message: `The file holds something that is encoded as ${codec}, which is not supported.`,
  });
});

test('M10 a file of many streams is refused at the probe', async () => {
  const many = await make('many.mkv', [
    '-f',
    'lavfi',
    '-i',
    'color=c=red:s=16x16:r=1:d=1',
    ...Array.from({ length: 70 }, () => ['-map', '0:v']).flat(),
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
  ]);
  expect(await videos.refusal(many)).toMatchObject({ reason: 'TOO_MANY_STREAMS' });
});

/** A processor whose ffmpeg is this script; ffprobe is the real one. */
async function withFfmpeg(script: string, timeoutSeconds = 300): Promise<TestVideoProcessor> {
  const file = await written(`ffmpeg-${script.length}-${timeoutSeconds}`, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o700);
  const binaries = { ffmpegPath: file, ffprobePath: '/usr/bin/ffprobe', version: '5.1' };
  return testVideoProcessor({ tools: () => Promise.resolve(binaries), timeoutSeconds });
}

test('M11 a decoder that crashes is the fault of the video, and leaves nothing', async () => {
  await using crashing = await withFfmpeg('kill -SEGV $$');
  expect(await crashing.refusal(await clipFile({ options: HEAVY }))).toMatchObject({
    reason: 'DAMAGED',
  });
  expect(await crashing.leftovers()).toEqual([]);
});

test('M11 a decoder that hangs is killed with all that it started', async () => {
  const mark = path.join(scratch.path, 'hanging');
  await using hanging = await withFfmpeg(
    `case "$*" in *-encoders*) exit 0;; esac; echo $$ > ${mark}; exec sleep 1000`,
    2,
  );
  expect(await hanging.refusal(await clipFile({ options: HEAVY }))).toMatchObject({
    reason: 'TIMEOUT',
    message: 'The video could not be processed within 2 s.',
  });
  expect(isAlive(Number(await readFile(mark, 'utf8')))).toBe(false);
  expect(await hanging.leftovers()).toEqual([]);
});

test('M11 a disk without room is no fault of the video', async () => {
  await using full = await withFfmpeg(
    'case "$*" in *-encoders*) exit 0;; esac; echo "av_interleaved_write_frame(): No space left on device" >&2; exit 1',
  );
  await expect(full.process(await clipFile({ options: HEAVY }))).rejects.toBeInstanceOf(DiskFull);
  expect(await full.leftovers()).toEqual([]);
});

test('M11 a video that wants more memory than it may have is refused', async () => {
  await using small = await testVideoProcessor({ memoryLimitBytes: 120 * 2 ** 20 });
  const large = await clipFile({ width: 1080, height: 1920, seconds: 1, options: HEAVY });
  const refused = await small.refusal(large);
  expect(['TOO_COSTLY', 'DAMAGED']).toContain(refused.reason);
  expect(await small.leftovers()).toEqual([]);
});

test('an end of interest kills what runs', async () => {
  const mark = path.join(scratch.path, 'wanted');
  await using hanging = await withFfmpeg(
    `case "$*" in *-encoders*) exit 0;; esac; echo $$ > ${mark}; exec sleep 1001`,
  );
  const interest = new AbortController();
  const made = hanging.process(await clipFile({ options: HEAVY }), {}, interest.signal);
  const pid = await appearing(mark);
  interest.abort(new Error('no longer wanted'));
  await expect(made).rejects.toThrow('no longer wanted');
  expect(isAlive(pid)).toBe(false);
});

async function appearing(file: string): Promise<number> {
  for (;;) {
    const text = await readFile(file, 'utf8').catch(() => '');
    if (text !== '') return Number(text);
    await delay(20);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

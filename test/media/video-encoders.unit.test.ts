// Which encoder makes the pictures. No machine of the tests has hardware for it: what is real here is that it refuses.
import { chmod, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { chooseEncoder } from '../../src/media/internal/video/choose-encoder.js';
import {
  ENCODERS,
  HARDWARE_ENCODERS,
  videoOptions,
} from '../../src/media/internal/video/encoders.js';
import { writeLaunchers, type Launchers } from '../../src/media/internal/video/launcher.js';
import { findVideoTools } from '../../src/media/video-tools.js';
import { clipFile } from '../support/clips.js';
import { temporaryDirectory } from '../support/pictures.js';
import { ask, testVideoProcessor } from '../support/video-processor.js';

let scratch: AsyncDisposable & { path: string };
let launchers: Launchers;

beforeAll(async () => {
  scratch = await temporaryDirectory();
  const place = { ffmpegPath: null, ffprobePath: null, environment: process.env };
  const search = await findVideoTools(place);
  if (!search.found) throw new Error(search.reason);
  const limits = { memoryBytes: 3 * 2 ** 30, cpuSeconds: 60, fileBytes: 2 ** 30 };
  launchers = await writeLaunchers(scratch.path, search.binaries, limits);
});

afterAll(async () => {
  await scratch[Symbol.asyncDispose]();
});

test.each(HARDWARE_ENCODERS)(
  '%s is tried where it is wanted, and refused in words',
  async (name) => {
    const { encoder, refused } = await chooseEncoder(launchers, name);
    expect(encoder).toBe(ENCODERS.libx264);
    expect(refused).toEqual([{ name, reason: expect.stringMatching(/\S/) }]);
  },
);

test('software is chosen without a try, and nothing is tried whose device is not there', async () => {
  expect(await chooseEncoder(launchers, 'software')).toEqual({
    encoder: ENCODERS.libx264,
    refused: [],
  });
  expect((await chooseEncoder(launchers, 'auto')).encoder).toBe(ENCODERS.libx264);
});

test('what an encoder is told keeps to the rate of its rung, and puts key frames where all rungs have them', () => {
  for (const encoder of Object.values(ENCODERS)) {
    const words = videoOptions(encoder, { maxBitRate: 1_000_000 }, 'even').join(' ');
    expect(words).toMatch(new RegExp(`^-c:v ${encoder.name} `));
    expect(words).toContain('-maxrate 1000000 -bufsize 2000000');
    expect(words).toContain('-force_key_frames expr:gte(t,n_forced*2) -g 600');
    if (encoder !== ENCODERS.libx264) expect(words).toContain('-b:v 750000');
    expect(videoOptions(encoder, { maxBitRate: 1 }, 'source').join(' ')).toContain(
      '-force_key_frames source',
    );
  }
  const { device, upload } = ENCODERS.h264_vaapi;
  expect([device, upload]).toEqual([
    ['-vaapi_device', '/dev/dri/renderD128'],
    'format=nv12,hwupload',
  ]);
});

test('hardware that works at the start and fails at a video is replaced by software, once and for all', async () => {
  const calls = path.join(scratch.path, 'calls');
  const file = path.join(scratch.path, 'ffmpeg-pretending');
  // The try works; what comes then is the real ffmpeg, which has no device.
  const script = `case "$*" in *lavfi*) exit 0;; *h264_vaapi*) echo x >> ${calls};; esac; exec ffmpeg "$@"`;
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o700);
  const binaries = { ffmpegPath: file, ffprobePath: '/usr/bin/ffprobe', version: '5.1' };
  const said: string[] = [];
  const say = (_: unknown, text?: string): void => void said.push(text ?? '');
  await using videos = await testVideoProcessor({
    tools: () => Promise.resolve(binaries),
    encoder: 'h264_vaapi',
    log: { info: say, warn: say },
  });
  const heavy = await clipFile({ options: ['-b:v', '4M', '-minrate', '4M', '-bufsize', '4M'] });
  for (let time = 0; time < 2; time++) {
    const { files } = await videos.process(heavy);
    expect(await ask(files.get('video-480')!.path, 'stream=codec_name')).toEqual(['h264']);
  }
  expect(said).toEqual(['videos are encoded', 'hardware failed at a video: software takes over']);
  expect(await readFile(calls, 'utf8')).toBe('x\n');
});

// What telephones, cameras and browsers make: each becomes upright, even, eight bits deep, and as long as it was.
import { readFile, truncate, writeFile, copyFile } from 'node:fs/promises';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { clipFile, make, type ClipOptions } from '../support/clips.js';
import { temporaryDirectory } from '../support/pictures.js';
import {
  ask,
  testVideoProcessor,
  type MadeVideo,
  type TestVideoProcessor,
} from '../support/video-processor.js';

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

/** More bits than the rung of 480 may have, so that it is encoded and not copied. */
const HEAVY = [
  '-b:v',
  '4M',
  '-minrate',
  '4M',
  '-maxrate',
  '4M',
  '-bufsize',
  '4M',
  '-x264-params',
  'nal-hrd=cbr',
];
const made = async (options: ClipOptions): Promise<MadeVideo> =>
  videos.process(await clipFile(options));

const fileOf = (video: MadeVideo, name: string): string => {
  const file = video.files.get(name);
  if (!file) throw new Error(`no ${name} among ${[...video.files.keys()].join(', ')}`);
  return file.path;
};
const pictureOf = async (file: string): Promise<string> =>
  (await ask(file, 'stream=codec_name,width,height,pix_fmt', '-select_streams', 'v'))[0] ?? '';
const secondsOf = async (file: string): Promise<number> =>
  Number((await ask(file, 'format=duration'))[0]);
const keyFrames = async (file: string): Promise<number[]> =>
  (await ask(file, 'packet=pts_time,flags', '-select_streams', 'v'))
    .filter((line) => line.includes(',K'))
    .map((line) => Math.round(Number.parseFloat(line) * 100) / 100);

test('a portrait video has rungs by its shorter side, none larger than itself', async () => {
  const video = await made({ width: 720, height: 1280, seconds: 5, options: HEAVY });
  expect([...video.files.keys()].filter((name) => name.startsWith('video-'))).toEqual([
    'video-720',
    'video-480',
  ]);
  expect(await pictureOf(fileOf(video, 'mp4'))).toBe('h264,720,1280,yuv420p');
  expect(await pictureOf(fileOf(video, 'video-480'))).toBe('h264,480,854,yuv420p');
  // key frames of all rungs at the same times
  const times = await keyFrames(fileOf(video, 'video-720'));
  expect(times).toEqual([1, 3, 5]);
  expect(await keyFrames(fileOf(video, 'video-480'))).toEqual(times);
  expect(await secondsOf(fileOf(video, 'mp4'))).toBeCloseTo(5, 0);
});

test('picture and sound of all files begin together', async () => {
  const video = await made({ options: HEAVY });
  const [picture] = await ask(fileOf(video, 'video-480'), 'packet=pts_time');
  const [sound] = await ask(fileOf(video, 'audio'), 'packet=pts_time');
  // the encoder of sound puts 1,024 samples before the first one
  expect(Number.parseFloat(sound ?? '') + 1024 / 48_000).toBeCloseTo(
    Number.parseFloat(picture ?? ''),
    2,
  );
});

test('a rate that divides no second has aligned key frames too', async () => {
  const video = await made({
    width: 720,
    height: 720,
    seconds: 5,
    frameRate: '30000/1001',
    options: HEAVY,
  });
  const times = await keyFrames(fileOf(video, 'video-720'));
  expect(times).toHaveLength(3);
  expect(await keyFrames(fileOf(video, 'video-480'))).toEqual(times);
});

test('a video that lies on its side is put upright', async () => {
  const upright = await clipFile({ width: 480, height: 270, options: HEAVY });
  const turned = await make('turned.mp4', [
    '-display_rotation',
    '90',
    '-i',
    upright,
    '-c',
    'copy',
  ]).catch(() =>
    // before ffmpeg 6 the rotation is a tag of the muxer
    make('turned.mp4', ['-i', upright, '-c', 'copy', '-metadata:s:v:0', 'rotate=90']),
  );
  const video = await videos.process(turned);
  expect(await pictureOf(fileOf(video, 'mp4'))).toBe('h264,270,480,yuv420p');
  expect(video.batches[0]?.source.video).toMatchObject({
    width: 270,
    height: 480,
    isRotated: true,
  });
});

test('a silent video has no sound and no playlist of it', async () => {
  const video = await made({ sound: null, options: HEAVY });
  expect([...video.files.keys()]).not.toContain('audio');
  expect(await ask(fileOf(video, 'mp4'), 'stream=codec_type')).toEqual(['video']);
});

test('what is too quiet is as loud as the others', async () => {
  const video = await made({ sound: 'quiet', seconds: 5, options: HEAVY });
  expect(
    await loudnessOf(await clipFile({ sound: 'quiet', seconds: 5, options: HEAVY })),
  ).toBeLessThan(-40);
  const loudness = await loudnessOf(fileOf(video, 'mp4'));
  expect(loudness).toBeGreaterThan(-19);
  expect(loudness).toBeLessThan(-13);
});

/** LUFS over the whole. */
async function loudnessOf(file: string): Promise<number> {
  const words = ['-nostats', '-i', file, '-af', 'ebur128', '-f', 'null', '-'];
  const { stderr } = await promisify(execFile)('ffmpeg', words);
  return Number([...stderr.matchAll(/I:\s+(-?[\d.]+) LUFS/g)].at(-1)?.[1]);
}

test('odd sides, ten bits and other colours become even, eight bits and usual', async () => {
  const odd = await made({
    width: 271,
    height: 481,
    options: ['-pix_fmt', 'yuv444p10le', '-c:v', 'libx264', '-preset', 'ultrafast'],
  });
  expect(await pictureOf(fileOf(odd, 'mp4'))).toMatch(/^h264,27[02],48[02],yuv420p$/);
});

test('a video with the light of HDR is shown on a usual screen', async () => {
  const hdr = await made({
    filters: ['format=yuv420p10le'],
    options: [
      '-c:v',
      'libx265',
      '-preset',
      'ultrafast',
      '-pix_fmt',
      'yuv420p10le',
      '-tag:v',
      'hvc1',
      '-color_primaries',
      'bt2020',
      '-color_trc',
      'smpte2084',
      '-colorspace',
      'bt2020nc',
      '-x265-params',
      'log-level=none:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc',
    ],
  });
  expect(hdr.batches[0]?.source.video.isHdr).toBe(true);
  expect(
    await ask(fileOf(hdr, 'mp4'), 'stream=pix_fmt,color_transfer', '-select_streams', 'v'),
  ).toEqual(['yuv420p,bt709']);
});

test('uneven times become an even rate', async () => {
  const even = await clipFile({ seconds: 3, options: HEAVY });
  const uneven = await make('vfr.mp4', [
    '-i',
    even,
    '-vf',
    "select='not(eq(mod(n,7),3))*not(between(n,40,60))'",
    '-fps_mode',
    'vfr',
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-c:a',
    'copy',
  ]);
  const video = await videos.process(uneven);
  expect(video.batches[0]?.source.video.isVariable).toBe(true);
  const times = (await ask(fileOf(video, 'mp4'), 'packet=pts_time', '-select_streams', 'v'))
    .map((line) => Number.parseFloat(line))
    .sort((one, other) => one - other);
  const gaps = times.slice(1).map((time, index) => Math.round((time - (times[index] ?? 0)) * 1000));
  expect(Math.max(...gaps) - Math.min(...gaps)).toBeLessThanOrEqual(2);
});

test.each(['webm', 'mkv', 'mov'] as const)('%s is taken', async (container) => {
  const video = await made({ container });
  expect(await secondsOf(fileOf(video, 'mp4'))).toBeCloseTo(2, 0);
});

test('a browser does not say how long its recording is: it is measured', async () => {
  const file = await clipFile({ container: 'webm' });
  const live = await make('live.webm', ['-i', file, '-c', 'copy', '-live', '1']);
  const video = await videos.process(live);
  expect(video.batches[0]?.durationMs).toBeGreaterThan(1800);
  await expect(videos.refusal(live, { maxDurationMs: 1500 })).resolves.toMatchObject({
    reason: 'TOO_LONG',
  });
});

test('what fits is taken over as it is, and smaller rungs follow its key frames', async () => {
  const source = await clipFile({
    width: 720,
    height: 1280,
    seconds: 4,
    options: ['-b:v', '800k'],
  });
  const video = await videos.process(source);
  expect(video.batches.map(({ variants }) => variants.map(({ width }) => width))).toEqual([
    [720],
    [480],
    [],
  ]);
  const frames = async (file: string): Promise<string[]> =>
    ask(file, 'packet=size', '-select_streams', 'v');
  expect(await frames(fileOf(video, 'video-720'))).toEqual(await frames(source));
  expect(await keyFrames(fileOf(video, 'video-480'))).toEqual(
    await keyFrames(fileOf(video, 'video-720')),
  );
});

test('a sheet of pictures and a moving one are made besides', async () => {
  const video = await made({ seconds: 5, options: HEAVY });
  const track = await readFile(fileOf(video, 'sprite-vtt'), 'utf8');
  expect(track.match(/-->/g)).toHaveLength(3);
  expect(track).toContain('00:00:02.000 --> 00:00:04.000\nsprite.jpg#xywh=90,0,90,160');
  expect(video.files.get('sprite')).toMatchObject({
    mimeType: 'image/jpeg',
    width: 270,
    height: 160,
  });
  expect(video.files.get('preview')?.sizeBytes).toBeGreaterThan(1000);
});

test('a later try makes only what is missing', async () => {
  const file = await clipFile({ width: 720, height: 720, options: HEAVY });
  const first = new Set([
    'hls',
    'audio',
    'hls-audio',
    'video-720',
    'hls-720',
    'mp4',
    'full',
    'thumb',
  ]);
  const video = await videos.process(file, { made: first });
  expect([...video.files.keys()]).toEqual([
    'video-480',
    'hls-480',
    'sprite',
    'sprite-vtt',
    'preview',
  ]);
});

test('words for what cannot be used', async () => {
  const sound = await make('sound.mp4', ['-f', 'lavfi', '-i', 'sine=d=2', '-c:a', 'aac']);
  expect(await videos.refusal(sound)).toMatchObject({
    reason: 'NO_VIDEO_STREAM',
    message: 'There is no video stream in this file.',
  });
  const long = await clipFile({ options: HEAVY });
  expect(await videos.refusal(long, { maxDurationMs: 1500 })).toMatchObject({
    reason: 'TOO_LONG',
    message: 'The video is longer than 1.5 s.',
  });
});

test.each([false, true])('a video that was cut off says where, copied: %s', async (isCopied) => {
  const whole = await clipFile({
    seconds: 6,
    options: [...(isCopied ? ['-b:v', '300k'] : HEAVY), '-movflags', '+faststart'],
  });
  const cut = path.join(scratch.path, `cut-${isCopied}.mp4`);
  await copyFile(whole, cut);
  await truncate(cut, Math.round((await readFile(whole)).length * 0.6));
  const refused = await videos.refusal(cut);
  expect(refused.reason).toBe('DAMAGED');
  expect(refused.message).toMatch(/^The video is damaged after [2-5](\.\d)? s\.$/);
});

test('what is empty, cut before its index or no video at all is refused', async () => {
  const empty = path.join(scratch.path, 'empty.mp4');
  await writeFile(empty, '');
  expect(await videos.refusal(empty)).toMatchObject({ reason: 'UNSUPPORTED_TYPE' });
  const headless = path.join(scratch.path, 'headless.mp4');
  await copyFile(await clipFile({ options: HEAVY }), headless);
  await truncate(headless, 20_000);
  expect(await videos.refusal(headless)).toMatchObject({ reason: 'DAMAGED' });
  expect(await videos.leftovers()).toEqual([]);
});

test('a single picture that stands for a second is a video, with a still picture of each moment', async () => {
  const picture = ['-f', 'lavfi', '-i', 'testsrc=size=160x284:rate=1:duration=1'];
  const file = await make('single.mp4', [...picture, '-c:v', 'libx264', '-pix_fmt', 'yuv420p']);
  expect(await pictureOf(fileOf(await videos.process(file), 'poster'))).toContain('png,160,284');
  const chosen = await videos.process(file, { posterAtMs: 1_000 });
  expect(await pictureOf(fileOf(chosen, 'poster'))).toContain('png,160,284');
});

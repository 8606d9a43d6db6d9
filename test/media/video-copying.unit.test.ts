// What is taken over as it is, and how loud what is not taken over becomes.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  levellingFilters,
  levellingFor,
  readLoudness,
} from '../../src/media/internal/video/loudness.js';
import { readPackets } from '../../src/media/internal/video/packets.js';
import { masterPlaylist } from '../../src/media/internal/video/playlist.js';
import { clipFile, make, type ClipOptions } from '../support/clips.js';
import {
  ask,
  testVideoProcessor,
  type MadeVideo,
  type TestVideoProcessor,
} from '../support/video-processor.js';

let videos: TestVideoProcessor;

beforeAll(async () => {
  videos = await testVideoProcessor();
});

afterAll(async () => {
  await videos[Symbol.asyncDispose]();
});

/** About −16 LUFS in one channel. */
const EVEN: ClipOptions = {
  seconds: 3,
  sound: 'music',
  options: ['-b:v', '300k', '-af', 'volume=-3.3dB', '-ac', '1'],
};

/** Sizes of all packets of a stream. */
async function packetsOf(file: string, stream: 'v' | 'a'): Promise<number[]> {
  const lines = await ask(file, 'packet=size', '-select_streams', stream);
  return lines.map((line) => Number.parseInt(line, 10));
}

function fileOf(video: MadeVideo, name: string): string {
  const file = video.files.get(name);
  if (!file) throw new Error(`no ${name} among ${[...video.files.keys()].join(', ')}`);
  return file.path;
}

/** LUFS over the whole. */
async function loudnessOf(file: string): Promise<number> {
  const words = ['-nostats', '-i', file, '-af', 'ebur128', '-f', 'null', '-'];
  const { stderr } = await promisify(execFile)('ffmpeg', words);
  return Number([...stderr.matchAll(/I:\s+(-?[\d.]+) LUFS/g)].at(-1)?.[1]);
}

test('sound of the usual loudness is taken over with the picture, packet for packet', async () => {
  const source = await clipFile(EVEN);
  const video = await videos.process(source);
  for (const name of ['audio', 'mp4'])
    expect(await packetsOf(fileOf(video, name), 'a')).toEqual(await packetsOf(source, 'a'));
  expect(await packetsOf(fileOf(video, 'mp4'), 'v')).toEqual(await packetsOf(source, 'v'));
  // What the encoder put before the first sample is left out of both.
  expect(await ask(fileOf(video, 'mp4'), 'stream=start_time')).toEqual(
    await ask(source, 'stream=start_time'),
  );
  const [batch] = video.batches;
  expect(batch?.sound).toMatchObject({ channels: 1 });
  expect(masterPlaylist(batch?.variants ?? [], batch?.sound ?? null)).toContain('CHANNELS="1"');
});

test('the rate of bits that players are told is that of picture and sound as they are', async () => {
  const { batches } = await videos.process(await clipFile(EVEN));
  const [batch] = batches;
  const [variant] = batch?.variants ?? [];
  expect(batch?.sound?.peakBitRate).toBeGreaterThan(50_000);
  expect(variant?.soundBitRate).toBe(batch?.sound?.peakBitRate);
  const total = (variant?.peakBitRate ?? 0) + (variant?.soundBitRate ?? 0);
  expect(masterPlaylist([variant!], batch!.sound)).toContain(`BANDWIDTH=${total},`);
});

test.each([
  ['too quiet', 'volume=-25dB'],
  ['too loud', 'volume=3dB'],
])('sound that is %s becomes as loud as the others', async (_, filter) => {
  const options = ['-b:v', '300k', '-af', filter];
  const video = await videos.process(await clipFile({ ...EVEN, options }));
  const loudness = await loudnessOf(fileOf(video, 'mp4'));
  expect(loudness).toBeGreaterThan(-17);
  expect(loudness).toBeLessThan(-15);
});

test('a silent track stays silent', async () => {
  const options = ['-b:v', '300k', '-af', 'volume=0'];
  const video = await videos.process(await clipFile({ ...EVEN, options }));
  expect(await loudnessOf(fileOf(video, 'mp4'))).toBeLessThan(-69);
});

test('a video that was cut without being encoded anew shows nothing of what was cut off', async () => {
  const source = await clipFile({ ...EVEN, options: [...EVEN.options!, '-g', '90'] });
  const cut = await make('cut.mp4', ['-ss', '1.2', '-i', source, '-c', 'copy']);
  const hidden = (await ask(cut, 'packet=flags', '-select_streams', 'v')).filter((flags) =>
    flags.includes('D'),
  );
  expect(hidden.length).toBeGreaterThan(20);
  const video = await videos.process(cut);
  const shown = (await packetsOf(fileOf(video, 'video-480'), 'v')).length;
  expect(shown).toBeGreaterThan(50);
  expect(shown).toBeLessThan(58);
});

test('sound that begins late, has a gap or another codec is encoded, and lies where it lay', async () => {
  const source = await clipFile(EVEN);
  const inputs = ['-i', source, '-itsoffset', '0.5', '-i', source];
  const copied = ['-map', '0:v', '-map', '1:a', '-c', 'copy', '-t', '3'];
  const late = await make('late.mp4', [...inputs, ...copied]);
  const video = await videos.process(late);
  expect(await packetsOf(fileOf(video, 'audio'), 'a')).not.toEqual(await packetsOf(late, 'a'));
  expect(video.batches[0]?.sound).toMatchObject({ channels: 2 });
  const [first] = await ask(fileOf(video, 'audio'), 'packet=pts_time');
  expect(Number.parseFloat(first ?? '') + 1024 / 48_000).toBeCloseTo(1, 2);
});

test('a meter that has found nothing out leaves sound to the filter that measures for itself', () => {
  expect(readLoudness('')).toBeNull();
  expect(levellingFilters(levellingFor(null))).toEqual([
    expect.stringMatching(/^loudnorm=I=-16:TP=-1\.5:LRA=11$/),
  ]);
});

test.each([
  ['about right', { integrated: -15, range: 5, peak: -0.5 }, { kind: 'none' }],
  ['about right and clipped', { integrated: -15, range: 5, peak: 0.8 }, { kind: 'dynamic' }],
  ['silent', { integrated: -70, range: 0, peak: -Infinity }, { kind: 'none' }],
  [
    'quiet with room above',
    { integrated: -26, range: 5, peak: -12 },
    { kind: 'gain', decibels: 10 },
  ],
  ['quiet without', { integrated: -26, range: 5, peak: -3 }, { kind: 'dynamic' }],
  ['very uneven', { integrated: -26, range: 15, peak: -20 }, { kind: 'dynamic' }],
] as const)('sound that is %s', (_, loudness, levelling) => {
  expect(levellingFor(loudness)).toEqual(levelling);
});

test('packets are read as ffmpeg lists them', () => {
  const text = [
    '#tb 0: 1/10',
    '#tb 1: 1/100',
    '1, -5, -5, 5, 10, 0x1, F=0x5, S=1, 10',
    '0, 0, 0, 1, 100, 0x1',
    '1, 0, 0, 5, 10, 0x1',
    '0, 1, 1, 1, 50, 0x1, F=0x0',
    '1, 5, 5, 5, 10, 0x1',
    '0, 2, 2, 1, 50, 0x1',
    '1, 12, 12, 5, 10, 0x1',
  ].join('\n');
  expect(readPackets(text, 0)).toEqual({
    keyFrameSeconds: [0, 0.2],
    startSeconds: 0,
    isSeamless: true,
    hiddenSeconds: 0,
    bitRate: 5334,
  });
  expect(readPackets(text, 1)).toMatchObject({ isSeamless: false, hiddenSeconds: 0.05 });
  expect(readPackets('', 0)).toMatchObject({ keyFrameSeconds: [], startSeconds: Infinity });
});

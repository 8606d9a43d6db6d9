// Real sounds, made and changed by ffmpeg and fingerprinted by fpcalc: the same one is recognised, others are not.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createListening, type HeardSound } from '../../src/media/listening.js';
import {
  compareFingerprints,
  SECONDS_PER_WORD,
} from '../../src/sounds/internal/compare-fingerprints.js';
import { isSameSound, keysOf } from '../../src/sounds/internal/fingerprints.js';
import { ffmpeg, film, writeTune } from '../support/sounds.js';

const place = { ffmpegPath: null, ffprobePath: null, environment: { PATH: '/usr/bin:/bin' } };
const listening = createListening({ ...place, fpcalcPath: null });

let directory: string;
const heard = new Map<string, HeardSound>();

/** Arguments that make each variant of a tune of 30 seconds. */
const VARIANTS: Record<string, string[]> = {
  'encoded anew': ['-c:a', 'aac', '-b:a', '48k'],
  'a part of it': ['-ss', '7.3', '-t', '12', '-c:a', 'aac', '-b:a', '64k'],
  louder: ['-af', 'volume=12dB', '-c:a', 'aac'],
  'in noise': [
    '-filter_complex',
    'anoisesrc=a=0.05:c=pink:d=30[n];[0][n]amix=2:normalize=0',
    '-c:a',
    'aac',
  ],
};
const SOURCES: Record<string, string> = {
  silence: 'anullsrc=r=16000:cl=mono',
  tone: 'sine=f=440',
  'surf one day': 'anoisesrc=a=0.3:c=white:seed=4',
  'surf another day': 'anoisesrc=a=0.3:c=white:seed=9',
};

async function hear(name: string, sound: string): Promise<void> {
  const found = await listening.listen(await film(directory, 'film', sound), directory);
  heard.set(name, found!);
}

const words = (name: string) => heard.get(name)!.fingerprint!;

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'sounds-'));
  const [tune, other] = [path.join(directory, 'tune.wav'), path.join(directory, 'other.wav')];
  await writeTune(tune, 1, 30);
  await writeTune(other, 77, 30);
  await hear('the tune', tune);
  await hear('another tune', other);
  for (const [name, args] of Object.entries(VARIANTS)) {
    const file = path.join(directory, 'variant.m4a');
    await ffmpeg('-i', tune, ...args, file);
    await hear(name, file);
  }
  for (const [name, source] of Object.entries(SOURCES)) {
    const file = path.join(directory, 'source.wav');
    await ffmpeg('-f', 'lavfi', '-i', source, '-t', '30', file);
    await hear(name, file);
  }
});

afterAll(() => rm(directory, { recursive: true }));

test.each(Object.keys(VARIANTS))('a tune is recognised %s', (name) => {
  expect(isSameSound(words('the tune'), words(name))).toBe(true);
  expect(isSameSound(words(name), words('the tune'))).toBe(true);
  const keys = new Set(keysOf(words(name)));
  expect(keysOf(words('the tune')).filter((key) => keys.has(key)).length).toBeGreaterThan(10);
});

test('the place of a part is known', () => {
  const match = compareFingerprints(words('the tune'), words('a part of it'))!;
  expect(match.otherStart).toBe(0);
  expect(match.start * SECONDS_PER_WORD).toBeCloseTo(7.3, 0);
  expect(match.errorRate).toBeLessThan(0.05);
});

test.each(['another tune', ...Object.keys(SOURCES)])('%s is not the tune', (name) => {
  expect(compareFingerprints(words('the tune'), words(name))).toBeNull();
});

test.each([
  ['silence', 'silence'],
  ['tone', 'tone'],
  ['surf one day', 'surf another day'],
])('%s says nothing about who recorded it', (one, other) => {
  expect(compareFingerprints(words(one), words(other))).toBeNull();
});

test('nothing is compared with nothing', () => {
  expect(compareFingerprints(new Uint32Array(), words('the tune'))).toBeNull();
  expect(compareFingerprints(words('the tune'), new Uint32Array())).toBeNull();
});

test('length and peaks are heard', () => {
  const { durationMs, waveform: peaks } = heard.get('the tune')!;
  expect(Math.abs(durationMs - 30_000)).toBeLessThan(300);
  expect(peaks).toHaveLength(64);
  expect(Math.min(...peaks)).toBeGreaterThan(5);
  expect(heard.get('silence')!.waveform).toEqual(Array.from({ length: 64 }, () => 0));
});

test('a video without sound is silent, and without fpcalc sounds have no fingerprint', async () => {
  expect(await listening.listen(await film(directory, 'mute', null), directory)).toBeNull();
  const deaf = createListening({ ...place, fpcalcPath: '/nowhere/fpcalc' });
  const found = await deaf.listen(
    await film(directory, 'film', path.join(directory, 'tune.wav')),
    directory,
  );
  expect(found).toMatchObject({ fingerprint: null });
});

test('a sound of two seconds is too short for a fingerprint', async () => {
  const file = path.join(directory, 'short.wav');
  await ffmpeg('-i', path.join(directory, 'tune.wav'), '-t', '2', file);
  const found = await listening.listen(await film(directory, 'short', file), directory);
  expect(found!.fingerprint).toBeNull();
});

test('what is no video is a failure, not silence', async () => {
  await expect(listening.listen('/etc/hostname', directory)).rejects.toThrow('ffmpeg ended');
});

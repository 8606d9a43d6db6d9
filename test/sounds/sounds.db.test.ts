// Sounds through the public API: whose they are, in which videos they are heard, who sees them, and what stays of them.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createListening } from '../../src/media/listening.js';
import { findSoundTrends } from '../../src/sounds/sounds.queries.js';
import { block, follow, innerId, type Answered } from '../support/posts.js';
import { ffmpeg, film, publishVideo, readyClip, writeTune } from '../support/sounds.js';
import { startWorld, type Person, type World } from '../support/world.js';

let world: World;
let ada: Person;
let ben: Person;
let eva: Person;
let mallory: Person;
let directory: string;
let seed = 100;

beforeAll(async () => {
  world = await startWorld();
  [ada, ben, eva, mallory] = [
    await world.local('ada'),
    await world.local('ben'),
    await world.local('eva'),
    await world.local('mallory'),
  ];
  await follow(world, ben, ada);
  await block(world, ada, mallory);
  directory = await mkdtemp(path.join(tmpdir(), 'sounds-'));
});

afterAll(async () => {
  await rm(directory, { recursive: true });
  await world[Symbol.asyncDispose]();
});

/** A tune that was never heard before. */
async function tune(): Promise<string> {
  const file = path.join(directory, `tune-${(seed += 13)}.wav`);
  await writeTune(file, seed, 14);
  return file;
}

/** The same one as somebody else has it. */
async function again(sound: string): Promise<string> {
  const file = path.join(directory, 'again.m4a');
  await ffmpeg('-i', sound, '-af', 'volume=-6dB', '-c:a', 'aac', '-b:a', '64k', file);
  return file;
}

async function publish(who: Person, sound: string | null, common = {}): Promise<string> {
  return publishVideo(world, who, await film(directory, 'film', sound), common);
}

interface SeenSound {
  readonly id: string;
  readonly title: string;
  readonly author: { readonly username: string } | null;
  readonly origin: { readonly id: string } | null;
  readonly audioUrl: string | null;
  readonly waveform: readonly number[];
  readonly durationMs: number;
  readonly usageCount: number;
  readonly videos: { readonly nodes: readonly { readonly id: string }[] };
}

const SOUND = `id title author { username } origin { id } audioUrl waveform durationMs usageCount videos(first: 10) { nodes { id } }`;

async function soundOf(who: Person | null, postId: string) {
  const document = `query ($id: ID!) { node(id: $id) { ... on VideoPost { soundSource sound { ${SOUND} } } } }`;
  const answer = await (who ?? world).graphql<{
    node: { soundSource: string | null; sound: SeenSound | null } | null;
  }>(document, { id: postId });
  expect(answer.errors).toBeUndefined();
  return answer.data.node;
}

async function see(who: Person | null, id: string): Promise<SeenSound | null> {
  const document = `query ($id: ID!) { node(id: $id) { ... on Sound { ${SOUND} } } }`;
  const answer = await (who ?? world).graphql<{ node: SeenSound | null }>(document, { id });
  expect(answer.errors).toBeUndefined();
  return answer.data.node;
}

async function change(who: Person, name: string, type: string, input: object): Promise<string[]> {
  const document = `mutation ($input: ${type}!) { ${name}(input: $input) { userErrors { code path } } }`;
  const answer = await who.graphql<Record<string, Answered<object>>>(document, { input });
  expect(answer.errors).toBeUndefined();
  return answer.data[name]!.userErrors.map(({ code }) => code);
}

const update = (who: Person, input: object) =>
  change(who, 'updateSound', 'UpdateSoundInput', input);
const dispute = (who: Person, postId: string) =>
  change(who, 'disputeSound', 'DisputeSoundInput', { postId });
const remove = (who: Person, postId: string) =>
  change(who, 'deletePost', 'DeletePostInput', { postId });

const bare = (text: string | undefined) => text?.replaceAll(/[\u2068\u2069]/g, '');

test('a video brings its own sound with a page', async () => {
  const postId = await publish(ada, await tune());
  const seen = (await soundOf(null, postId))!;
  expect(seen.soundSource).toBe('OWN');
  expect(bare(seen.sound?.title)).toBe('Original sound – @ada');
  expect(seen.sound).toMatchObject({
    author: { username: 'ada' },
    origin: { id: postId },
    usageCount: 1,
    videos: { nodes: [{ id: postId }] },
  });
  expect(Math.abs(seen.sound!.durationMs - 14_000)).toBeLessThan(400);
  expect(seen.sound!.waveform).toHaveLength(64);
  expect(Math.max(...seen.sound!.waveform)).toBeLessThanOrEqual(1);
  expect(seen.sound!.audioUrl).toMatch(/^https?:.*\/media\//);
});

test('a video that takes the place of another brings its own sound, and nothing of the former is recognised', async () => {
  const [former, present] = [await tune(), await tune()];
  const postId = await publish(ada, former);
  const before = (await soundOf(ada, postId))!.sound!;
  expect(await update(ada, { soundId: before.id, title: 'Old' })).toEqual([]);
  const used = await publish(ben, await again(former));
  expect((await soundOf(null, used))!.sound!.id).toBe(before.id);
  const mediaId = await readyClip(world, ada, await film(directory, 'film', present));
  expect(
    await change(ada, 'updatePost', 'UpdatePostInput', { postId, mediaIds: [mediaId] }),
  ).toEqual([]);
  await world.settle();
  const after = (await soundOf(null, postId))!;
  expect(after.soundSource).toBe('OWN');
  expect(after.sound!.id).not.toBe(before.id);
  expect(bare(after.sound!.title)).toBe('Original sound – @ada');
  // whoever had it before keeps it, without its first video
  expect((await soundOf(null, used))!.sound).toMatchObject({
    id: before.id,
    origin: null,
    waveform: [],
  });
  expect((await soundOf(null, await publish(eva, await again(former))))!.soundSource).toBe('OWN');
  const same = await publish(eva, await again(present));
  expect((await soundOf(null, same))!.sound!.id).toBe(after.sound!.id);
  expect(await remove(ben, used)).toEqual([]);
  await world.settle();
  expect(await see(null, before.id)).toBeNull();
});

test('its author names it, and nobody else', async () => {
  const postId = await publish(ada, await tune());
  const soundId = (await soundOf(ada, postId))!.sound!.id;
  expect(await update(ben, { soundId, title: 'Mine' })).toEqual(['NOT_FOUND']);
  expect(await update(ada, { soundId, title: 'x'.repeat(101) })).toEqual(['INVALID_INPUT']);
  expect(await update(ada, { soundId, title: '  Rain on a tent ' })).toEqual([]);
  expect((await see(null, soundId))!.title).toBe('Rain on a tent');
  expect(await update(ada, { soundId, title: null })).toEqual([]);
  expect(bare((await see(null, soundId))!.title)).toBe('Original sound – @ada');
});

test('a silent video has no sound', async () => {
  expect(await soundOf(ada, await publish(ada, null))).toEqual({ soundSource: null, sound: null });
});

test('the same sound in another video is recognised, and counted for whoever sees the videos', async () => {
  const sound = await tune();
  const first = await publish(ada, sound);
  const second = await publish(ben, await again(sound));
  const seen = (await soundOf(null, second))!;
  expect(seen).toMatchObject({
    soundSource: 'RECOGNISED',
    sound: { author: { username: 'ada' }, origin: { id: first }, usageCount: 2 },
  });
  expect(seen.sound!.videos.nodes.map(({ id }) => id)).toEqual([second, first]);
  const third = await publish(eva, await again(sound), { visibility: 'FOLLOWERS' });
  expect(await soundOf(eva, third)).toMatchObject({ soundSource: 'OWN' });
  expect((await see(null, seen.sound!.id))!.usageCount).toBe(2);
});

test('listening twice changes nothing', async () => {
  const postId = await publish(ada, await tune());
  const before = await soundOf(ada, postId);
  await world.settle();
  expect(await soundOf(ada, postId)).toEqual(before);
});

test('whoever made it themselves disputes that, for good', async () => {
  const sound = await tune();
  const first = await publish(ada, sound);
  const second = await publish(ben, await again(sound));
  expect(await dispute(eva, second)).toEqual(['NOT_FOUND']);
  expect(await dispute(ada, first)).toEqual([]);
  expect(await dispute(ben, second)).toEqual([]);
  expect(await dispute(ben, second)).toEqual([]);
  expect(await soundOf(null, second)).toMatchObject({
    soundSource: 'OWN',
    sound: { author: { username: 'ben' }, usageCount: 1 },
  });
  expect(await soundOf(null, first)).toMatchObject({ sound: { usageCount: 1 } });
  const silent = await publish(ben, null);
  expect(await dispute(ben, silent)).toEqual(['CONFLICT']);
});

test('a sound that not everybody may hear is nobody’s business', async () => {
  const sound = await tune();
  const close = await publish(ada, sound, { visibility: 'FOLLOWERS' });
  const { id } = (await soundOf(ben, close))!.sound!;
  expect(await see(ben, id)).not.toBeNull();
  for (const who of [null, eva, mallory]) expect(await see(who, id)).toBeNull();
  expect(await soundOf(eva, await publish(eva, await again(sound)))).toMatchObject({
    soundSource: 'OWN',
    sound: { author: { username: 'eva' } },
  });
});

test('nothing is attributed across a block, and who is blocked sees not whose sound others use', async () => {
  const sound = await tune();
  const first = await publish(ada, sound);
  expect(await soundOf(mallory, await publish(mallory, await again(sound)))).toMatchObject({
    soundSource: 'OWN',
  });
  const second = await publish(ben, await again(sound));
  expect(await soundOf(mallory, second)).toMatchObject({
    soundSource: 'RECOGNISED',
    sound: {
      title: 'Original sound',
      author: null,
      origin: null,
      audioUrl: null,
      waveform: [],
      usageCount: 1,
      videos: { nodes: [{ id: second }] },
    },
  });
  expect(await soundOf(mallory, first)).toBeNull();
});

test('of a deleted video stays, as long as others use its sound, that it is the same one', async () => {
  const sound = await tune();
  const first = await publish(ada, sound);
  const second = await publish(ben, await again(sound));
  const { id } = (await soundOf(null, second))!.sound!;
  await update(ada, { soundId: id, title: 'Farewell' });
  expect(await remove(ada, first)).toEqual([]);
  await world.settle();
  expect(await soundOf(null, second)).toMatchObject({
    soundSource: 'RECOGNISED',
    sound: { id, title: 'Original sound', author: null, origin: null, usageCount: 1 },
  });
  expect(await update(ada, { soundId: id, title: 'Back' })).toEqual(['NOT_FOUND']);
  expect(await soundOf(eva, await publish(eva, await again(sound)))).toMatchObject({
    soundSource: 'OWN',
  });
  expect(await remove(ben, second)).toEqual([]);
  await world.settle();
  expect(await see(null, id)).toBeNull();
});

test('without fpcalc sounds are there, and none is recognised', async () => {
  const place = { ffmpegPath: null, ffprobePath: null, environment: { PATH: '/usr/bin:/bin' } };
  const deaf = createListening({ ...place, fpcalcPath: '/nowhere/fpcalc' });
  const sound = await tune();
  await publish(ada, sound);
  const second = await publishVideo(world, ben, await film(directory, 'film', sound), {}, deaf);
  expect(await soundOf(ben, second)).toMatchObject({ soundSource: 'OWN' });
});

test('trends count the people behind public videos of a time', async () => {
  const sound = await tune();
  const since = world.clock.now();
  const first = await publish(ada, sound);
  await publish(ben, await again(sound));
  await publish(ben, await again(sound));
  await publish(eva, await again(sound), { visibility: 'UNLISTED' });
  const { id } = (await soundOf(null, first))!.sound!;
  const until = new Date(world.clock.now().getTime() + 1000);
  const trends = await findSoundTrends(world.services.database, { since, until, limit: 5 });
  expect(trends.find(({ soundId }) => soundId === innerId(id))).toEqual({
    soundId: innerId(id),
    uses: 3,
    authors: 2,
  });
});

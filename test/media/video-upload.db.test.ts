// From a clip as a telephone makes it to what a player is given.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { statement } from '../../src/platform/db/database.js';
import { failureText } from '../../src/platform/messages/media-failures.js';
import { clip, make } from '../support/clips.js';
import { declareUpload, uploadVideo } from '../support/upload.js';
import { startWorld, type World } from '../support/world.js';

const GRANT = statement(
  'test.grant_length',
  `insert into entitlement_grants (account_id, key, value, source, created_at) values ($1, 'VIDEO_DURATION_MS', 1200, 'test', now())`,
);

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

afterAll(() => world[Symbol.asyncDispose]());

const VIDEO = `query ($id: ID!) { node(id: $id) { ... on Media { state failure mimeType url thumbnailUrl blurhash sizeBytes }
  ... on VideoMedia { isGrowing failureCode previewUrl scrubbingUrl width height durationMs sources { url mimeType width height sizeBytes } captions { url } } } }`;

interface Source {
  readonly url: string;
  readonly mimeType: string;
  readonly width: number | null;
  readonly height: number | null;
}

interface Video {
  readonly state: string;
  readonly failure: string | null;
  readonly mimeType: string;
  readonly url: string | null;
  readonly thumbnailUrl: string | null;
  readonly blurhash: string | null;
  readonly previewUrl: string | null;
  readonly scrubbingUrl: string | null;
  readonly width: number;
  readonly height: number;
  readonly durationMs: number;
  readonly sources: readonly Source[];
}

async function videoOf(who: string, id: string): Promise<Video> {
  const person = await world.local(who);
  const { data, errors } = await person.graphql<{ node: Video }>(VIDEO, { id });
  if (errors) throw new Error(JSON.stringify(errors));
  return data.node;
}

async function text(url: string): Promise<string> {
  const response = await fetch(world.reach(url));
  expect(response.status).toBe(200);
  return response.text();
}

test('a clip of a telephone is playable as HLS and as one file, with a still picture', async () => {
  const ana = await world.local('ana');
  const bytes = await clip({ width: 480, height: 854, options: ['-b:v', '3M', '-minrate', '3M'] });
  const id = await uploadVideo(world, ana, bytes);
  const video = await videoOf('ana', id);
  expect(video).toMatchObject({
    state: 'READY',
    failure: null,
    failureCode: null,
    isGrowing: false,
    mimeType: 'video/mp4',
    width: 480,
    height: 854,
  });
  expect(video.durationMs).toBeGreaterThan(1900);
  expect(video.durationMs).toBeLessThan(2200);
  expect(video.blurhash).toMatch(/^.{6,}$/);
  expect((await fetch(world.reach(video.scrubbingUrl ?? ''))).status).toBe(200);
  expect((await fetch(world.reach(video.previewUrl ?? ''))).headers.get('content-type')).toBe(
    'image/webp',
  );
  const [hls, mp4] = video.sources;
  expect(hls).toMatchObject({ mimeType: 'application/vnd.apple.mpegurl' });
  expect(mp4).toMatchObject({ mimeType: 'video/mp4', width: 480, height: 854 });
  const master = await text(hls?.url ?? '');
  expect(master).toMatch(
    /RESOLUTION=480x854,FRAME-RATE=30\.000,CODECS="avc1\.64[0-9a-f]{4},mp4a\.40\.2"/,
  );
  const playlist = await text(new URL(master.trimEnd().split('\n').at(-1) ?? '', hls?.url).href);
  expect(playlist).toMatch(/#EXT-X-MAP:URI="video-480\.mp4[^"]*",BYTERANGE="\d+@0"/);
  for (const url of [video.url, video.thumbnailUrl, mp4?.url])
    expect((await fetch(world.reach(url ?? ''))).status).toBe(200);
});

test('a type that is no video of the list is refused before any byte', async () => {
  const ana = await world.local('ana');
  const refused = await declareUpload(ana, Buffer.from('x'), { mimeType: 'video/x-msvideo' });
  expect(refused.userErrors).toMatchObject([{ code: 'UNSUPPORTED_MEDIA', path: ['mimeType'] }]);
  const story = await declareUpload(ana, Buffer.from('x'), {
    mimeType: 'video/mp4',
    purpose: 'STORY',
  });
  expect(story.userErrors).toMatchObject([{ code: 'UNSUPPORTED_MEDIA' }]);
});

test('what cannot be used says why, for people in their language and for programs', async () => {
  const ana = await world.local('ana');
  const sound = await readFile(
    await make('sound.mp4', ['-f', 'lavfi', '-i', 'sine=d=2', '-c:a', 'aac']),
  );
  const id = await uploadVideo(world, ana, sound);
  const query =
    'query ($id: ID!) { node(id: $id) { ... on VideoMedia { state failure failureCode } } }';
  const ask = (language: string) =>
    world.graphql(query, { id }, ana.token, { 'accept-language': language });
  expect((await ask('en')).data['node']).toEqual({
    state: 'REJECTED',
    failure: 'There is no video stream in this file.',
    failureCode: 'NO_VIDEO_STREAM',
  });
  expect((await ask('fr')).data['node']).toMatchObject({
    failure: 'Ce fichier ne contient pas d’image animée.',
  });
  expect(failureText('fr', 'The video is longer than 180 s.')).toBe('La vidéo dure plus de 180 s.');
});

test('the length that an account may publish is that of its entitlement', async () => {
  const bob = await world.local('bob');
  await world.services.database.rows(GRANT, [bob.accountId]);
  const id = await uploadVideo(world, bob, await clip());
  const node = await videoOf('bob', id);
  expect(node).toMatchObject({ state: 'REJECTED', failure: 'The video is longer than 1.2 s.' });
});

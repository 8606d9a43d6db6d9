// An asset comes out of its words as it was put in, and the words of its renditions follow the renditions.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { findMedia } from '../../src/media/media.queries.js';
import type { MediaId } from '../../src/media/media.entity.js';
import type { RenditionRow } from '../../src/media/media-row.js';
import { newId } from '../../src/platform/ids.js';
import { startWorld, type World } from '../support/world.js';

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

afterAll(() => world[Symbol.asyncDispose]());

const run = (text: string, values: readonly unknown[]) =>
  world.services.database.pool.query(text, [...values]);

async function store(columns: Record<string, unknown> = {}): Promise<MediaId> {
  const id = newId<'media'>(new Date());
  const all = {
    id,
    owner_id: newId<'actor'>(new Date()),
    kind: 'image',
    purpose: 'POST',
    state: 'READY',
    mime_type: 'image/jpeg',
    created_at: new Date(),
    updated_at: new Date(),
    ...columns,
  };
  const names = Object.keys(all);
  await run(
    `insert into media (${names.join(', ')}) values (${names.map((_, index) => `$${index + 1}`).join(', ')})`,
    Object.values(all),
  );
  return id;
}

const addRendition = (id: MediaId, name: string, width: number, height = 10) =>
  run(
    `insert into renditions (media_id, name, storage_key, mime_type, width, height, size_bytes)
     values ($1, $2, $3, 'image/webp', $4, $5, 77)`,
    [id, name, `renditions/${id}/${name}`, width, height],
  );

async function find(id: MediaId) {
  return (await findMedia(world.services.database, [id]))[0]!;
}

const namesOf = (renditions: readonly RenditionRow[]) => renditions.map(({ name }) => name);

test('an asset with nothing but what it must have', async () => {
  const id = await store();
  expect(await find(id)).toMatchObject({
    id,
    kind: 'image',
    access: 'PRIVATE',
    isGrowing: false,
    isAnimated: false,
    showsCameraData: false,
    sizeBytes: '0',
    width: null,
    height: null,
    blurhash: null,
    dominantColor: null,
    altText: null,
    remoteUrl: null,
    focalX: 0,
    focalY: 0,
    failure: null,
    failureCode: null,
    video: null,
    captionTracks: null,
    camera: null,
    renditions: [],
  });
});

test('an asset with everything; what separates words is no part of a text', async () => {
  const video = { durationMs: 1500, hasAudio: true };
  const camera = { camera: 'A\u001fB', lens: null };
  const id = await store({
    kind: 'video',
    access: 'PUBLIC',
    state: 'FAILED',
    is_growing: true,
    is_animated: true,
    shows_camera_data: true,
    size_bytes: '9007199254740993',
    width: 1080,
    height: 1920,
    blurhash: 'LEHV6nWB2yk8pyo0adR*.7kCMdnj',
    dominant_color: '#102030',
    alt_text: 'one,\ttwo\nthree\u001ffour\u001efive "six" 😀',
    focal_x: -0.25,
    focal_y: 0.5,
    remote_url: 'https://elsewhere.example/a,b%20c',
    failure: 'line one\nline\u001etwo',
    failure_code: 'DAMAGED',
    video: JSON.stringify(video),
    camera: JSON.stringify(camera),
  });
  expect(await find(id)).toMatchObject({
    kind: 'video',
    access: 'PUBLIC',
    state: 'FAILED',
    isGrowing: true,
    isAnimated: true,
    showsCameraData: true,
    sizeBytes: '9007199254740993',
    width: 1080,
    height: 1920,
    blurhash: 'LEHV6nWB2yk8pyo0adR*.7kCMdnj',
    dominantColor: '#102030',
    altText: 'one,\ttwo\nthreefourfive "six" 😀',
    focalX: -0.25,
    focalY: 0.5,
    remoteUrl: 'https://elsewhere.example/a,b%20c',
    failure: 'line one\nline\u001etwo',
    failureCode: 'DAMAGED',
    video,
    captionTracks: [],
    camera,
  });
});

test('renditions come largest first, and follow what becomes of them', async () => {
  const [id, other] = [await store(), await store()];
  await addRendition(id, 'small', 10);
  await addRendition(id, 'large', 30);
  await addRendition(other, 'full', 99);
  expect((await find(id)).renditions).toEqual([
    { name: 'large', mimeType: 'image/webp', width: 30, height: 10, sizeBytes: 77 },
    { name: 'small', mimeType: 'image/webp', width: 10, height: 10, sizeBytes: 77 },
  ]);
  await run(
    `update renditions set version = 2, width = 40 where media_id = $1 and name = 'small'`,
    [id],
  );
  expect((await find(id)).renditions[0]).toEqual({
    name: 'small',
    mimeType: 'image/webp',
    width: 40,
    height: 10,
    sizeBytes: 77,
    version: 2,
  });
  await run(`delete from renditions where media_id = $1 and name = 'large'`, [id]);
  expect(namesOf((await find(id)).renditions)).toEqual(['small']);
  await run('delete from renditions where media_id = $1', [id]);
  expect((await find(id)).renditions).toEqual([]);
  expect(namesOf((await find(other)).renditions)).toEqual(['full']);
  await run('delete from media where id = $1', [other]);
  expect(await findMedia(world.services.database, [other])).toEqual([]);
});

test('renditions that are stored at the same time are all among them', async () => {
  const id = await store();
  const names = Array.from({ length: 12 }, (_, index) => `r${index}`);
  await Promise.all(names.map((name, index) => addRendition(id, name, index + 1)));
  expect(namesOf((await find(id)).renditions)).toEqual(names.toReversed());
});

// The still picture of a video as its owner chooses it, and another try of a video that failed.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { statement } from '../../src/platform/db/database.js';
import { parseGlobalId } from '../../src/platform/ids.js';
import { clip } from '../support/clips.js';
import { uploadPicture, uploadVideo } from '../support/upload.js';
import { sendVideo } from '../support/videos.js';
import { startWorld, type Person, type World } from '../support/world.js';

const VIDEO = `query ($id: ID!) { node(id: $id) { ... on Media { state url thumbnailUrl blurhash } } }`;
const SET = `mutation ($input: SetVideoPosterInput!) { setVideoPoster(input: $input) { media { id }
  userErrors { code path message ... on ValidationError { constraint limit } } } }`;
const RETRY = `mutation ($input: RetryMediaInput!) { retryMedia(input: $input) { media { state } userErrors { code message } } }`;

const UPDATES = statement(
  'test.updates',
  `select count(*)::int as count from events where name = 'postUpdated'`,
);
const KEYS = statement(
  'test.poster_keys',
  `select storage_key as key from renditions where media_id = $1 and name in ('full', 'large', 'medium', 'small', 'thumb')`,
);
const FAIL = statement(
  'test.fail_video',
  `with gone as (delete from renditions where media_id = $1)
   update media set state = 'FAILED', failure = 'x', failure_code = 'NO_SPACE', video = null where id = $1`,
);

interface Video {
  readonly state: string;
  readonly url: string;
  readonly thumbnailUrl: string;
  readonly blurhash: string;
}

let world: World;
let ana: Person;

beforeAll(async () => {
  world = await startWorld();
  ana = await world.local('ana');
});

afterAll(() => world[Symbol.asyncDispose]());

async function see(id: string): Promise<Video> {
  return (await ana.graphql<{ node: Video }>(VIDEO, { id })).data.node;
}

async function setPoster(input: object): Promise<unknown[]> {
  const { data, errors } = await ana.graphql<{ setVideoPoster: { userErrors: unknown[] } }>(SET, {
    input,
  });
  if (errors) throw new Error(JSON.stringify(errors));
  await world.settle();
  return data.setVideoPoster.userErrors;
}

async function keysOf(id: string): Promise<string[]> {
  const rows = await world.services.database.rows<{ key: string }>(KEYS, [parseGlobalId(id)!.id]);
  return rows.map(({ key }) => key);
}

async function updates(): Promise<number> {
  return (await world.services.database.row<{ count: number }>(UPDATES, []))!.count;
}

/** Mean red, green and blue of what is at an address. */
async function colourOf(url: string): Promise<number[]> {
  const response = await fetch(world.reach(url));
  expect(response.status).toBe(200);
  const { channels } = await sharp(Buffer.from(await response.arrayBuffer())).stats();
  return channels.map(({ mean }) => mean);
}

/** Half of it is red and half of it blue. */
function twoColours(): Promise<Buffer> {
  const filters = [
    "drawbox=color=red:t=fill:enable='lt(t,1.5)'",
    "drawbox=color=blue:t=fill:enable='gte(t,1.5)'",
  ];
  return clip({ seconds: 3, filters });
}

test('a moment that is chosen replaces the picture under new addresses, here and for other servers', async () => {
  const id = await uploadVideo(world, ana, await twoColours());
  await sendVideo(ana, { mediaId: id });
  await world.settle();
  const before = await see(id);
  const formerKeys = await keysOf(id);
  const told = await updates();
  const [red = 0, , blue = 0] = await colourOf(before.url);
  expect(red).toBeGreaterThan(blue);

  expect(await setPoster({ mediaId: id, posterAtMs: 2_500 })).toEqual([]);
  const after = await see(id);
  expect(after.url).not.toBe(before.url);
  expect(after.thumbnailUrl).not.toBe(before.thumbnailUrl);
  expect(after.blurhash).not.toBe(before.blurhash);
  const [newRed = 0, , newBlue = 0] = await colourOf(after.url);
  expect(newBlue).toBeGreaterThan(newRed);
  expect(await updates()).toBe(told + 1);
  for (const key of formerKeys) await expect(world.services.storage.read(key)).rejects.toThrow();

  // Whoever still has the old address gets the new picture, and asks again soon.
  const old = await fetch(world.reach(before.url));
  expect(old.status).toBe(200);
  expect(old.headers.get('cache-control')).toBe('public, max-age=60');
  const current = await fetch(world.reach(after.url));
  expect(current.headers.get('cache-control')).toContain('immutable');
  expect(old.headers.get('etag')).toBe(current.headers.get('etag'));
  const next = after.url.replace(/\.1\.(?=\w+$)/, '.2.');
  expect((await fetch(world.reach(next))).status).toBe(404);
});

test('an own picture is copied, and stays when the picture goes', async () => {
  const id = await uploadVideo(world, ana, await twoColours());
  const green = await sharp({
    create: { width: 400, height: 700, channels: 3, background: '#00c000' },
  })
    .jpeg()
    .toBuffer();
  const picture = await uploadPicture(world, ana, green);
  expect(await setPoster({ mediaId: id, posterMediaId: picture })).toEqual([]);
  await ana.graphql(
    'mutation ($id: ID!) { cancelUpload(input: { mediaId: $id }) { cancelledMediaId } }',
    { id: picture },
  );
  await world.settle();
  const [red = 0, middle = 0, blue = 0] = await colourOf((await see(id)).url);
  expect(middle).toBeGreaterThan(red + blue);
});

test('what cannot be the picture is refused by its name', async () => {
  const id = await uploadVideo(world, ana, await clip());
  const range = { code: 'INVALID_INPUT', path: ['posterAtMs'], constraint: 'RANGE' };
  expect(await setPoster({ mediaId: id, posterAtMs: 60_000 })).toMatchObject([range]);
  expect(await setPoster({ mediaId: id, posterAtMs: -1 })).toMatchObject([range]);
  expect(await setPoster({ mediaId: id })).toMatchObject([{ constraint: 'ONE_OF' }]);
  expect(await setPoster({ mediaId: id, posterAtMs: 0, posterMediaId: id })).toMatchObject([
    { constraint: 'ONE_OF' },
  ]);
  expect(await setPoster({ mediaId: id, posterMediaId: id })).toMatchObject([
    { code: 'NOT_FOUND', path: ['posterMediaId'] },
  ]);
});

test('a video that failed is tried again without being sent again, a few times', async () => {
  const id = await uploadVideo(world, ana, await clip());
  const retry = async () => {
    const { data } = await ana.graphql<{ retryMedia: { userErrors: { code: string }[] } }>(RETRY, {
      input: { mediaId: id },
    });
    return data.retryMedia;
  };
  expect(await retry()).toMatchObject({ userErrors: [{ code: 'CONFLICT' }] });
  for (let turn = 0; turn < 5; turn++) {
    await world.services.database.rows(FAIL, [parseGlobalId(id)!.id]);
    expect(await retry()).toEqual({ media: { state: 'PROCESSING' }, userErrors: [] });
    // Of the later ones only that they are counted.
    if (turn === 0) await world.settle();
    if (turn === 0) expect(await see(id)).toMatchObject({ state: 'READY' });
  }
  await world.settle();
  await world.services.database.rows(FAIL, [parseGlobalId(id)!.id]);
  expect(await retry()).toMatchObject({ media: null, userErrors: [{ code: 'LIMIT_EXCEEDED' }] });
});

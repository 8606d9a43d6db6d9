// Every file of a post follows the post: who sees it gets addresses (M15), and with it the files go (M20).
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { block, follow, sendPost } from '../support/posts.js';
import { photograph } from '../support/photographs.js';
import { readFile } from 'node:fs/promises';
import { uploadPicture } from '../support/upload.js';
import { startWorld, type Person, type World } from '../support/world.js';

let world: World;
let ada: Person;
let fay: Person;
let ben: Person;
let mallory: Person;

beforeAll(async () => {
  world = await startWorld();
  [ada, fay, ben, mallory] = [
    await world.local('ada'),
    await world.local('fay'),
    await world.local('ben'),
    await world.local('mallory'),
  ];
  await follow(world, fay, ada);
  await block(world, ada, mallory);
});

afterAll(() => world[Symbol.asyncDispose]());

const MEDIA = `id blurhash dominantColor url thumbnailUrl variants { url }`;

interface Shown {
  readonly id: string;
  readonly url: string;
  readonly thumbnailUrl: string;
  readonly blurhash: string;
  readonly variants: { readonly url: string }[];
}

/** The picture of a post, asked for through the post and by its own id. */
async function look(who: Person, postId: string, mediaId: string) {
  const { data } = await who.graphql<{ post: { media: Shown[] } | null; picture: Shown | null }>(
    `query ($postId: ID!, $mediaId: ID!) {
      post: node(id: $postId) { ... on PhotoPost { media { ... on ImageMedia { ${MEDIA} } } } }
      picture: node(id: $mediaId) { ... on ImageMedia { ${MEDIA} } } }`,
    { postId, mediaId },
  );
  return { post: data.post, picture: data.picture };
}

const filesOf = ({ url, thumbnailUrl, variants }: Shown): string[] => [
  ...new Set([url, thumbnailUrl, ...variants.map((variant) => variant.url)]),
];

async function stored(): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of world.services.storage.list()) keys.push(key);
  return keys;
}

const statuses = (urls: readonly string[]): Promise<number[]> =>
  Promise.all(urls.map(async (url) => (await fetch(world.reach(url))).status));

test('M15 M20 what belongs to a picture for followers is theirs, in every size, and goes with the post', async () => {
  const before = await stored();
  const mediaId = await uploadPicture(world, ada, await readFile(await photograph()));
  const { post } = await sendPost(ada, {
    mediaIds: [mediaId],
    common: { visibility: 'FOLLOWERS' },
  });
  const postId = post!.id;
  for (const stranger of [ben, mallory])
    expect(await look(stranger, postId, mediaId)).toEqual({ post: null, picture: null });
  const seen = await look(fay, postId, mediaId);
  const [picture] = seen.post!.media;
  expect(seen.picture).toMatchObject({ id: picture!.id, blurhash: picture!.blurhash });
  const files = filesOf(picture!);
  expect(files.length).toBeGreaterThan(1);
  expect(new Set(await statuses(files))).toEqual(new Set([200]));
  const bare = files.map((url) => url.split('?')[0]!);
  expect(new Set(await statuses(bare))).toEqual(new Set([404]));
  const expiries = files.map((url) => Number(new URL(url).searchParams.get('expires')));
  const latest = world.clock.now().getTime() / 1000 + 3_600;
  for (const expires of expiries) expect(expires).toBeLessThanOrEqual(latest);

  await ada.graphql(
    'mutation ($postId: ID!) { deletePost(input: { postId: $postId }) { userErrors { code } } }',
    { postId },
  );
  expect(new Set(await statuses(files))).toEqual(new Set([404]));
  expect(await look(fay, postId, mediaId)).toEqual({ post: null, picture: null });
  expect((await stored()).length).toBeGreaterThan(before.length);
  await world.settle();
  expect((await stored()).sort()).toEqual(before.sort());
});

test('M14 ranges that overlap or run backwards give no more than the file', async () => {
  const mediaId = await uploadPicture(world, ada, await readFile(await photograph()));
  await sendPost(ada, { mediaIds: [mediaId] });
  const { data } = await ada.graphql<{ node: Shown }>(
    `query ($mediaId: ID!) { node(id: $mediaId) { ... on ImageMedia { ${MEDIA} } } }`,
    { mediaId },
  );
  const url = world.reach(data.node.url);
  const size = (await (await fetch(url)).arrayBuffer()).byteLength;
  const get = async (range: string): Promise<[number, number]> => {
    const response = await fetch(url, { headers: { range } });
    return [response.status, (await response.arrayBuffer()).byteLength];
  };
  for (const range of [
    'bytes=20-10',
    'bytes=0-,0-,0-,0-',
    `bytes=${'0-99,'.repeat(500)}0-99`,
    'bytes=-5,0-4',
    'bytes=a-b',
    'lines=0-1',
  ]) {
    const [status, bytes] = await get(range);
    expect([range, [200, 206, 416].includes(status), bytes <= size]).toEqual([range, true, true]);
  }
  expect(await get('bytes=-5')).toEqual([206, 5]);
  expect(await get(`bytes=${size - 3}-${size + 1_000}`)).toEqual([206, 3]);
  expect((await get(`bytes=${size}-`))[0]).toBe(416);
});

// Pictures as other servers get them: Pixelfed drops a whole post, or profile, for one that it does not read.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import sharp, { type Metadata } from 'sharp';
import { startFakePeer, type FakePeer } from '../support/fake-peer.js';
import { activityBy } from '../support/activities.js';
import { openNetwork } from '../support/federation.js';
import { run } from '../support/moves.js';
import { animation, flatPng } from '../support/pictures.js';
import { innerId, sendPost } from '../support/posts.js';
import { uploadPicture } from '../support/upload.js';
import type { Person, World } from '../support/world.js';

/** Of Pixelfed, in px. */
const WIDEST = 5_000;
/** Of its columns for addresses. */
const LONGEST_ADDRESS = 255;
const ACTIVITY = { accept: 'application/activity+json' };

interface Picture {
  readonly url: string;
  readonly mediaType: string;
  readonly width: number;
  readonly height: number;
}

let stack: AsyncDisposableStack;
let world: World;
let ada: Person;
let peer: FakePeer;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  const network = stack.use(openNetwork());
  world = await network.join('a.example');
  ada = await world.local('ada');
  peer = stack.use(await startFakePeer(network, 'peer.test'));
});

afterAll(() => stack.disposeAsync());

const seeThrough = (width: number, height: number): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 4, background: { r: 255, g: 0, b: 0, alpha: 0 } } })
    .png()
    .toBuffer();

async function document<Found>(uri: string): Promise<Found> {
  return (await (await fetch(world.reach(uri), { headers: ACTIVITY })).json()) as Found;
}

/** The file behind an address, asked for as Pixelfed asks before it takes a changed post. */
async function fileOf({ url, mediaType }: Picture): Promise<Metadata> {
  const head = await fetch(world.reach(url), { method: 'HEAD', redirect: 'manual' });
  expect([head.status, head.headers.get('content-type')]).toEqual([200, mediaType]);
  return sharp(Buffer.from(await (await fetch(world.reach(url))).arrayBuffer())).metadata();
}

test('pictures of posts are JPEG, as large as they say, and no wider than Pixelfed takes', async () => {
  const mediaIds = [
    await uploadPicture(world, ada, flatPng(6_000, 400)),
    await uploadPicture(world, ada, await seeThrough(2_400, 1_200)),
    await uploadPicture(world, ada, await animation('gif', 3)),
    await uploadPicture(world, ada, await sharp(flatPng(300, 200)).jpeg().toBuffer()),
  ];
  const { post } = await sendPost(ada, { mediaIds });
  await world.settle();
  const note = await document<{ attachment: Picture[] }>(
    `https://a.example/posts/${innerId(post!.id)}`,
  );
  expect(note.attachment).toHaveLength(mediaIds.length);
  for (const picture of note.attachment) {
    const { format, width, height } = await fileOf(picture);
    expect([picture.mediaType, format]).toEqual(['image/jpeg', 'jpeg']);
    expect([picture.width, picture.height]).toEqual([width, height]);
    expect(Math.max(picture.width, picture.height)).toBeLessThanOrEqual(WIDEST);
  }
});

test('clients are shown the transparent picture, and not what is for other servers', async () => {
  const id = await uploadPicture(world, ada, await seeThrough(700, 500));
  const { data } = await ada.graphql<{ node: { url: string; variants: Picture[] } }>(
    'query ($id: ID!) { node(id: $id) { ... on ImageMedia { url variants { url mediaType: mimeType } } } }',
    { id },
  );
  expect(new Set(data.node.variants.map(({ mediaType }) => mediaType))).toEqual(
    new Set(['image/webp']),
  );
});

test('what is for followers is to be had by their servers as long as it is there, under one address', async () => {
  const fay = peer.actor('fay');
  const uri = `https://a.example/actors/${ada.actorId}`;
  expect(await peer.send(world, fay, activityBy(fay, 'Follow', uri))).toBe(202);
  await world.settle();
  const picture = await uploadPicture(world, ada, await sharp(flatPng(300, 200)).jpeg().toBuffer());
  const { post } = await sendPost(ada, {
    mediaIds: [picture],
    common: { visibility: 'FOLLOWERS', caption: 'Among us' },
  });
  await world.settle();
  const told = (type: string): Picture => {
    const last = peer.requests.findLast(({ body }) => body.includes(`"type":"${type}"`))!;
    return (JSON.parse(last.body) as { object: { attachment: Picture[] } }).object.attachment[0]!;
  };
  const { url } = told('Create');
  expect(url.length).toBeLessThanOrEqual(LONGEST_ADDRESS);
  const status = async (address: string): Promise<number> =>
    (await fetch(world.reach(address))).status;
  const plain = url.split('?')[0]!;
  const other = url.replace('/full.', '/thumb.').replace('.jpg', '.webp');
  for (const forged of [plain, other, `${plain}?lasting=true`, `${url}x`, `${url}&download=true`])
    expect([forged, await status(forged)]).toEqual([forged, 404]);
  world.clock.advance(5 * 24 * 3600);
  expect((await fileOf(told('Create'))).format).toBe('jpeg');
  expect(await run(ada, 'updatePost', { postId: post!.id, caption: 'Between us' })).toEqual([]);
  await world.settle();
  expect(told('Update').url).toBe(url);
  expect(await run(ada, 'setPostArchived', { postId: post!.id, archived: true })).toEqual([]);
  expect(await status(url)).toBe(404);
  expect(await run(ada, 'setPostArchived', { postId: post!.id, archived: false })).toEqual([]);
  expect(await status(url)).toBe(200);
  expect(await run(ada, 'deletePost', { postId: post!.id })).toEqual([]);
  expect(await status(url)).toBe(404);
});

test('a profile says something and has JPEG pictures, or Pixelfed drops what changes in it', async () => {
  const uri = `https://a.example/actors/${ada.actorId}`;
  const cy = peer.actor('cy');
  expect(await peer.send(world, cy, activityBy(cy, 'Follow', uri))).toBe(202);
  await world.settle();
  const bytes = await seeThrough(500, 500);
  const pictures = {
    avatarMediaId: await uploadPicture(world, ada, bytes, { purpose: 'AVATAR' }),
    headerMediaId: await uploadPicture(world, ada, bytes, { purpose: 'HEADER' }),
  };
  expect(await run(ada, 'updateProfile', pictures)).toEqual([]);
  await world.settle();
  type Profile = { name: string; summary: string; icon: Picture; image: Picture };
  const told = peer.requests
    .filter(({ method }) => method === 'POST')
    .map(({ body }) => JSON.parse(body) as { type: string; object: Profile })
    .findLast(({ type }) => type === 'Update')!.object;
  for (const profile of [told, await document<Profile>(uri)]) {
    // As PHP trims it.
    for (const text of [profile.name, profile.summary])
      expect(text.replace(/^[ \t\n\r\0\v]+|[ \t\n\r\0\v]+$/g, '')).not.toBe('');
    for (const picture of [profile.icon, profile.image]) {
      expect(picture.mediaType).toBe('image/jpeg');
      expect((await fileOf(picture)).format).toBe('jpeg');
    }
  }
});

test('who says nothing elsewhere says nothing here', async () => {
  const dee = peer.actor('dee', { summary: '<p></p>' });
  const { data } = await ada.graphql<{ fetchRemoteObject: { object: { bio: string | null } } }>(
    'mutation ($url: URL!) { fetchRemoteObject(input: { url: $url }) { object { ... on Actor { bio } } } }',
    { url: dee.uri },
  );
  expect(data.fetchRemoteObject.object.bio ?? '').toBe('');
});

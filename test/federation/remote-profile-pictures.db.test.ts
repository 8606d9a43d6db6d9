// Pictures of profiles of other servers: fetched once, shown from here, and gone with their profile. Over real HTTP.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { fetchActor } from '../../src/federation/resolve-actor.js';
import { statement } from '../../src/platform/db/database.js';
import { activityBy } from '../support/activities.js';
import { startFakePeer, type FakePeer, type PeerActor } from '../support/fake-peer.js';
import { meet, openNetwork, type FederatedNetwork } from '../support/federation.js';
import { flatJpeg, flatPng, gifOfFrames } from '../support/pictures.js';
import type { Person, World } from '../support/world.js';

let network: FederatedNetwork;
let stack: AsyncDisposableStack;
let world: World;
let ada: Person;
let peer: FakePeer;
let names = 0;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  network = stack.use(openNetwork());
  world = await network.join('a.example');
  ada = await world.local('ada');
});

beforeEach(async () => {
  names += 1;
  peer = stack.use(await startFakePeer(network, `peer${names}.test`));
  peer.serve('/face.png', { type: 'image/png', body: flatPng(500, 400) });
  peer.serve('/sea.png', { type: 'image/png', body: flatPng(900, 300) });
});

afterAll(() => stack.disposeAsync().then(() => undefined));

interface ShownPicture {
  readonly state: string;
  readonly url: string | null;
  readonly blurhash: string | null;
  readonly altText: string | null;
  readonly failure: string | null;
}

interface ShownActor {
  readonly avatar: ShownPicture | null;
  readonly header: ShownPicture | null;
}

const PICTURE = 'state url blurhash altText failure';

async function look(handle: string): Promise<ShownActor> {
  const answer = await ada.graphql<{ actor: ShownActor }>(
    `query ($handle: Handle!) { actor(by: { handle: $handle }) { avatar { ${PICTURE} } header { ${PICTURE} } } }`,
    { handle },
  );
  return answer.data.actor;
}

/** Adds an actor to the peer, and lets the server come to know it. */
async function know(more: Record<string, unknown>): Promise<PeerActor> {
  const actor = peer.actor('alice', more);
  await meet(ada, `alice@${peer.host}`);
  await world.settle();
  return actor;
}

const picture = (path: string, more: object = {}): object => ({
  type: 'Image',
  mediaType: 'image/png',
  url: `${peer.origin}${path}`,
  ...more,
});
const shown = (): Promise<ShownActor> => look(`alice@${peer.host}`);
const asked = (path: string): number =>
  peer.requests.filter((request) => request.path === path).length;

async function change(actor: PeerActor, more: Record<string, unknown>): Promise<void> {
  world.clock.advance(1);
  const document = { ...actor.document, ...more };
  peer.serve('/users/alice', { body: document });
  expect(await peer.send(world, actor, activityBy(actor, 'Update', document))).toBe(202);
  await world.settle();
}

const LEFT = statement(
  'test.left_of_owner',
  `select count(*)::int as media, count(r.media_id)::int as renditions from media m
     left join renditions r on r.media_id = m.id
   where m.owner_id = (select id from actors where uri = $1) and m.deleted_at is null`,
);

test('P06 avatar and header are served from here, processed like uploads', async () => {
  await know({
    icon: picture('/face.png', { name: 'Alice, smiling' }),
    image: picture('/sea.png'),
  });
  const { avatar, header } = await shown();
  expect(avatar).toMatchObject({
    state: 'READY',
    altText: 'Alice, smiling',
    blurhash: expect.any(String),
  });
  for (const each of [avatar, header]) {
    expect(each?.url).toMatch(/^https:\/\/a\.example\/media\//);
    const answer = await fetch(world.reach(each!.url!));
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
  }
  expect(asked('/face.png')).toBe(1);
});

test('the same address is the same picture; another one takes its place', async () => {
  const alice = await know({ icon: picture('/face.png'), image: picture('/sea.png') });
  const before = await shown();
  await change(alice, { name: 'Alice A.' });
  expect(await shown()).toEqual(before);
  expect(asked('/face.png')).toBe(1);
  peer.serve('/face2.png', { type: 'image/png', body: flatPng(100, 100) });
  await change(alice, { icon: picture('/face2.png'), image: undefined });
  const after = await shown();
  expect(after.avatar?.state).toBe('READY');
  expect(after.avatar?.url).not.toBe(before.avatar?.url);
  expect((await fetch(world.reach(before.avatar!.url!))).status).toBe(404);
  expect(after.header).toBeNull();
});

test.each([
  ['an address', () => `${peer.origin}/face.png`],
  ['a Link', () => ({ type: 'Link', href: `${peer.origin}/face.png` })],
  ['an Image without a type', () => ({ type: 'Image', url: `${peer.origin}/face.png` })],
  [
    'an Image with Links',
    () => ({ type: 'Image', url: [{ type: 'Link', href: `${peer.origin}/face.png` }] }),
  ],
  [
    'several sizes, of which the widest is taken',
    () => [picture('/small.png', { width: 48 }), picture('/face.png', { width: 600 })],
  ],
])('an icon may be %s', async (_shape, icon) => {
  await know({ icon: icon() });
  expect((await shown()).avatar?.state).toBe('READY');
  expect(asked('/small.png')).toBe(0);
});

test.each([
  ['an address that is none', () => ({ type: 'Image', url: 'javascript:alert(1)' })],
  ['a number', () => 7],
  ['nothing', () => null],
  ['a list of lists', () => [[[]]]],
])('an icon that is %s is none', async (_shape, icon) => {
  await know({ icon: icon() });
  expect((await shown()).avatar).toBeNull();
});

test.each(['image/jpg', 'application/octet-stream', 'binary/octet-stream'])(
  'a picture that its server calls %s is what its content says',
  async (type) => {
    peer.serve('/face.jpg', { type, body: await flatJpeg('#a73') });
    await know({ icon: picture('/face.jpg', { mediaType: 'image/jpg' }) });
    expect((await shown()).avatar?.state).toBe('READY');
  },
);

const giant = (): Buffer => Buffer.alloc(8 * 1024 * 1024 + 1);

test.each([
  [
    'M02 SVG',
    { type: 'image/svg+xml', body: '<svg xmlns="http://www.w3.org/2000/svg"/>' },
    'FAILED',
  ],
  ['M16 HTML', { type: 'text/html', body: '<p>Hello</p>' }, 'FAILED'],
  [
    'M01 HTML under the name of a picture',
    { type: 'image/png', body: '<script>1</script>' },
    'REJECTED',
  ],
  [
    'M03 more pixels than are decoded',
    { type: 'image/png', body: flatPng(20_000, 20_000) },
    'REJECTED',
  ],
  ['M03 more frames than are decoded', { type: 'image/gif', body: gifOfFrames(2_000) }, 'REJECTED'],
  ['S10 more bytes than are taken', { type: 'image/png', body: giant() }, 'FAILED'],
  ['S10 nothing', { type: 'image/png', body: '' }, 'REJECTED'],
] as const)('%s is no avatar, and the profile is there without', async (_case, answer, state) => {
  peer.serve('/face.png', answer);
  await know({ icon: picture('/face.png') });
  expect((await shown()).avatar).toMatchObject({ state, url: null, failure: expect.any(String) });
});

test('S10 an avatar on a private address, also behind a redirect, is never asked for', async () => {
  const address = 'https://10.0.0.1/face.png';
  peer.serve('/face.png', { status: 302, headers: { location: address }, body: '' });
  const alice = await know({ icon: picture('/face.png') });
  expect((await shown()).avatar?.state).toBe('FAILED');
  await change(alice, { icon: address });
  expect((await shown()).avatar?.state).toBe('FAILED');
});

test('S10 of thousands of addresses one is asked for', async () => {
  const icons = Array.from({ length: 900 }, (_, index) => `${peer.origin}/face.png?${index}`);
  peer.serve('/face.png?0', { type: 'image/png', body: flatPng(50, 50) });
  await know({ icon: icons });
  expect((await shown()).avatar?.state).toBe('READY');
  expect(peer.requests.filter(({ path }) => path.startsWith('/face.png'))).toHaveLength(1);
});

test('S10 a picture that never ends is given up, and holds up no other server', async () => {
  const other = stack.use(await startFakePeer(network, `quick${names}.test`));
  other.serve('/face.png', { type: 'image/png', body: flatPng(50, 50) });
  other.actor('bob', { icon: { type: 'Image', url: `${other.origin}/face.png` } });
  await meet(ada, `bob@${other.host}`);
  const begun = flatPng(50, 50).subarray(0, 20);
  peer.serve('/face.png', { type: 'image/png', body: begun, hangs: true });
  await know({ icon: picture('/face.png') });
  expect((await look(`bob@${other.host}`)).avatar?.state).toBe('READY');
  expect((await shown()).avatar).toMatchObject({ state: 'PROCESSING', url: null });
});

test('what could not be had is asked for again after a day, with the profile', async () => {
  peer.serve('/face.png', { status: 404, body: '' });
  const alice = await know({ icon: picture('/face.png') });
  peer.serve('/face.png', { type: 'image/png', body: flatPng(50, 50) });
  await fetchActor(world.services, alice.uri);
  await world.settle();
  expect((await shown()).avatar?.state).toBe('FAILED');
  world.clock.advance(25 * 3600);
  await fetchActor(world.services, alice.uri);
  await world.settle();
  expect((await shown()).avatar?.state).toBe('READY');
});

test('M20 with the actor its pictures go', async () => {
  const alice = await know({ icon: picture('/face.png'), image: picture('/sea.png') });
  const { avatar } = await shown();
  peer.serve('/users/alice', { status: 410, body: {} });
  expect(await peer.send(world, alice, activityBy(alice, 'Delete', alice.uri))).toBe(202);
  await world.settle();
  expect((await fetch(world.reach(avatar!.url!))).status).toBe(404);
  expect(await world.services.database.row(LEFT, [alice.uri])).toEqual({ media: 0, renditions: 0 });
});

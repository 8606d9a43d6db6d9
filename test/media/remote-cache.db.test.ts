// Media of other servers are a bounded cache: what goes comes back under the same address. Over real HTTP.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { trimRemoteMedia } from '../../src/media/jobs/trim-remote-media.job.js';
import { remoteMediaUsage } from '../../src/media/remote-media-usage.queries.js';
import type { MediaId } from '../../src/media/media.entity.js';
import { RemoteMediaUses } from '../../src/media/remote-media-uses.js';
import { statement } from '../../src/platform/db/database.js';
import { activityBy, noteBy } from '../support/activities.js';
import { startFakePeer, type FakePeer, type PeerActor } from '../support/fake-peer.js';
import { meet, openNetwork, type FederatedNetwork } from '../support/federation.js';
import { flatPng } from '../support/pictures.js';
import { describeWithS3, s3Environment, startS3Server } from '../support/s3-server.js';
import type { Person, World } from '../support/world.js';

const DAY = 24 * 3600;
const MEDIA = statement(
  'test.remote_media',
  `select m.id, m.state, m.blurhash, m.alt_text as "altText", m.width, m.stored_bytes::int as bytes, m.original_key as original,
     c.dropped_at is not null as "isDropped"
   from media m left join remote_media c on c.media_id = m.id where m.remote_url = $1 and m.deleted_at is null`,
);

interface CachedRow {
  readonly id: string;
  readonly state: string;
  readonly blurhash: string | null;
  readonly altText: string | null;
  readonly width: number | null;
  readonly bytes: number;
  readonly original: string | null;
  readonly isDropped: boolean;
}

let network: FederatedNetwork;
let stack: AsyncDisposableStack;
let world: World;
let ada: Person;
let peer: FakePeer;
let alice: PeerActor;
let pictures = 0;

async function open(environment: Record<string, string> = {}): Promise<void> {
  network = stack.use(openNetwork());
  world = await network.join('a.example', environment);
  peer = stack.use(await startFakePeer(network, 'peer.test'));
  peer.serve('/face.png', { type: 'image/png', body: flatPng(300, 300) });
  ada = await world.local('ada');
  alice = peer.actor('alice', { icon: { type: 'Image', url: `${peer.origin}/face.png` } });
  await meet(ada, 'alice@peer.test');
  await world.settle();
}

const rowOf = async (url: string): Promise<CachedRow> =>
  (await world.services.database.row<CachedRow>(MEDIA, [url]))!;
const asked = (url: string): number =>
  peer.requests.filter(({ path }) => path === new URL(url).pathname).length;

/** A picture of a post: where it stands there, and the post. */
interface Picture {
  readonly url: string;
  readonly postUri: string;
}

/** Receives a post with a picture of its own, for everybody unless told otherwise. */
async function receive(more: object = {}): Promise<Picture> {
  pictures += 1;
  const url = `${peer.origin}/${pictures}.png`;
  peer.serve(`/${pictures}.png`, { type: 'image/png', body: flatPng(400 + pictures, 300) });
  const note = noteBy(alice, {
    attachment: [{ type: 'Image', mediaType: 'image/png', url, name: 'A plain picture' }],
    tag: [{ type: 'Mention', href: `https://a.example/actors/${ada.actorId}` }],
    ...more,
  });
  world.clock.advance(1);
  expect(await peer.send(world, alice, activityBy(alice, 'Create', note))).toBe(202);
  await world.settle();
  return { url, postUri: note.id };
}

async function trim(remoteBytes: number, remoteKeptDays = 3650): Promise<void> {
  const { services } = world;
  const media = { ...services.config.media, remoteBytes, remoteKeptDays };
  const config = { ...services.config, media };
  await trimRemoteMedia.run({ ...services, config, jobId: '0', attempt: 1 }, {});
}

/** The address here of the picture of a post. */
async function addressOf({ postUri }: Picture): Promise<string> {
  const { data } = await ada.graphql<{ post: { media: { url: string }[] } }>(
    'query ($url: URL!) { post(by: { url: $url }) { ... on PhotoPost { media { ... on ImageMedia { url } } } } }',
    { url: postUri },
  );
  return world.reach(data.post.media[0]!.url);
}

async function keys(): Promise<string[]> {
  const all: string[] = [];
  for await (const key of world.services.storage.list()) all.push(key);
  return all;
}

/** Lets jobs run until something else is done. */
async function meanwhile<Value>(work: Promise<Value>): Promise<Value> {
  const end = work.then(() => true);
  const pause = (): Promise<boolean> => new Promise((done) => setTimeout(() => done(false), 50));
  while (!(await Promise.race([end, pause()]))) await world.settle();
  return work;
}

const cases = (): void => {
  test('what another server has is kept once, as it is shown', async () => {
    const { url } = await receive();
    const { bytes, original, state } = await rowOf(url);
    expect([state, original]).toEqual(['READY', null]);
    expect(bytes).toBeGreaterThan(0);
    expect((await keys()).filter((key) => key.startsWith('originals/'))).toEqual([]);
  });

  test('beyond the budget the least recently used go first, avatars among them', async () => {
    await trim(0);
    const [first, second, third] = [await receive(), await receive(), await receive()];
    world.clock.advance(2 * 3600);
    await using uses = new RemoteMediaUses(world.services);
    uses.note((await rowOf(first.url)).id as MediaId, new Date(0));
    await uses.write();
    const before = await remoteMediaUsage(world.services.database);
    expect(before.assets).toBe(3);
    await trim(before.bytes - 1);
    const left = [first, second, third].map(async ({ url }) => (await rowOf(url)).isDropped);
    expect(await Promise.all(left)).toEqual([false, true, false]);
    expect((await rowOf(`${peer.origin}/face.png`)).isDropped).toBe(true);
    const after = await remoteMediaUsage(world.services.database);
    expect([after.assets, after.bytes < before.bytes]).toEqual([2, true]);
    await trim(after.bytes);
    expect((await remoteMediaUsage(world.services.database)).assets).toBe(2);
  });

  test('what was dropped comes back under its address when somebody asks, once for all who do', async () => {
    const picture = await receive();
    const address = await addressOf(picture);
    const whole = Buffer.from(await (await fetch(address)).arrayBuffer());
    const before = await rowOf(picture.url);
    await trim(0);
    expect(await keys()).toEqual([]);
    expect(await rowOf(picture.url)).toEqual({ ...before, bytes: 0, isDropped: true });
    expect(await addressOf(picture)).toBe(address);
    const answers = await meanwhile(Promise.all([1, 2, 3, 4].map(() => fetch(address))));
    for (const answer of answers) {
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
      expect(Buffer.from(await answer.arrayBuffer())).toEqual(whole);
    }
    expect(asked(picture.url)).toBe(2);
    expect(await rowOf(picture.url)).toEqual(before);
  });

  test('a server that does not answer is asked once in a while, and clients are told when', async () => {
    const picture = await receive();
    const address = await addressOf(picture);
    await trim(0);
    const path = new URL(picture.url).pathname;
    peer.serve(path, { status: 500, body: '' });
    const first = await meanwhile(fetch(address));
    const second = await fetch(address);
    for (const answer of [first, second]) {
      expect([answer.status, answer.headers.get('cache-control')]).toEqual([503, 'no-store']);
      expect(Number(answer.headers.get('retry-after'))).toBeLessThanOrEqual(600);
    }
    expect(asked(picture.url)).toBe(2);
    peer.serve(path, { type: 'image/png', body: flatPng(300, 300) });
    world.clock.advance(601);
    expect((await meanwhile(fetch(address))).status).toBe(200);
  });

  test.each([
    ['gone', { status: 410, body: '' }],
    ['something else', { type: 'text/html', body: '<p>Buy now</p>' }],
    ['no picture', { type: 'image/png', body: 'no picture' }],
  ])('what is %s there now stays a row, and is left alone for days', async (_case, answer) => {
    const picture = await receive();
    const address = await addressOf(picture);
    await trim(0);
    peer.serve(new URL(picture.url).pathname, answer);
    const { status, headers } = await meanwhile(fetch(address));
    expect([status, Number(headers.get('retry-after')) > 3 * DAY]).toEqual([503, true]);
    expect(await rowOf(picture.url)).toMatchObject({
      state: 'READY',
      altText: 'A plain picture',
      blurhash: expect.any(String),
      original: null,
    });
    expect(await keys()).toEqual([]);
  });

  test('M15 a stranger has nothing fetched that is not for them', async () => {
    const picture = await receive({ to: [`https://a.example/actors/${ada.actorId}`], cc: [] });
    const address = new URL(await addressOf(picture));
    expect(address.searchParams.has('signature')).toBe(true);
    await trim(0);
    expect((await fetch(address.origin + address.pathname)).status).toBe(404);
    await world.settle();
    expect(asked(picture.url)).toBe(1);
    expect((await meanwhile(fetch(address))).status).toBe(200);
  });

  test('what nobody used for long goes, whatever the budget', async () => {
    await trim(0);
    const old = await receive();
    world.clock.advance(20 * DAY);
    const recent = await receive();
    await trim(Number.MAX_SAFE_INTEGER, 15);
    expect((await rowOf(old.url)).isDropped).toBe(true);
    expect((await rowOf(recent.url)).isDropped).toBe(false);
  });

  test('two processes that clean at once drop nothing twice, and a deleted picture leaves nothing', async () => {
    await trim(0);
    const all = [await receive(), await receive(), await receive(), await receive()];
    await Promise.all([trim(0), trim(0), trim(0)]);
    expect(await remoteMediaUsage(world.services.database)).toEqual({ assets: 0, bytes: 0 });
    expect(await keys()).toEqual([]);
    const [first] = all;
    const address = await addressOf(first!);
    const gone = activityBy(alice, 'Delete', first!.postUri);
    expect(await peer.send(world, alice, gone)).toBe(202);
    await world.settle();
    expect((await fetch(address)).status).toBe(404);
  });
};

describe('with files on this machine', () => {
  beforeAll(async () => {
    stack = new AsyncDisposableStack();
    await open();
  });
  afterAll(() => stack.disposeAsync().then(() => undefined));
  cases();
});

describeWithS3('with STORAGE=s3', () => {
  beforeAll(async () => {
    stack = new AsyncDisposableStack();
    const server = stack.use(await startS3Server());
    await open(s3Environment(await server.bucket()));
  });
  afterAll(() => stack.disposeAsync().then(() => undefined));
  cases();
});

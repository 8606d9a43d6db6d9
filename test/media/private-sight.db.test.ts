// Addresses of private videos that were given out: they lead nowhere once the person may not see the video any more.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { mediaUrl } from '../../src/media/media-url.js';
import { statement } from '../../src/platform/db/database.js';
import { storeVideo } from '../support/hls.js';
import { block, comment, follow, unfollow } from '../support/posts.js';
import { connectSocket, subscribed } from '../support/socket.js';
import { sendVideo } from '../support/videos.js';
import { startWorld, type Person, type World } from '../support/world.js';

let world: World;
let ada: Person;
let ben: Person;

beforeAll(async () => {
  world = await startWorld();
});

let people = 0;

beforeEach(async () => {
  people += 1;
  [ada, ben] = [await world.local(`ada${people}`), await world.local(`ben${people}`)];
  await follow(world, ben, ada);
});

afterAll(() => world[Symbol.asyncDispose]());

const DETACH = statement('test.detach_media', 'update media set attached_at = null where id = $1');

/** A video for followers of ada; its post and its asset. */
async function publish(common: object = { visibility: 'FOLLOWERS' }) {
  const { id, globalId } = await storeVideo(world.services, ada.actorId, 'PRIVATE');
  await world.services.database.rows(DETACH, [id]);
  const { post, userErrors } = await sendVideo(ada, { mediaId: globalId, common });
  expect(userErrors).toEqual([]);
  return { postId: post!.id, id };
}

const SOURCES = `query ($id: ID!) { node(id: $id) { ... on VideoPost { video { sources { url } thumbnailUrl } } } }`;

interface Seen {
  readonly node: { readonly video: { readonly sources: { readonly url: string }[] } } | null;
}

async function masterFor(person: Person, postId: string): Promise<string> {
  const { data } = await person.graphql<Seen>(SOURCES, { id: postId });
  return world.reach(data.node!.video.sources[0]!.url);
}

/** All that a player has fetched: the master, the first quality in it, and the file of that. */
async function playing(master: string): Promise<string[]> {
  const level = await firstIn(master);
  const file = await firstIn(level);
  expect((await fetch(file, { headers: { range: 'bytes=0-99' } })).status).toBe(206);
  return [master, level, file];
}

async function firstIn(playlist: string): Promise<string> {
  const answer = await fetch(playlist);
  expect(answer.status).toBe(200);
  const lines = (await answer.text()).split('\n').filter((line) => /^[^#]/.test(line));
  return new URL(lines[0]!, playlist).href;
}

const statusesOf = (addresses: readonly string[]): Promise<number[]> =>
  Promise.all(addresses.map(async (address) => (await fetch(address)).status));

async function change(person: Person, name: string, type: string, input: object): Promise<void> {
  const document = `mutation ($input: ${type}!) { ${name}(input: $input) { userErrors { code } } }`;
  const answer = await person.graphql<Record<string, { userErrors: object[] }>>(document, {
    input,
  });
  expect([answer.errors, answer.data[name]!.userErrors]).toEqual([undefined, []]);
}

const archive = (postId: string): Promise<void> =>
  change(ada, 'setPostArchived', 'SetPostArchivedInput', { postId, archived: true });

test.each<[string, (postId: string) => Promise<void>]>([
  ['blocks them', () => block(world, ada, ben)],
  ['is blocked by them', () => block(world, ben, ada)],
  ['loses them as a follower', () => unfollow(world, ben, ada)],
  [
    'removes them as a follower',
    () => change(ada, 'removeFollower', 'RemoveFollowerInput', { actorId: ben.actorGlobalId }),
  ],
  ['archives the post', (postId) => archive(postId)],
  ['deletes the post', (postId) => change(ada, 'deletePost', 'DeletePostInput', { postId })],
])('a viewer whom the author %s plays nothing more, in the middle of it', async (_what, act) => {
  const { postId } = await publish();
  const addresses = await playing(await masterFor(ben, postId));
  await act(postId);
  expect(await statusesOf(addresses)).toEqual([404, 404, 404]);
});

test('the author goes on, of an archived post too', async () => {
  const { postId } = await publish();
  const addresses = await playing(await masterFor(ada, postId));
  await block(world, ada, ben);
  await archive(postId);
  expect(await statusesOf(addresses)).toEqual([200, 200, 200]);
});

test('whoever is mentioned sees it as a follower no more and goes on', async () => {
  const caption = `for @${ben.username}`;
  const { postId } = await publish({ visibility: 'FOLLOWERS', caption });
  const addresses = await playing(await masterFor(ben, postId));
  await unfollow(world, ben, ada);
  expect(await statusesOf(addresses)).toEqual([200, 200, 200]);
});

test('a suspended viewer sees nothing more', async () => {
  const { postId } = await publish();
  const addresses = await playing(await masterFor(ben, postId));
  const suspend = statement(
    'test.private_sight.suspend',
    `update actors set status = 'SUSPENDED' where id = $1`,
  );
  await world.services.database.rows(suspend, [ben.actorId]);
  expect(await statusesOf(addresses)).toEqual([404, 404, 404]);
});

test('an address tells nobody whom it names, and names them whatever is done to it', async () => {
  const { postId } = await publish();
  const own = await masterFor(ben, postId);
  expect(await masterFor(ben, postId)).toBe(own);
  const url = new URL(own);
  const word = url.searchParams.get('viewer')!;
  const id = Buffer.from(ben.actorId.replaceAll('-', ''), 'hex');
  expect(Buffer.from(word, 'base64url').equals(id)).toBe(false);
  const { postId: other } = await publish();
  expect(new URL(await masterFor(ben, other)).searchParams.get('viewer')).not.toBe(word);
  const author = new URL(await masterFor(ada, postId)).searchParams.get('viewer')!;
  const changed = [author, `${word}A`, word.slice(1), ''].map((given) => {
    const forged = new URL(own);
    forged.searchParams.set('viewer', given);
    return forged.href;
  });
  url.searchParams.delete('viewer');
  for (const forged of [...changed, url.href]) expect((await fetch(forged)).status).toBe(404);
});

test('an address that was made for nobody in particular, such as another server, lasts its hour', async () => {
  const { id } = await publish();
  const hls = { name: 'hls', mimeType: 'application/vnd.apple.mpegurl' };
  const url = mediaUrl(world.services, { id, access: 'PRIVATE' }, hls);
  expect(new URL(url).searchParams.has('viewer')).toBe(false);
  await block(world, ada, ben);
  expect((await fetch(world.reach(url))).status).toBe(200);
});

test('the still picture of a private video and a copy of it go the same way', async () => {
  const { postId } = await publish({ visibility: 'FOLLOWERS' });
  await change(ada, 'updatePost', 'UpdatePostInput', { postId, video: { allowsDownload: true } });
  const document = `query ($id: ID!) { node(id: $id) { ... on VideoPost { downloadUrl } } }`;
  const { data } = await ben.graphql<{ node: { downloadUrl: string } }>(document, { id: postId });
  const copy = world.reach(data.node.downloadUrl);
  expect(await statusesOf([copy])).toEqual([200]);
  await block(world, ada, ben);
  expect(await statusesOf([copy])).toEqual([404]);
});

const LIVE = `subscription ($id: ID!) { postChanged(postId: $id) { post { ... on VideoPost { video { sources { url } } } } } }`;

interface Told {
  readonly data: { readonly postChanged: { readonly post: Seen['node'] } };
}

test('what is told live to several people at once names none of them, and to one names them', async () => {
  const eva = await world.local(`eva${people}`);
  await follow(world, eva, ada);
  const { postId } = await publish();
  const told = async (...viewers: Person[]): Promise<URL[]> => {
    await using stack = new AsyncDisposableStack();
    const sockets = [];
    for (const person of viewers) {
      const socket = stack.use(await connectSocket(world.origin, person.token));
      await subscribed(socket, 'live', LIVE, { id: postId });
      sockets.push(socket);
    }
    await world.settle();
    await comment(ada, postId, 'Look');
    const payloads = await Promise.all(sockets.map((socket) => socket.next()));
    return payloads.map(
      ({ payload }) => new URL((payload as Told).data.postChanged.post!.video.sources[0]!.url),
    );
  };
  const many = await told(ben, eva);
  expect(many.map(({ searchParams }) => searchParams.has('viewer'))).toEqual([false, false]);
  const [one] = await told(ben);
  expect(world.reach(one!.href)).toBe(await masterFor(ben, postId));
});

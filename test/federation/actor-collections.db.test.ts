// Outbox, pinned posts, hashtags, followers and following of actors, as any server reads them without a signature.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { setActorSuspended } from '../../src/actors/set-actor-status.js';
import { setContentRemoved } from '../../src/posts/set-content-removed.js';
import type { PostId } from '../../src/posts/post.entity.js';
import { activityBy } from '../support/activities.js';
import { getDocument, walkCollection, type ReadCollection } from '../support/documents.js';
import { startFakePeer, type FakePeer, type PeerActor } from '../support/fake-peer.js';
import { openNetwork } from '../support/federation.js';
import { follow, innerId, publish } from '../support/posts.js';
import { logStatements } from '../support/statements.js';
import type { Person, World } from '../support/world.js';

interface Said {
  readonly id: string;
  readonly type: string;
  readonly actor: string;
  readonly object: string | { id: string; type: string };
}

let stack: AsyncDisposableStack;
let world: World;
let peer: FakePeer;
let nell: PeerActor;
let ada: Person;
let ben: Person;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  const network = stack.use(openNetwork());
  world = await network.join('a.example');
  peer = stack.use(await startFakePeer(network, 'peer.test'));
  nell = peer.actor('nell');
  [ada, ben] = [await world.local('ada'), await world.local('ben')];
  expect(await peer.send(world, nell, activityBy(nell, 'Follow', uriOf(ada)))).toBe(202);
  await world.settle();
});

afterAll(() => stack.disposeAsync().then(() => undefined));

const uriOf = (who: Person): string => `https://a.example/actors/${who.actorId}`;
const pathOf = (who: Person, name: string): string => `/actors/${who.actorId}/${name}`;
const get = (path: string) => getDocument(world, path);
const objectOf = ({ object }: Said): string => (typeof object === 'string' ? object : object.id);

async function change(who: Person, mutation: string, input: object): Promise<void> {
  const type = `${mutation[0]!.toUpperCase()}${mutation.slice(1)}Input`;
  const answer = await who.graphql<Record<string, { userErrors: unknown[] }>>(
    `mutation ($input: ${type}!) { ${mutation}(input: $input) { userErrors { code path } } }`,
    { input },
  );
  expect([answer.errors, answer.data[mutation]?.userErrors]).toEqual([undefined, []]);
}

const postUri = (globalId: string): string => `https://a.example/posts/${innerId(globalId)}`;

test('an outbox has what everybody may see, newest first, each once, from either end', async () => {
  const shown: string[] = [];
  for (let index = 0; index < 22; index++) {
    world.clock.advance(1);
    const visibility = index % 2 === 0 ? 'PUBLIC' : 'UNLISTED';
    shown.unshift(postUri(await publish(world, ada, { visibility, caption: `Post ${index}` })));
  }
  for (const visibility of ['FOLLOWERS', 'MENTIONED', 'LOCAL'])
    await publish(world, ada, { visibility });
  const [deleted, archived, removed] = [
    await publish(world, ada),
    await publish(world, ada),
    await publish(world, ada),
  ];
  await change(ada, 'deletePost', { postId: deleted });
  await change(ada, 'setPostArchived', { postId: archived, archived: true });
  await world.services.database.transaction((tx) =>
    setContentRemoved(tx, [innerId(removed) as PostId], world.clock.now()),
  );
  const others = [await publish(world, ben), await publish(world, ben)];
  for (const postId of others) {
    world.clock.advance(1);
    await change(ada, 'setRepost', { postId, reposted: true });
  }
  await change(ben, 'deletePost', { postId: others[0]! });
  shown.unshift(postUri(others[1]!));

  const outbox = await get(pathOf(ada, 'outbox'));
  expect(outbox).toMatchObject({
    status: 200,
    type: 'application/activity+json; charset=utf-8',
    body: { id: `${uriOf(ada)}/outbox`, type: 'OrderedCollection', totalItems: shown.length },
  });
  const { first, last } = outbox.body as { first: string; last: string };
  const forth = await walkCollection<Said>(world, first, 'next');
  expect(forth.pages.map(({ orderedItems }) => orderedItems!.length)).toEqual([20, 3]);
  expect(forth.items.map((item) => objectOf(item))).toEqual(shown);
  expect(forth.items.map(({ type }) => type)).toEqual([
    'Announce',
    ...shown.slice(1).map(() => 'Create'),
  ]);
  expect(new Set(forth.items.map(({ actor }) => actor))).toEqual(new Set([uriOf(ada)]));
  const back = await walkCollection<Said>(world, last, 'prev');
  const backwards = back.pages.toReversed().flatMap(({ orderedItems }) => orderedItems!);
  expect(backwards).toEqual(forth.items);
  for (const page of [...forth.pages, ...back.pages]) {
    expect(page).toMatchObject({ type: 'OrderedCollectionPage', partOf: `${uriOf(ada)}/outbox` });
    expect(page.id.startsWith(`${uriOf(ada)}/outbox?page=`)).toBe(true);
  }
});

test('what stands in the outbox is what was sent', async () => {
  const id = await publish(world, ada, { caption: 'Told and kept #water' });
  await world.settle();
  const { orderedItems } = (await get(`${pathOf(ada, 'outbox')}?page=true`)).body as ReadCollection;
  const sent = peer.requests
    .filter(({ method }) => method === 'POST')
    .map(({ body }) => JSON.parse(body) as Said & { '@context': unknown; proof: unknown })
    .find((one) => objectOf(one) === postUri(id))!;
  const { '@context': _context, proof: _proof, ...rest } = sent;
  expect(orderedItems![0]).toEqual(rest);
});

test('a page costs the same number of statements with 1 row as with 20', async () => {
  using log = logStatements();
  await publish(world, ben);
  const costs = [];
  for (const path of [pathOf(ben, 'outbox'), pathOf(ada, 'outbox')]) {
    const { headers, body } = await get(`${path}?page=true`);
    const { orderedItems } = body as ReadCollection;
    costs.push({ rows: orderedItems!.length, of: log.of(headers.get('x-request-id')!) });
  }
  expect(costs.map(({ rows }) => rows)).toEqual([2, 20]);
  expect(costs[0]!.of).toEqual(costs[1]!.of);
  expect(costs[1]!.of.length).toBeLessThanOrEqual(4);
});

test('pinned posts are told in their order, as far as everybody may see them', async () => {
  const cleo = await world.local('cleo');
  const [one, two, closed] = [
    await publish(world, cleo, { caption: 'One' }),
    await publish(world, cleo, { caption: 'Two', visibility: 'UNLISTED' }),
    await publish(world, cleo, { visibility: 'FOLLOWERS' }),
  ];
  for (const postId of [one, closed, two]) {
    world.clock.advance(1);
    await change(cleo, 'setPostPinned', { postId, pinned: true });
  }
  const { body } = await get(pathOf(cleo, 'featured'));
  expect(body).toMatchObject({
    id: `${uriOf(cleo)}/featured`,
    type: 'OrderedCollection',
    totalItems: 2,
    orderedItems: [
      { id: postUri(two), type: 'Note', attributedTo: uriOf(cleo) },
      { id: postUri(one), type: 'Note', content: expect.stringContaining('One') },
    ],
  });
  expect((await get(pathOf(ben, 'featured'))).body).toMatchObject({
    totalItems: 0,
    orderedItems: [],
  });
});

test('the hashtags of a profile are those that it names, each once', async () => {
  const dora = await world.local('dora');
  await change(dora, 'updateProfile', {
    bio: 'I draw #Boats and #water. No https://x.test/#anchor, #BOATS.',
  });
  expect((await get(pathOf(dora, 'featured-tags'))).body).toMatchObject({
    id: `${uriOf(dora)}/featured-tags`,
    type: 'Collection',
    totalItems: 2,
    items: [
      { type: 'Hashtag', href: 'https://a.example/tags/boats', name: '#Boats' },
      { type: 'Hashtag', href: 'https://a.example/tags/water', name: '#water' },
    ],
  });
  const { body } = await get(`/actors/${dora.actorId}`);
  expect(body).toMatchObject({
    featured: `${uriOf(dora)}/featured`,
    featuredTags: `${uriOf(dora)}/featured-tags`,
    outbox: `${uriOf(dora)}/outbox`,
  });
});

test('followers and following are told, unless their owner hides them', async () => {
  await follow(world, ben, ada);
  const followers = await get(pathOf(ada, 'followers'));
  expect(followers.body).toMatchObject({ type: 'OrderedCollection', totalItems: 2 });
  const { items } = await walkCollection(world, (followers.body as ReadCollection).first!, 'next');
  expect(items).toEqual([uriOf(ben), nell.uri]);
  const following = await get(`${pathOf(ben, 'following')}?page=true`);
  expect(following.body).toMatchObject({ totalItems: 1, orderedItems: [uriOf(ada)] });
  await change(ada, 'updateSettings', { hideFollowLists: true });
  for (const query of ['', '?page=true', '?page=last'])
    expect((await get(pathOf(ada, 'followers') + query)).body).toEqual({
      '@context': expect.anything(),
      id: `${uriOf(ada)}/followers`,
      type: 'OrderedCollection',
    });
});

test('the outbox of the server itself is empty', async () => {
  expect((await get('/actor/outbox')).body).toMatchObject({
    id: 'https://a.example/actor/outbox',
    type: 'OrderedCollection',
    totalItems: 0,
  });
});

test('F60 a page that was never told is refused, and what every address is given more is left alone', async () => {
  const outbox = pathOf(ada, 'outbox');
  for (const query of ['page=2', 'page=true&after=x', "page=true&before='", 'page=true&page=true'])
    expect([query, (await get(`${outbox}?${query}`)).status]).toEqual([query, 400]);
  const both = `after=${ada.actorId}&before=${ada.actorId}`;
  expect((await get(`${outbox}?page=true&${both}`)).status).toBe(400);
  expect((await get(`${outbox}?cb=17`)).body).toMatchObject({ type: 'OrderedCollection' });
  const beyond = 'page=true&after=00000000-0000-0000-0000-000000000000';
  expect((await get(`${outbox}?${beyond}`)).body).toMatchObject({ orderedItems: [] });
});

test('F44 who is suspended has no collections', async () => {
  const names = ['outbox', 'featured', 'featured-tags', 'followers', 'following'];
  await world.services.database.transaction((tx) =>
    setActorSuspended(tx, ben.actorId, true, world.clock.now()),
  );
  for (const name of names) expect((await get(pathOf(ben, name))).status).toBe(404);
  const { items } = await walkCollection<Said>(world, `${uriOf(ada)}/outbox?page=true`, 'next');
  expect(items.some(({ type }) => type === 'Announce')).toBe(false);
});

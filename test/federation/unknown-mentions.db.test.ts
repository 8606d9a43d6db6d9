// People who are named in a text and whom nobody here knew: looked up, then addressed like anybody.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startFakePeer, type FakePeer, type PeerActor } from '../support/fake-peer.js';
import { openNetwork, type FederatedNetwork } from '../support/federation.js';
import { comment, publish } from '../support/posts.js';
import type { Person, World } from '../support/world.js';

let network: FederatedNetwork;
let stack: AsyncDisposableStack;
let world: World;
let peer: FakePeer;
let ada: Person;
let names = 0;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  network = stack.use(openNetwork());
  world = await network.join('a.example');
  peer = stack.use(await startFakePeer(network, 'peer.test'));
  ada = await world.local('ada');
});

afterAll(() => stack.disposeAsync().then(() => undefined));

/** Somebody whom nobody here knows, and their handle. */
function stranger(): PeerActor & { readonly handle: string } {
  const name = `stranger${(names += 1)}`;
  return { ...peer.actor(name), handle: `@${name}@peer.test` };
}

interface Sent {
  readonly type: string;
  readonly object: {
    readonly to: string[];
    readonly cc: string[];
    readonly content: string;
    readonly tag: { readonly type: string; readonly href: string; readonly name: string }[];
  };
}

/** The activities that reached the peer since. */
function sentSince(before: number): Sent[] {
  return peer.requests
    .slice(before)
    .filter(({ method }) => method === 'POST')
    .map(({ body }) => JSON.parse(body) as Sent);
}

test('somebody unknown who is named in a public post is linked, tagged, addressed and told', async () => {
  const { uri, handle } = stranger();
  const before = peer.requests.length;
  const postId = await publish(world, ada, { caption: `With ${handle} and @nobody@peer.test` });
  await world.settle();
  const [create, ...more] = sentSince(before);
  expect(more).toEqual([]);
  expect(create).toMatchObject({ type: 'Create', object: { cc: expect.arrayContaining([uri]) } });
  expect(create!.object.tag).toEqual([{ type: 'Mention', href: uri, name: handle }]);
  expect(create!.object.content).toContain(`href="${uri}"`);
  const answer = await ada.graphql<{
    node: { caption: string; mentions: { handle: string }[]; editedAt: null };
  }>('query ($id: ID!) { node(id: $id) { ... on Post { caption editedAt mentions { uri } } } }', {
    id: postId,
  });
  expect(answer.data.node).toMatchObject({
    caption: expect.stringContaining(`href="${uri}"`),
    editedAt: null,
    mentions: [{ uri }],
  });
});

test('a post for those who are named reaches somebody unknown, and nobody else', async () => {
  const { uri, handle } = stranger();
  const before = peer.requests.length;
  await publish(world, ada, { caption: `Only for ${handle}`, visibility: 'MENTIONED' });
  await world.settle();
  expect(sentSince(before)).toMatchObject([{ type: 'Create', object: { to: [uri], cc: [] } }]);
});

test('a comment, and a post that is edited, find people too', async () => {
  const [first, second] = [stranger(), stranger()];
  const postId = await publish(world, ada);
  await world.settle();
  const before = peer.requests.length;
  await comment(ada, postId, `Look, ${first.handle}`);
  await world.settle();
  await ada.graphql(
    'mutation ($input: UpdatePostInput!) { updatePost(input: $input) { userErrors { code } } }',
    {
      input: { postId, caption: `And ${second.handle}` },
    },
  );
  await world.settle();
  const [create, update] = sentSince(before);
  expect(create!.object.tag).toMatchObject([{ href: first.uri }]);
  expect(update!.object.tag).toMatchObject([{ href: second.uri }]);
});

test('who is not to be had stays text, and holds nothing up', async () => {
  const known = stranger();
  const before = peer.requests.length;
  const caption = `${known.handle} @ghost@peer.test @a@nowhere.test @ada@a.example @x@127.0.0.1`;
  await publish(world, ada, { caption });
  await world.settle();
  const [create] = sentSince(before);
  expect(create!.object.tag.map(({ href }) => href).toSorted()).toEqual(
    [`https://a.example/actors/${ada.actorId}`, known.uri].toSorted(),
  );
});

test('of one text, ten people are looked up at most, and of a local one nobody', async () => {
  const before = peer.requests.length;
  const handles = Array.from({ length: 30 }, (_, index) => `@ghost${index}@peer.test`);
  await publish(world, ada, { caption: handles.join(' ') });
  await world.settle();
  expect(peer.requests.slice(before)).toHaveLength(10);
  const { handle } = stranger();
  await publish(world, ada, { caption: handle, visibility: 'LOCAL' });
  await world.settle();
  expect(peer.requests.slice(before)).toHaveLength(10);
});

test('between two servers, a post for somebody unknown there is in their notifications', async () => {
  const there = await network.join('b.example');
  const ben = await there.local('ben');
  await publish(world, ada, { caption: 'For @ben@b.example', visibility: 'MENTIONED' });
  await network.settle();
  const answer = await ben.graphql<{ viewer: { notifications: { nodes: { kind: string }[] } } }>(
    '{ viewer { notifications(first: 5) { nodes { kind subject { ... on Post { caption } } } } } }',
  );
  expect(answer.data.viewer.notifications.nodes).toMatchObject([
    { kind: 'MENTION', subject: { caption: expect.stringContaining('For ') } },
  ]);
});

// Who answered: told to other servers as a collection, and asked of them when somebody here looks at a post.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { statement } from '../../src/platform/db/database.js';
import { activityBy, answerBy, freshId, noteBy, type Written } from '../support/activities.js';
import { getDocument, walkCollection, type ReadCollection } from '../support/documents.js';
import { startFakePeer, type FakePeer, type PeerActor } from '../support/fake-peer.js';
import { openNetwork, type FederatedNetwork } from '../support/federation.js';
import { comment, innerId, publish } from '../support/posts.js';
import { logStatements } from '../support/statements.js';
import type { Person, World } from '../support/world.js';

const BELOW = statement(
  'test.below',
  `select c.uri, parent.uri as parent from posts root join posts c on c.root_id = root.id left join posts parent on parent.id = c.parent_id
   where root.uri = $1 order by c.uri`,
);
const NOTIFIED = statement(
  'test.replies.notified',
  'select count(*)::int as count from notifications where recipient_id = $1',
);

let network: FederatedNetwork;
let stack: AsyncDisposableStack;
let world: World;
let peer: FakePeer;
let other: FakePeer;
let ada: Person;
let bob: PeerActor;
let cleo: PeerActor;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  network = stack.use(openNetwork());
  world = await network.join('a.example');
  peer = stack.use(await startFakePeer(network, 'peer.test'));
  other = stack.use(await startFakePeer(network, 'other.test'));
  ada = await world.local('ada');
  [bob, cleo] = [peer.actor('bob'), other.actor('cleo')];
});

beforeEach(() => {
  peer.requests.length = 0;
  other.requests.length = 0;
});

afterAll(() => stack.disposeAsync().then(() => undefined));

const get = (address: string) => getDocument(world, address);
const pathOf = (uri: string): string => new URL(uri).pathname + new URL(uri).search;
const asked = (from: FakePeer): string[] =>
  from.requests.filter(({ method }) => method === 'GET').map(({ path }) => path);

function stands(at: FakePeer, document: Written): Written {
  at.serve(pathOf(document.id), { body: document });
  return document;
}

/** A collection of the peer; pages by their numbers, each with so many members. */
function collection(at: FakePeer, id: string, pages: readonly (readonly unknown[])[]): string {
  const page = (number: number): string => `${id}?page=${number}`;
  at.serve(pathOf(id), { body: { id, type: 'Collection', first: page(0) } });
  pages.forEach((items, number) =>
    at.serve(pathOf(page(number)), {
      body: {
        id: page(number),
        type: 'CollectionPage',
        partOf: id,
        items,
        ...(number + 1 < pages.length && { next: page(number + 1) }),
      },
    }),
  );
  return id;
}

async function below(uri: string): Promise<Record<string, string | null>> {
  const rows = await world.services.database.rows<{ uri: string; parent: string | null }>(BELOW, [
    uri,
  ]);
  return Object.fromEntries(rows.map(({ uri: at, parent }) => [at, parent]));
}

async function lookUp(url: string): Promise<string> {
  const answer = await ada.graphql<{ fetchRemoteObject: { object: { id: string } } }>(
    'mutation ($url: URL!) { fetchRemoteObject(input: { url: $url }) { object { id } } }',
    { url },
  );
  await world.settle();
  return answer.data.fetchRemoteObject.object.id;
}

/** Opens a post. */
async function look(id: string): Promise<void> {
  const answer = await ada.graphql(
    'query ($id: ID!) { node(id: $id) { ... on Post { comments(first: 5) { nodes { id } } } } }',
    { id },
  );
  expect(answer.errors).toBeUndefined();
  await world.settle();
}

test('answers to posts and comments are told in pages, as far as everybody may see them', async () => {
  const post = await publish(world, ada);
  const uri = `https://a.example/posts/${innerId(post)}`;
  const ids: string[] = [];
  for (let index = 0; index < 23; index++) {
    world.clock.advance(1);
    ids.unshift(await comment(ada, post, `Answer ${index}`));
  }
  const below = await comment(ada, post, 'Below.', ids[0]);
  const deleted = await comment(ada, post, 'Gone.');
  await ada.graphql(
    'mutation ($id: ID!) { deleteComment(input: { commentId: $id }) { deletedCommentId } }',
    {
      id: deleted,
    },
  );
  const commentUri = (id: string): string => `https://a.example/comments/${innerId(id)}`;
  const { body } = await get(`${uri}/replies`);
  expect(body).toMatchObject({ id: `${uri}/replies`, type: 'OrderedCollection', totalItems: 23 });
  const { pages, items } = await walkCollection(world, (body as ReadCollection).first!, 'next');
  expect(pages.map(({ orderedItems }) => orderedItems!.length)).toEqual([20, 3]);
  expect(items).toEqual(ids.map((id) => commentUri(id)));
  const ofComment = await get(`${commentUri(ids[0]!)}/replies?page=true`);
  expect(ofComment.body).toMatchObject({ orderedItems: [commentUri(below)] });
  expect((await get(uri)).body).toMatchObject({ replies: `${uri}/replies` });

  using log = logStatements();
  const costs = [];
  for (const address of [`${commentUri(ids[0]!)}/replies`, `${uri}/replies`]) {
    const { headers } = await get(`${address}?page=true`);
    costs.push(log.of(headers.get('x-request-id')!).length);
  }
  expect(costs[0]).toBe(costs[1]);
  const closed = await publish(world, ada, { visibility: 'FOLLOWERS' });
  const missing = await get(`https://a.example/posts/${innerId(closed)}/replies`);
  expect(missing.status).toBe(404);
});

test('who answered a post is asked when somebody looks at it, of each where it stands', async () => {
  const id = freshId(bob);
  const first = stands(other, answerBy(cleo, id, { published: '2024-01-02T03:04:05Z' }));
  const embedded = answerBy(bob, id);
  const deeper = stands(other, answerBy(cleo, embedded.id));
  embedded['replies'] = collection(peer, `${embedded.id}/replies`, [[deeper.id]]);
  const replies = collection(peer, `${id}/replies`, [[first.id], [embedded]]);
  const post = stands(peer, noteBy(bob, { id, replies: { id: replies, type: 'Collection' } }));
  await lookUp(post.id);
  expect(await below(post.id)).toEqual({
    [first.id]: null,
    [embedded.id]: null,
    [deeper.id]: embedded.id,
  });
});

test('a post that is known already is asked about when it is opened, and not again for an hour', async () => {
  const id = freshId(bob);
  const replies = `${id}/replies`;
  stands(peer, noteBy(bob, { id, replies }));
  collection(peer, replies, [[]]);
  const global = await lookUp(id);
  const later = stands(other, answerBy(cleo, id));
  collection(peer, replies, [[later.id]]);
  await look(global);
  expect(await below(id)).toEqual({});
  world.clock.advance(3601);
  await look(global);
  await look(global);
  expect(await below(id)).toEqual({ [later.id]: null });
  expect(asked(peer).filter((path) => path === pathOf(replies))).toHaveLength(2);
});

test('nobody is notified of answers that are found', async () => {
  const id = freshId(bob);
  const uri = `https://a.example/actors/${ada.actorId}`;
  const mention = { type: 'Mention', href: uri, name: '@ada@a.example' };
  const naming = stands(other, answerBy(cleo, id, { tag: [mention], cc: [uri] }));
  const replies = collection(peer, `${id}/replies`, [[naming.id]]);
  stands(peer, noteBy(bob, { id, replies }));
  const before = await world.services.database.row(NOTIFIED, [ada.actorId]);
  await lookUp(id);
  expect(await below(id)).toEqual({ [naming.id]: null });
  expect(await world.services.database.row(NOTIFIED, [ada.actorId])).toEqual(before);
});

test('F11 a collection proves nothing about who wrote what, and leads to no other server', async () => {
  const id = freshId(bob);
  const forged = answerBy(cleo, id, { content: 'Never said' });
  const misattributed = answerBy(cleo, id, { id: freshId(bob) });
  const elsewhere = stands(other, answerBy(cleo, freshId(cleo)));
  const unanswering = stands(other, noteBy(cleo));
  const foreign = `${other.origin}/pages/${innerId(ada.actorGlobalId)}`;
  const replies = `${id}/replies`;
  peer.serve(pathOf(replies), {
    body: {
      id: replies,
      type: 'Collection',
      first: {
        type: 'CollectionPage',
        next: foreign,
        items: [
          forged,
          misattributed,
          elsewhere.id,
          unanswering.id,
          7,
          null,
          'x',
          { a: 1 },
          uriOfOurs(),
        ],
      },
    },
  });
  stands(peer, noteBy(bob, { id, replies }));
  await lookUp(id);
  expect(await below(id)).toEqual({});
  expect(asked(other)).not.toContain(pathOf(foreign));
  const abroad = stands(peer, noteBy(bob, { replies: `${other.origin}/replies` }));
  await lookUp(abroad.id);
  expect(asked(other)).not.toContain('/replies');
});

const uriOfOurs = (): string => 'https://a.example/comments/00000000-0000-7000-8000-000000000000';

test('giant collections and pages in a circle are asked for within bounds', async () => {
  const id = freshId(bob);
  const answers = Array.from({ length: 90 }, () => stands(other, answerBy(cleo, id)).id);
  const pages = Array.from({ length: 9 }, (_, index) => answers.slice(index * 10, index * 10 + 10));
  const replies = collection(peer, `${id}/replies`, pages);
  stands(peer, noteBy(bob, { id, replies }));
  await lookUp(id);
  expect(Object.keys(await below(id))).toHaveLength(30);
  expect(asked(peer).filter((path) => path.includes('?page='))).toHaveLength(3);

  const round = freshId(bob);
  const circle = `${round}/replies`;
  peer.serve(pathOf(circle), {
    body: { id: circle, type: 'Collection', first: `${circle}?page=0` },
  });
  peer.serve(`${pathOf(circle)}?page=0`, {
    body: { id: `${circle}?page=0`, type: 'CollectionPage', items: [], next: `${circle}?page=0` },
  });
  stands(peer, noteBy(bob, { id: round, replies: circle }));
  await lookUp(round);
  expect(asked(peer).filter((path) => path === `${pathOf(circle)}?page=0`)).toHaveLength(1);
});

test('a list of posts is not a look at each', async () => {
  const replies = `${peer.origin}/some/replies`;
  const posts = [noteBy(bob, { replies }), noteBy(bob, { replies: `${replies}2` })];
  const mention = {
    type: 'Mention',
    href: `https://a.example/actors/${ada.actorId}`,
    name: '@ada',
  };
  for (const post of posts)
    await peer.send(world, bob, activityBy(bob, 'Create', { ...post, tag: [mention] }));
  await world.settle();
  await ada.graphql(
    '{ publicTimeline(first: 20) { nodes { id comments(first: 2) { nodes { id } } } } }',
  );
  await world.settle();
  expect(asked(peer).filter((path) => path.startsWith('/some/'))).toEqual([]);
});

test('between two servers, a thread is seen whole on both', async () => {
  const there = await network.join('b.example');
  const ben = await there.local('ben');
  const post = await publish(there, ben);
  const first = await comment(ben, post, 'First.');
  await comment(ben, post, 'Second.', first);
  const uri = `https://b.example/posts/${innerId(post)}`;
  await lookUp(uri);
  expect(Object.values(await below(uri))).toEqual(
    expect.arrayContaining([null, `https://b.example/comments/${innerId(first)}`]),
  );
});

// What another server says later of what is known here: counted anew, changed, or gone.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { noteBy, type Written } from '../support/activities.js';
import { startFakePeer, type FakePeer, type PeerActor } from '../support/fake-peer.js';
import { meet, openNetwork, type FederatedNetwork } from '../support/federation.js';
import type { Person, World } from '../support/world.js';

const DAY = 24 * 3600 + 1;

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

const pathOf = (uri: string): string => new URL(uri).pathname;
const total = (id: string, totalItems: unknown): object => ({ id, type: 'Collection', totalItems });

function somebody(more: (uri: string) => object = () => ({})): PeerActor & { name: string } {
  const name = `p${(names += 1)}`;
  return { ...peer.actor(name, { ...more(`${peer.origin}/users/${name}`) }), name };
}

async function read<Data>(id: string, selection: string): Promise<Data | null> {
  const answer = await ada.graphql<{ node: Data | null }>(
    `query ($id: ID!) { node(id: $id) { ${selection} } }`,
    { id },
  );
  expect(answer.errors).toBeUndefined();
  return answer.data.node;
}

async function lookUp(note: Written): Promise<string> {
  peer.serve(pathOf(note.id), { body: note });
  const answer = await ada.graphql<{ fetchRemoteObject: { object: { id: string } } }>(
    'mutation ($url: URL!) { fetchRemoteObject(input: { url: $url }) { object { id } } }',
    { url: note.id },
  );
  await world.settle();
  return answer.data.fetchRemoteObject.object.id;
}

/** Looks at a post once it is old enough to be asked about again; answers what was seen afterwards. */
async function lookAgain(id: string): Promise<Record<string, unknown> | null> {
  world.clock.advance(3601);
  await read(id, '... on Post { comments(first: 2) { nodes { id } } }');
  await world.settle();
  return read(id, '... on Post { caption counts { likes reactions comments reposts } }');
}

async function profileAgain(id: string): Promise<Record<string, unknown> | null> {
  world.clock.advance(DAY);
  await read(id, '... on Actor { posts(first: 2) { nodes { id } } }');
  await world.settle();
  return read(id, '... on Actor { displayName status counts { posts followers following } }');
}

const counted = (note: Written, likes: unknown, comments: unknown, reposts: unknown): Written => ({
  ...note,
  likes: total(`${note.id}/likes`, likes),
  replies: total(`${note.id}/replies`, comments),
  shares: total(`${note.id}/shares`, reposts),
});

test('a post has the numbers that its own server counts, and those of later when somebody looks', async () => {
  const author = somebody();
  const note = noteBy(author);
  const id = await lookUp(counted(note, 12, 3, 4));
  const before = await read(id, '... on Post { counts { likes reactions comments reposts } }');
  expect(before).toEqual({ counts: { likes: 12, reactions: 12, comments: 3, reposts: 4 } });
  const updated = new Date(world.clock.now().getTime() + 1000).toISOString();
  const changed = { ...counted(note, 20, 5, 6), content: '<p>Changed</p>', updated };
  peer.serve(pathOf(note.id), { body: changed });
  expect(await lookAgain(id)).toEqual({
    caption: '<p>Changed</p>',
    counts: { likes: 20, reactions: 20, comments: 5, reposts: 6 },
  });
});

test('numbers that nobody could have counted are none', async () => {
  for (const lie of [-1, 1.5, 1e30, '7', null, [], {}, 2_000_000_000]) {
    const id = await lookUp(counted(noteBy(somebody()), lie, lie, lie));
    expect([lie, await read(id, '... on Post { counts { likes comments reposts } }')]).toEqual([
      lie,
      { counts: { likes: 0, comments: 0, reposts: 0 } },
    ]);
  }
});

test('a public post that its server has no more is erased; one that is only out of reach is not', async () => {
  const author = somebody();
  const note = noteBy(author);
  const id = await lookUp(note);
  peer.serve(pathOf(note.id), { status: 503, body: {} });
  expect(await lookAgain(id)).not.toBeNull();
  peer.serve(pathOf(note.id), { status: 404, body: {} });
  peer.serve(pathOf(author.uri), { status: 404, body: {} });
  expect(await lookAgain(id)).not.toBeNull();
  peer.serve(pathOf(author.uri), { body: author.document });
  expect(await lookAgain(id)).toBeNull();
});

test('an actor is asked for again once a day, with how many follow and are followed', async () => {
  const actor = somebody((uri) => ({ following: `${uri}/following` }));
  for (const [name, count] of Object.entries({ followers: 7, following: 8, outbox: 9 })) {
    const uri = `${actor.uri}/${name}`;
    peer.serve(pathOf(uri), { body: { ...total(uri, count), type: 'OrderedCollection' } });
  }
  const id = await meet(ada, `${actor.name}@peer.test`);
  await world.settle();
  peer.serve(pathOf(actor.uri), { body: { ...actor.document, name: 'Later' } });
  expect(await profileAgain(id)).toEqual({
    displayName: 'Later',
    status: 'ACTIVE',
    counts: { posts: 9, followers: 7, following: 8 },
  });
});

test('an actor is gone when its server says so for good, or has neither it nor its handle', async () => {
  const [ended, missing, broken] = [somebody(), somebody(), somebody()];
  const ids = new Map<string, string>();
  for (const { name } of [ended, missing, broken])
    ids.set(name, await meet(ada, `${name}@peer.test`));
  await world.settle();
  peer.serve(pathOf(ended.uri), { status: 410, body: {} });
  for (const { uri } of [missing, broken]) peer.serve(pathOf(uri), { status: 404, body: {} });
  const handle = encodeURIComponent(`acct:${missing.name}@peer.test`);
  peer.serve(`/.well-known/webfinger?resource=${handle}`, { status: 404, body: {} });
  const states = [];
  for (const { name } of [ended, missing, broken])
    states.push((await profileAgain(ids.get(name)!))?.['status'] ?? null);
  expect(states.map((state) => state === 'ACTIVE')).toEqual([false, false, true]);
});

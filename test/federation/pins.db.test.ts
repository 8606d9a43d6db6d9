// Pinned posts and counters across servers: told, received, and asked for.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { activityBy, answerBy, noteBy, type Written } from '../support/activities.js';
import { getDocument } from '../support/documents.js';
import { startFakePeer, type FakePeer, type PeerActor } from '../support/fake-peer.js';
import { meet, openNetwork } from '../support/federation.js';
import { comment, innerId, publish, react } from '../support/posts.js';
import type { Person, World } from '../support/world.js';

let stack: AsyncDisposableStack;
let world: World;
let peer: FakePeer;
let ada: Person;
let ben: Person;
let nell: PeerActor;
let bob: PeerActor;
let people = 0;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  const network = stack.use(openNetwork());
  world = await network.join('a.example');
  peer = stack.use(await startFakePeer(network, 'peer.test'));
  [ada, ben] = [await world.local('ada'), await world.local('ben')];
  nell = peer.actor('nell');
  await hear(nell, activityBy(nell, 'Follow', uriOf(ada)));
});

beforeEach(() => {
  people += 1;
  bob = peer.actor(`bob${people}`, { featured: featuredOf(`bob${people}`) });
});

afterAll(() => stack.disposeAsync().then(() => undefined));

const uriOf = (who: Person): string => `https://a.example/actors/${who.actorId}`;
const featuredOf = (name: string): string => `https://peer.test/users/${name}/featured`;
const postUri = (globalId: string): string => `https://a.example/posts/${innerId(globalId)}`;

async function hear(actor: PeerActor, activity: object): Promise<void> {
  expect(await peer.send(world, actor, activity)).toBe(202);
  await world.settle();
}

async function change(who: Person, mutation: string, input: object): Promise<void> {
  const type = `${mutation[0]!.toUpperCase()}${mutation.slice(1)}Input`;
  const answer = await who.graphql<Record<string, { userErrors: unknown[] }>>(
    `mutation ($input: ${type}!) { ${mutation}(input: $input) { userErrors { code path } } }`,
    { input },
  );
  expect([answer.errors, answer.data[mutation]?.userErrors]).toEqual([undefined, []]);
}

async function pinsOf(id: string): Promise<string[]> {
  const answer = await ada.graphql<{ node: { pinnedPosts: { uri: string }[] } }>(
    'query ($id: ID!) { node(id: $id) { ... on Actor { pinnedPosts { uri } } } }',
    { id },
  );
  expect(answer.errors).toBeUndefined();
  return answer.data.node.pinnedPosts.map(({ uri }) => uri);
}

/** Lets the actor of this test have pinned these things. */
function serveFeatured(orderedItems: unknown[], more: object = {}): void {
  const id = String(bob.document['featured']);
  const body = { id, type: 'OrderedCollection', totalItems: orderedItems.length, orderedItems };
  peer.serve(new URL(id).pathname, { body: { ...body, ...more } });
}

function serveNote(note: Written): void {
  peer.serve(new URL(note.id).pathname, { body: note });
}

const handle = (): string => `${String(bob.document['preferredUsername'])}@peer.test`;

test('servers of followers hear of a pin that everybody may see, and that it is off', async () => {
  const pins = (): unknown[] =>
    peer.requests
      .filter(({ method }) => method === 'POST')
      .map(({ body }) => JSON.parse(body) as { type: string })
      .filter(({ type }) => type === 'Add' || type === 'Remove');
  const [open, closed] = [
    await publish(world, ada),
    await publish(world, ada, { visibility: 'FOLLOWERS' }),
  ];
  for (const pinned of [true, false])
    for (const postId of [open, closed]) {
      await change(ada, 'setPostPinned', { postId, pinned });
      await world.settle();
    }
  const proof: unknown = expect.objectContaining({ proofPurpose: 'assertionMethod' });
  const target = `${uriOf(ada)}/featured`;
  const told = { actor: uriOf(ada), object: postUri(open), target, proof };
  expect(pins()).toEqual([
    expect.objectContaining({ type: 'Add', ...told }),
    expect.objectContaining({ type: 'Remove', ...told }),
  ]);
});

test('a profile that is looked up shows what is pinned there, in its order', async () => {
  const [named, embedded] = [noteBy(bob), noteBy(bob)];
  const others = noteBy(nell);
  serveNote(named);
  serveNote(others);
  serveFeatured([embedded, named.id, others.id, others, 'https://elsewhere.test/1', 7, null]);
  const id = await meet(ada, handle());
  await world.settle();
  expect(await pinsOf(id)).toEqual([embedded.id, named.id]);
});

test('pins on a first page are read; what is pinned anew is asked for after an hour', async () => {
  const [first, second] = [noteBy(bob), noteBy(bob)];
  const page = `${String(bob.document['featured'])}/1`;
  serveFeatured([], { first: page });
  const body = { id: page, type: 'OrderedCollectionPage', orderedItems: [first] };
  peer.serve(new URL(page).pathname, { body });
  const id = await meet(ada, handle());
  await world.settle();
  expect(await pinsOf(id)).toEqual([first.id]);
  serveFeatured([second]);
  await meet(ada, handle());
  await world.settle();
  expect(await pinsOf(id)).toEqual([first.id]);
  world.clock.advance(3601);
  await meet(ada, handle());
  await world.settle();
  expect(await pinsOf(id)).toEqual([second.id]);
});

test('F60 of a collection without an end six members are asked for, and no page but the first', async () => {
  const notes = Array.from({ length: 400 }, () => noteBy(bob));
  for (const note of notes) serveNote(note);
  const id = String(bob.document['featured']);
  const orderedItems = notes.map((note) => note.id);
  serveFeatured([], { first: `${id}/1` });
  const body = { id: `${id}/1`, type: 'OrderedCollectionPage', orderedItems, next: `${id}/1` };
  peer.serve(new URL(`${id}/1`).pathname, { body });
  const actor = await meet(ada, handle());
  const before = peer.requests.length;
  await world.settle();
  const asked = peer.requests
    .slice(before)
    .filter(({ path }) => !/(?:\.jpg|\/outbox|\/followers)$/.test(path));
  expect(asked.map(({ path }) => path)).toHaveLength(8);
  expect(await pinsOf(actor)).toEqual(orderedItems.slice(0, 6));
});

test('a profile is found though its pins are not to be had', async () => {
  for (const answer of [{ status: 503, body: {} }, { body: 'nonsense' }, { body: { id: 'x' } }]) {
    peer.serve(new URL(String(bob.document['featured'])).pathname, answer);
    const id = await meet(ada, handle());
    await world.settle();
    expect(await pinsOf(id)).toEqual([]);
    world.clock.advance(3601);
  }
});

/** Ada follows Bob, who accepts. @returns Bob's id here */
async function befriend(): Promise<string> {
  const id = await meet(ada, handle());
  await change(ada, 'followActor', { actorId: id });
  await world.settle();
  const follow = { type: 'Follow', actor: uriOf(ada), object: bob.uri };
  await hear(bob, activityBy(bob, 'Accept', follow));
  return id;
}

test('Add pins and Remove takes off, also what was not known, of who is followed here', async () => {
  serveFeatured([]);
  const id = await befriend();
  const target = bob.document['featured'];
  const notes = Array.from({ length: 8 }, () => noteBy(bob));
  for (const note of notes) {
    serveNote(note);
    world.clock.advance(1);
    await hear(bob, activityBy(bob, 'Add', note.id, { target }));
  }
  const newest = notes.map((note) => note.id).toReversed();
  expect(await pinsOf(id)).toEqual(newest.slice(0, 6));
  await hear(bob, activityBy(bob, 'Add', notes[7]!.id, { target }));
  await hear(bob, activityBy(bob, 'Remove', notes[6]!.id, { target }));
  expect(await pinsOf(id)).toEqual([newest[0], ...newest.slice(2, 6)]);
});

test('F62 what somebody pins whom nobody here follows is not asked for', async () => {
  serveFeatured([]);
  const id = await meet(ada, handle());
  const note = noteBy(bob);
  serveNote(note);
  await hear(bob, activityBy(bob, 'Add', note.id, { target: bob.document['featured'] }));
  const { pathname } = new URL(note.id);
  expect(peer.requests.filter(({ path }) => path === pathname)).toEqual([]);
  expect(await pinsOf(id)).toEqual([]);
});

test('F08 nobody pins to the profile of somebody else, or something of somebody else', async () => {
  serveFeatured([]);
  const id = await befriend();
  const target = bob.document['featured'];
  const [own, others] = [noteBy(bob), noteBy(nell)];
  const answer = answerBy(bob, postUri(await publish(world, ada)));
  for (const note of [own, others, answer]) serveNote(note);
  await hear(nell, activityBy(nell, 'Add', own.id, { target }));
  await hear(nell, activityBy(nell, 'Add', others.id, { target }));
  for (const object of [others.id, answer.id, postUri(await publish(world, ben)), others])
    await hear(bob, activityBy(bob, 'Add', object, { target }));
  await hear(bob, activityBy(bob, 'Add', own.id, { target: `${bob.uri}/likes` }));
  await hear(bob, activityBy(bob, 'Add', own.id));
  expect(await pinsOf(id)).toEqual([]);
  await hear(bob, activityBy(bob, 'Add', own.id, { target }));
  await hear(nell, activityBy(nell, 'Remove', own.id, { target }));
  expect(await pinsOf(id)).toEqual([own.id]);
  const mine = await publish(world, ada);
  await change(ada, 'setPostPinned', { postId: mine, pinned: true });
  await hear(bob, activityBy(bob, 'Remove', postUri(mine), { target }));
  expect(await pinsOf(ada.actorGlobalId)).toEqual([postUri(mine)]);
});

test('what was deleted is not pinned again', async () => {
  serveFeatured([]);
  const id = await befriend();
  const note = noteBy(bob);
  serveNote(note);
  await hear(bob, activityBy(bob, 'Delete', note.id));
  await hear(bob, activityBy(bob, 'Add', note, { target: bob.document['featured'] }));
  expect(await pinsOf(id)).toEqual([]);
});

test('posts and comments tell how many like and passed them on, unless their author hides it', async () => {
  const id = await publish(world, ada);
  const commentId = await comment(ben, id, 'Fine.');
  await react(ben, id, '❤');
  await react(ada, commentId, '❤');
  await change(ben, 'setRepost', { postId: id, reposted: true });
  await hear(nell, activityBy(nell, 'Like', postUri(id)));
  const uri = postUri(id);
  expect((await getDocument(world, `${uri}/likes`)).body).toMatchObject({
    id: `${uri}/likes`,
    type: 'Collection',
    totalItems: 2,
  });
  expect((await getDocument(world, uri)).body).toMatchObject({
    likes: { id: `${uri}/likes`, type: 'Collection', totalItems: 2 },
    shares: { id: `${uri}/shares`, type: 'Collection', totalItems: 1 },
  });
  const commentUri = `https://a.example/comments/${innerId(commentId)}`;
  const likes = await getDocument(world, `${commentUri}/likes`);
  expect(likes.body).toMatchObject({ id: `${commentUri}/likes`, totalItems: 1 });
  for (const path of [`${uri}/shares/x`, `${commentUri.replace('comments', 'posts')}/likes`])
    expect((await getDocument(world, path)).status).toBe(404);
  const closed = await publish(world, ada, { visibility: 'FOLLOWERS' });
  expect((await getDocument(world, `${postUri(closed)}/likes`)).status).toBe(404);
  await change(ada, 'updateSettings', { hideCounts: true });
  expect((await getDocument(world, `${uri}/shares`)).body).toEqual({
    '@context': expect.anything(),
    id: `${uri}/shares`,
    type: 'Collection',
  });
});

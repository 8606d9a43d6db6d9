// Groups that pass on what their members did (FEP-1b12), as Lemmy writes it: believed only from where it stands.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { activityBy, noteBy, PUBLIC } from '../support/activities.js';
import { startFakePeer, type FakePeer, type PeerActor } from '../support/fake-peer.js';
import { meet, openNetwork, type FederatedNetwork } from '../support/federation.js';
import { flatPng } from '../support/pictures.js';
import type { Person, World } from '../support/world.js';

const DIRECTORY = path.resolve('test/fixtures/activities/lemmy-0.19');

let network: FederatedNetwork;
let stack: AsyncDisposableStack;
let world: World;
let ada: Person;
let peer: FakePeer;
let group: PeerActor;
let hosts = 0;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  network = stack.use(openNetwork());
  world = await network.join('a.example');
  ada = await world.local('ada');
});

beforeEach(async () => {
  hosts += 1;
  peer = stack.use(await startFakePeer(network, `lemmy${hosts}.test`));
  for (const name of ['fog', 'face', 'group'])
    peer.serve(`/pictrs/image/${name}.png`, { type: 'image/png', body: flatPng(640, 480) });
  await actor('alice', 'actor');
  group = await actor('tenforward', 'group');
});

afterAll(() => stack.disposeAsync().then(() => undefined));

interface Announced extends Record<string, unknown> {
  readonly id: string;
  readonly object: { id: string; type: string; object: { id: string } };
}

/** Puts the people and servers of the test in the place of those of a file. */
async function written(file: string): Promise<Announced> {
  const text = await readFile(path.join(DIRECTORY, `${file}.json`), 'utf8');
  return JSON.parse(
    text
      .replaceAll('https://example.org/u/alice', `${peer.origin}/users/alice`)
      .replaceAll('https://example.org/c/tenforward', `${peer.origin}/users/tenforward`)
      .replaceAll('https://example.org', peer.origin),
  ) as Announced;
}

async function actor(name: string, file: string): Promise<PeerActor> {
  const { publicKey: _publicKey, ...document } = await written(file);
  return peer.actor(name, document);
}

/** What stands at its id from now on. */
const publish = (document: { id: string }): void =>
  peer.serve(new URL(document.id).pathname, { body: document });

async function follow(): Promise<void> {
  const id = await meet(ada, `tenforward@${peer.host}`);
  await ada.graphql(
    'mutation ($input: FollowActorInput!) { followActor(input: $input) { userErrors { code } } }',
    { input: { actorId: id } },
  );
  await world.settle();
  const sent = peer.requests.findLast(({ body }) => body.includes('"Follow"'))!;
  await send(activityBy(group, 'Accept', JSON.parse(sent.body)));
}

async function send(activity: object, from = group): Promise<void> {
  world.clock.advance(1);
  expect(await peer.send(world, from, activity)).toBe(202);
  await world.settle();
}

interface ShownPost {
  readonly __typename: string;
  readonly caption: string;
  readonly author: { handle: string; avatar: { state: string } | null };
  readonly counts: { likes: number; reposts: number; comments: number };
  readonly media: { url: string }[];
  readonly comments: { nodes: { content: string; author: { handle: string } }[] };
}

async function show(url: string): Promise<ShownPost | null> {
  const answer = await ada.graphql<{ post: ShownPost | null }>(
    `query ($url: URL!) { post(by: { url: $url }) { __typename caption language
      author { handle avatar { state } } counts { likes reposts comments } media { url }
      comments { nodes { content author { handle } } } } }`,
    { url },
  );
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data.post;
}

const pageUri = (): string => `${peer.origin}/post/55`;

/** Has the group pass on a file, whose object stands where it says. */
async function pass(file: string): Promise<Announced> {
  const announced = await written(file);
  const { object } = announced;
  if (object.object?.id) publish(object.object);
  publish(object);
  await send(announced);
  return announced;
}

test('Lemmy: a page with a picture is a post of its author, reposted by the group', async () => {
  await follow();
  await pass('announce-create-page');
  expect(await show(pageUri())).toMatchObject({
    __typename: 'PhotoPost',
    caption: expect.stringMatching(/Fog over the bay.*Seen this <em>morning<\/em>/s),
    language: 'en',
    author: { handle: `alice@${peer.host}`, avatar: { state: 'READY' } },
    counts: { reposts: 1 },
    media: [{ url: expect.stringMatching(/^https:\/\/a\.example\/media\//) }],
  });
  await pass('announce-create-page');
  await send(await written('announce-page'));
  expect((await show(pageUri()))?.counts.reposts).toBe(1);
  const { data } = await ada.graphql(
    '{ viewer { homeTimeline(first: 1) { edges { node { uri } repostedBy { handle } } } } }',
  );
  expect(JSON.stringify(data)).toContain(`tenforward@${peer.host}`);
});

test('Lemmy: the announcement of the page alone is enough', async () => {
  await follow();
  publish((await written('announce-create-page')).object.object);
  await send(await written('announce-page'));
  expect(await show(pageUri())).toMatchObject({ __typename: 'PhotoPost', counts: { reposts: 1 } });
});

test('Lemmy: comments, likes, changes and deletions come through the group', async () => {
  await follow();
  await pass('announce-create-page');
  await pass('announce-create-note');
  expect((await show(pageUri()))?.comments.nodes).toEqual([
    {
      content: expect.stringContaining('Where is <strong>this'),
      author: { handle: `alice@${peer.host}` },
    },
  ]);
  await pass('announce-like');
  expect((await show(pageUri()))?.counts.likes).toBe(1);
  for (const file of ['announce-dislike', 'announce-lock']) await pass(file);
  expect((await show(pageUri()))?.counts.likes).toBe(1);
  await pass('announce-undo-like');
  expect((await show(pageUri()))?.counts.likes).toBe(0);
  await pass('announce-update-page');
  expect((await show(pageUri()))?.caption).toContain('Fog over the harbour');
  peer.serve('/comment/9', {
    status: 410,
    body: { type: 'Tombstone', id: `${peer.origin}/comment/9` },
  });
  await send(await written('announce-delete-note'));
  expect((await show(pageUri()))?.comments.nodes).toEqual([]);
  peer.serve('/post/55', { status: 410, body: {} });
  await send(await written('announce-delete-page'));
  expect(await show(pageUri())).toBeNull();
});

test('what a group passes on is of no interest to a server on which nobody follows it', async () => {
  await pass('announce-create-page');
  expect(await show(pageUri())).toBeNull();
  expect(peer.requests.filter(({ path: asked }) => asked === '/post/55')).toEqual([]);
});

test('F11 a group puts words into nobody’s mouth', async () => {
  await follow();
  const other = stack.use(await startFakePeer(network, `other${hosts}.test`));
  const victim = other.actor('victim');
  const forged = noteBy(victim, { content: '<p>I never said this</p>' });
  await send(activityBy(group, 'Announce', activityBy(victim, 'Create', forged)));
  expect(await show(forged.id)).toBeNull();
  const real = noteBy(victim, { content: '<p>I did say this</p>' });
  other.serve(new URL(real.id).pathname, { body: real });
  const changed = { ...real, content: '<p>Something else</p>' };
  await send(activityBy(group, 'Announce', activityBy(victim, 'Create', changed)));
  expect((await show(real.id))?.caption).toBe('<p>I did say this</p>');
  await send(activityBy(group, 'Announce', activityBy(victim, 'Update', changed)));
  await send(activityBy(group, 'Announce', activityBy(victim, 'Delete', real.id)));
  await send(activityBy(group, 'Announce', activityBy(victim, 'Like', real.id)));
  expect(await show(real.id)).toMatchObject({
    caption: '<p>I did say this</p>',
    counts: { likes: 0 },
  });
});

test('F09 what is only hidden from us is not deleted by a group', async () => {
  await follow();
  const other = stack.use(await startFakePeer(network, `hidden${hosts}.test`));
  const victim = other.actor('victim');
  const us = `https://a.example/actors/${ada.actorId}`;
  const hidden = noteBy(victim, { to: [us], cc: [], tag: [{ type: 'Mention', href: us }] });
  const gone = noteBy(victim, { tag: [{ type: 'Mention', href: us }] });
  for (const note of [hidden, gone]) {
    world.clock.advance(1);
    expect(await other.send(world, victim, activityBy(victim, 'Create', note))).toBe(202);
    await world.settle();
    other.serve(new URL(note.id).pathname, { status: 410, body: {} });
    await send(activityBy(group, 'Announce', activityBy(victim, 'Delete', note.id)));
  }
  expect(await show(hidden.id)).not.toBeNull();
  expect(await show(gone.id)).toBeNull();
  const absent = noteBy(victim, { tag: [{ type: 'Mention', href: us }] });
  world.clock.advance(1);
  await other.send(world, victim, activityBy(victim, 'Create', absent));
  await world.settle();
  await send(activityBy(group, 'Announce', activityBy(victim, 'Delete', absent.id)));
  expect(await show(absent.id)).not.toBeNull();
});

test('F08 neighbours of an author delete and like nothing in their name', async () => {
  await follow();
  await pass('announce-create-page');
  const mallory = peer.actor('mallory');
  peer.serve('/post/55', { status: 410, body: {} });
  const deletion = activityBy(mallory, 'Delete', pageUri());
  publish(deletion);
  await send(activityBy(group, 'Announce', deletion));
  expect(await show(pageUri())).not.toBeNull();
  const like = activityBy(mallory, 'Like', pageUri());
  publish(like);
  const alice = `${peer.origin}/users/alice`;
  await send(activityBy(group, 'Announce', { ...like, actor: alice }));
  expect((await show(pageUri()))?.counts.likes).toBe(0);
});

test.each([
  ['nothing', {}],
  [
    'an activity of two',
    {
      id: 'https://x.test/1',
      type: 'Create',
      actor: ['https://x.test/a', 'https://x.test/b'],
      object: {},
    },
  ],
  [
    'an announcement of an announcement',
    {
      id: 'https://x.test/1',
      type: 'Announce',
      actor: 'https://x.test/a',
      object: 'https://x.test/2',
    },
  ],
  [
    'what is ours',
    {
      id: 'https://a.example/1',
      type: 'Create',
      actor: 'https://a.example/actors/1',
      object: { id: 'https://a.example/posts/1' },
    },
  ],
])('a group that passes on %s does no harm', async (_case, passed) => {
  await follow();
  await send(activityBy(group, 'Announce', passed, { to: [PUBLIC] }));
  await pass('announce-create-page');
  expect(await show(pageUri())).not.toBeNull();
});

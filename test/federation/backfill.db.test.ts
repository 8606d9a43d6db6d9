// What somebody published before anybody here knew them: asked for when they are looked at or followed.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { statement } from '../../src/platform/db/database.js';
import { activityBy, answerBy, freshId, noteBy, type Written } from '../support/activities.js';
import { startFakePeer, type FakePeer, type PeerActor } from '../support/fake-peer.js';
import { meet, openNetwork, type FederatedNetwork } from '../support/federation.js';
import { innerId, publish } from '../support/posts.js';
import type { Person, World } from '../support/world.js';

const POSTS = statement(
  'test.posts_of',
  `select p.uri, p.published_at as "publishedAt" from posts p join actors a on a.id = p.author_id
   where a.uri = $1 and p.kind <> 'comment' order by p.id desc`,
);
const REPOSTS = statement(
  'test.reposts_of',
  `select p.uri, r.created_at as at from reposts r join posts p on p.id = r.post_id join actors a on a.id = r.actor_id
   where a.uri = $1 order by r.created_at`,
);
const NOTIFICATIONS = statement(
  'test.all_told',
  'select count(*)::int as count from notifications',
);

let network: FederatedNetwork;
let stack: AsyncDisposableStack;
let world: World;
let peer: FakePeer;
let evil: FakePeer;
let ada: Person;
let names = 0;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  network = stack.use(openNetwork());
  world = await network.join('a.example');
  peer = stack.use(await startFakePeer(network, 'peer.test'));
  evil = stack.use(await startFakePeer(network, 'evil.test'));
  ada = await world.local('ada');
});

beforeEach(() => {
  peer.requests.length = 0;
  evil.requests.length = 0;
});

afterAll(() => stack.disposeAsync().then(() => undefined));

const pathOf = (uri: string): string => new URL(uri).pathname + new URL(uri).search;
const asked = (path: string): number => peer.requests.filter((one) => one.path === path).length;
const dayOf = (number: number): string => new Date(Date.UTC(2024, 0, 1 + number)).toISOString();

/** Somebody with an outbox; each page holds what it says. */
function withOutbox(pages: (actor: PeerActor) => readonly (readonly unknown[])[]): PeerActor {
  const actor = peer.actor(`p${(names += 1)}`);
  const outbox = `${actor.uri}/outbox`;
  const page = (number: number): string => `${outbox}?page=${number}`;
  peer.serve(pathOf(outbox), { body: { id: outbox, type: 'OrderedCollection', first: page(0) } });
  const all = pages(actor);
  all.forEach((orderedItems, number) =>
    peer.serve(pathOf(page(number)), {
      body: {
        id: page(number),
        type: 'OrderedCollectionPage',
        orderedItems,
        ...(number + 1 < all.length && { next: page(number + 1) }),
      },
    }),
  );
  return actor;
}

const note = (actor: PeerActor, number: number, more: object = {}): Written =>
  noteBy(actor, { published: dayOf(number), ...more });

async function posts(actor: PeerActor): Promise<{ uri: string; publishedAt: Date }[]> {
  return world.services.database.rows(POSTS, [actor.uri]);
}

async function lookAt(actor: PeerActor): Promise<string> {
  const id = await meet(ada, `${actor.uri.split('/').at(-1)}@peer.test`);
  await world.settle();
  return id;
}

async function openProfile(id: string): Promise<void> {
  const answer = await ada.graphql(
    'query ($id: ID!) { node(id: $id) { ... on Actor { posts(first: 5) { nodes { id } } } } }',
    { id },
  );
  expect(answer.errors).toBeUndefined();
  await world.settle();
}

test('who is looked up is shown with what they published lately, on the days when they did', async () => {
  const written: Written[] = [];
  const actor = withOutbox((self) => {
    written.push(...[9, 7, 5, 3].map((day) => note(self, day)));
    const [embedded, named, bare, text] = written as [Written, Written, Written, Written];
    text['attachment'] = [];
    peer.serve(pathOf(named.id), { body: named });
    peer.serve(pathOf(bare.id), { body: bare });
    const activity = activityBy(self, 'Create', text);
    peer.serve(pathOf(activity.id), { body: activity });
    return [
      [activityBy(self, 'Create', embedded), activityBy(self, 'Create', named.id)],
      [bare.id, activity.id, activityBy(self, 'Announce', freshId(self))],
    ];
  });
  const told = await world.services.database.row(NOTIFICATIONS);
  await lookAt(actor);
  expect(await posts(actor)).toEqual(
    written.map(({ id, published }) => ({ uri: id, publishedAt: new Date(String(published)) })),
  );
  expect(await world.services.database.row(NOTIFICATIONS)).toEqual(told);
});

test('at most twenty posts come, and three pages are asked for', async () => {
  const actor = withOutbox((self) =>
    Array.from({ length: 6 }, (_, page) =>
      Array.from({ length: 9 }, (_, index) =>
        activityBy(self, 'Create', note(self, 90 - page * 9 - index)),
      ),
    ),
  );
  await lookAt(actor);
  expect(await posts(actor)).toHaveLength(20);
  expect(peer.requests.filter(({ path }) => path.includes('?page=')).length).toBeLessThanOrEqual(3);
});

test('who was asked is not asked again within a day, whoever looks', async () => {
  const actor = withOutbox((self) => [[activityBy(self, 'Create', note(self, 1))]]);
  const outbox = `${pathOf(`${actor.uri}/outbox`)}?page=0`;
  const id = await lookAt(actor);
  await openProfile(id);
  world.clock.advance(3 * 3600);
  await openProfile(id);
  expect(asked(outbox)).toBe(1);
  world.clock.advance(24 * 3600);
  await openProfile(id);
  expect(asked(outbox)).toBe(2);
});

test('who is followed is in the home timeline where the days of their posts put them', async () => {
  const own = await publish(world, ada);
  await world.settle();
  const actor = withOutbox((self) => [[activityBy(self, 'Create', note(self, 2))]]);
  const id = await lookAt(actor);
  await ada.graphql(
    'mutation ($id: ID!) { followActor(input: { actorId: $id }) { actor { id } } }',
    {
      id,
    },
  );
  await world.settle();
  const follow = {
    type: 'Follow',
    actor: `https://a.example/actors/${ada.actorId}`,
    object: actor.uri,
  };
  expect(await peer.send(world, actor, activityBy(actor, 'Accept', follow))).toBe(202);
  await world.settle();
  const answer = await ada.graphql<{
    viewer: { homeTimeline: { nodes: { uri: string; id: string }[] } };
  }>('{ viewer { homeTimeline(first: 5) { nodes { id uri } } } }');
  const [found] = await posts(actor);
  const { nodes } = answer.data.viewer.homeTimeline;
  expect(nodes[0]!.id).toBe(own);
  expect(nodes.map(({ uri }) => uri)).toContain(found!.uri);
});

async function follow(actor: PeerActor, id: string): Promise<void> {
  const following =
    'mutation ($id: ID!) { followActor(input: { actorId: $id }) { userErrors { code } } }';
  await ada.graphql(following, { id });
  await world.settle();
  const sent = peer.requests.findLast(({ body }) => body.includes('"Follow"'))!;
  expect(await peer.send(world, actor, activityBy(actor, 'Accept', JSON.parse(sent.body)))).toBe(
    202,
  );
  await world.settle();
}

test('reposts come along, from the day when they were made: of what is known, and of all for whoever follows', async () => {
  const own = `https://a.example/posts/${innerId(await publish(world, ada))}`;
  const far = evil.actor('author');
  const unknown = noteBy(far);
  evil.serve(pathOf(unknown.id), { body: unknown });
  await world.settle();
  const told = await world.services.database.row(NOTIFICATIONS);
  const actor = withOutbox((self) => [
    [
      activityBy(self, 'Announce', unknown.id, { published: dayOf(8) }),
      activityBy(self, 'Announce', own, { published: dayOf(4) }),
      activityBy(far, 'Announce', own, { published: dayOf(5) }),
      { ...activityBy(self, 'Announce', own), actor: far.uri },
    ],
  ]);
  const id = await lookAt(actor);
  const reposts = () => world.services.database.rows(REPOSTS, [actor.uri]);
  const known = { uri: own, at: new Date(dayOf(4)) };
  expect(await reposts()).toEqual([known]);
  expect(evil.requests).toEqual([]);
  expect(await world.services.database.row(NOTIFICATIONS)).toEqual(told);
  await follow(actor, id);
  world.clock.advance(25 * 3600);
  await openProfile(id);
  expect(await reposts()).toEqual([known, { uri: unknown.id, at: new Date(dayOf(8)) }]);
});

test('F11 what an outbox says of others, or of what was deleted, is not kept', async () => {
  const mallory = evil.actor('mallory');
  const neighbour = peer.actor('neighbour');
  let gone: Written | undefined;
  const actor = withOutbox((self) => {
    gone = note(self, 4);
    return [
      [
        activityBy(self, 'Create', note(mallory, 1)),
        activityBy(self, 'Create', note(neighbour, 1)),
        activityBy(neighbour, 'Create', note(self, 2)),
        activityBy(self, 'Create', { ...note(self, 3), attributedTo: mallory.uri }),
        activityBy(self, 'Create', answerBy(self, freshId(self))),
        activityBy(self, 'Create', gone),
        activityBy(mallory, 'Create', note(self, 5)).id,
        7,
        null,
        { type: 'Create' },
      ],
    ];
  });
  expect(await peer.send(world, actor, activityBy(actor, 'Delete', gone!.id))).toBe(202);
  await world.settle();
  await lookAt(actor);
  expect(await posts(actor)).toEqual([]);
  for (const other of [neighbour, mallory]) expect(await posts(other)).toEqual([]);
  expect(evil.requests.filter(({ path }) => path.startsWith('/things/'))).toEqual([]);
});

test('an outbox that leads to another server, or is not there, does no harm', async () => {
  const actor = peer.actor(`p${(names += 1)}`);
  const outbox = `${actor.uri}/outbox`;
  peer.serve(pathOf(outbox), {
    body: { id: outbox, type: 'OrderedCollection', first: `${evil.origin}/pages/1` },
  });
  await lookAt(actor);
  await lookAt(peer.actor(`p${(names += 1)}`));
  expect(evil.requests).toEqual([]);
  expect(await posts(actor)).toEqual([]);
});

test('between two servers, a profile comes with its posts', async () => {
  const there = await network.join('b.example');
  const ben = await there.local('ben');
  for (let index = 0; index < 3; index++) {
    world.clock.advance(60);
    there.clock.advance(60);
    await publish(there, ben, { caption: `Post ${index}` });
  }
  await publish(there, ben, { visibility: 'FOLLOWERS' });
  await meet(ada, 'ben@b.example');
  await world.settle();
  const rows = await world.services.database.rows(POSTS, [
    `https://b.example/actors/${ben.actorId}`,
  ]);
  expect(rows).toHaveLength(3);
});

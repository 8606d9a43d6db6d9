// Blocking a whole server for oneself, and taking the list along.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { followActor } from '../../src/actors/follow-actor.js';
import { fetchActor, type RemoteActor } from '../../src/federation/resolve-actor.js';
import { statement } from '../../src/platform/db/database.js';
import { toGlobalId } from '../../src/platform/ids.js';
import { activityBy, noteBy, type Written } from '../support/activities.js';
import { startFakePeer, type FakePeer, type PeerActor } from '../support/fake-peer.js';
import { openNetwork, type FederatedNetwork } from '../support/federation.js';
import { innerId, publish } from '../support/posts.js';
import type { Person, World } from '../support/world.js';

const FOLLOWS = statement(
  'test.follows_with',
  'select from follows where $1 in (follower_id, followee_id) and $2 in (follower_id, followee_id)',
);

let network: FederatedNetwork;
let stack: AsyncDisposableStack;
let world: World;
let peer: FakePeer;
let ada: Person;
let eve: Person;
let bob: PeerActor;
let bobHere: RemoteActor;
let rounds = 0;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  network = stack.use(openNetwork());
  world = await network.join('a.example');
});

/** Bob, of a server under the one that is blocked, follows both and is followed by both. */
beforeEach(async () => {
  rounds += 1;
  peer = stack.use(await startFakePeer(network, `sub.peer${rounds}.test`));
  [ada, eve] = [await world.local(`ada${rounds}`), await world.local(`eve${rounds}`)];
  bob = peer.actor('bob');
  bobHere = await fetchActor(world.services, bob.uri);
  for (const who of [ada, eve]) {
    await hear(activityBy(bob, 'Follow', uriOf(who)));
    await follow(who);
    const asked = { type: 'Follow', actor: uriOf(who), object: bob.uri };
    await hear(activityBy(bob, 'Accept', asked));
  }
});

afterAll(() => stack.disposeAsync().then(() => undefined));

const uriOf = (who: Person): string => `https://a.example/actors/${who.actorId}`;
const domain = (): string => `peer${rounds}.test`;

async function hear(activity: Written): Promise<void> {
  expect(await peer.send(world, bob, activity)).toBe(202);
  await world.settle();
}

async function follow(who: Person): Promise<void> {
  const choices = { notifiesOnPost: false, showsReposts: true };
  await followActor(await who.context(), { actorId: bobHere.actorId, ...choices });
  await world.settle();
}

async function setBlock(who: Person, name: string, blocked = true): Promise<unknown> {
  const answer = await who.graphql<{ setDomainBlock: unknown }>(
    'mutation ($input: SetDomainBlockInput!) { setDomainBlock(input: $input) { domain userErrors { code path } } }',
    { input: { domain: name, blocked } },
  );
  await world.settle();
  return answer.data.setDomainBlock;
}

interface Seen {
  readonly publicTimeline: { nodes: { author: { username: string } }[] };
  readonly viewer: {
    blockedDomains: string[];
    homeTimeline: { nodes: unknown[] };
    notifications: { nodes: { actors: { username: string }[] }[] };
    notificationRequests: { nodes: unknown[] };
  };
}

async function seen(who: Person): Promise<Seen> {
  const answer = await who.graphql<Seen>(
    `{ publicTimeline(first: 100) { nodes { author { username handle } } }
       viewer { blockedDomains homeTimeline(first: 50) { nodes { id } } notifications(first: 50) { nodes { actors { username } } }
         notificationRequests(first: 5) { nodes { id } } } }`,
  );
  expect(answer.errors).toBeUndefined();
  return answer.data;
}

test('people of a blocked server are in no list of whoever blocks it, and of nobody else less', async () => {
  await hear(activityBy(bob, 'Create', noteBy(bob)));
  const hers = await publish(world, ada);
  await hear(activityBy(bob, 'Like', `https://a.example/posts/${innerId(hers)}`));
  const before = await seen(ada);
  expect(before.viewer.homeTimeline.nodes).toHaveLength(2);
  expect(before.viewer.notifications.nodes.length).toBeGreaterThan(0);
  expect(await setBlock(ada, domain().toUpperCase())).toEqual({ domain: domain(), userErrors: [] });
  const after = await seen(ada);
  expect(after.viewer.homeTimeline.nodes).toHaveLength(1);
  expect(after.viewer.notifications.nodes).toEqual([]);
  expect(after.viewer.blockedDomains).toEqual([domain()]);
  const handles = ({ publicTimeline }: Seen) => JSON.stringify(publicTimeline);
  expect(handles(after)).not.toContain(peer.host);
  expect(handles(await seen(eve))).toContain(peer.host);
  await setBlock(ada, domain(), false);
  expect(handles(await seen(ada))).toContain(peer.host);
});

test('follows end in both directions, and none begins as long as the block stands', async () => {
  const between = async (who: Person): Promise<number> =>
    (await world.services.database.rows(FOLLOWS, [who.actorId, bobHere.actorId])).length;
  await setBlock(ada, domain());
  expect([await between(ada), await between(eve)]).toEqual([0, 2]);
  await expect(follow(ada)).rejects.toMatchObject({ code: 'BLOCKED' });
  await hear(activityBy(bob, 'Follow', uriOf(ada)));
  expect(await between(ada)).toBe(0);
  const answer = await ada.graphql<{ node: { viewerRelationship: object } }>(
    'query ($id: ID!) { node(id: $id) { ... on Actor { viewerRelationship { isDomainBlocked isFollowing isFollowedBy } } } }',
    { id: toGlobalId('actor', bobHere.actorId) },
  );
  expect(answer.data.node.viewerRelationship).toEqual({
    isDomainBlocked: true,
    isFollowing: false,
    isFollowedBy: false,
  });
  await setBlock(ada, domain(), false);
  expect(await between(ada)).toBe(0);
  await follow(ada);
  expect(await between(ada)).toBe(1);
});

test('what happens after the block tells nobody who blocks', async () => {
  await setBlock(ada, domain());
  const before = await seen(ada);
  const hers = await publish(world, ada);
  await hear(activityBy(bob, 'Like', `https://a.example/posts/${innerId(hers)}`));
  const after = await seen(ada);
  expect(after.viewer.notifications).toEqual(before.viewer.notifications);
  expect(after.viewer.notificationRequests.nodes).toEqual([]);
});

test('what is no domain of another server is refused', async () => {
  for (const name of ['a.example', 'com', '', 'no domain'])
    expect(await setBlock(ada, name)).toEqual({
      domain: null,
      userErrors: [{ code: 'INVALID_INPUT', path: ['domain'] }],
    });
});

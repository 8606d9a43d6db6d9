// Three servers of ours: somebody moves from one to another, and followers on all of them come along.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { meet, openNetwork, type FederatedNetwork } from '../support/federation.js';
import { followById, moveTo, nameAlias, redirectTo, run, see } from '../support/moves.js';
import { publish, readyPicture, sendPost } from '../support/posts.js';
import type { Person, World } from '../support/world.js';

let network: FederatedNetwork;
let a: World;
let b: World;
let c: World;
/** Ada before and after. */
let old: Person;
let fresh: Person;
/** Followers: on her old server, on her new one, and elsewhere. */
let lou: Person;
let bea: Person;
let cid: Person;
let oldAtB: string;
let oldAtC: string;
let list: string;

beforeAll(async () => {
  network = openNetwork();
  [a, b, c] = [
    await network.join('a.example'),
    await network.join('b.example'),
    await network.join('c.example'),
  ];
  [old, lou] = [await a.local('ada'), await a.local('lou')];
  [fresh, bea] = [await b.local('ada'), await b.local('bea')];
  cid = await c.local('cid');
  [oldAtB, oldAtC] = [await meet(bea, 'ada@a.example'), await meet(cid, 'ada@a.example')];
  expect(await followById(lou, old.actorGlobalId)).toEqual([]);
  expect(await followById(bea, oldAtB)).toEqual([]);
  expect(await followById(cid, oldAtC, { notify: true, showReposts: false })).toEqual([]);
  await network.settle();
  const saved = await cid.graphql<{ saveList: { list: { id: string } } }>(
    'mutation ($input: SaveListInput!) { saveList(input: $input) { list { id } } }',
    { input: { title: 'Friends', addActorIds: [oldAtC] } },
  );
  list = saved.data.saveList.list.id;
});

afterAll(async () => {
  await network[Symbol.asyncDispose]();
});

test('F49: an account that does not name this one is no place to go', async () => {
  expect(await moveTo(old, 'ada@b.example')).toEqual(['FORBIDDEN']);
  expect(await moveTo(old, 'ada@a.example')).toEqual(['INVALID_INPUT']);
  expect(await moveTo(old, 'nobody@b.example')).toEqual(['NOT_FOUND']);
  expect((await see(lou, old.actorGlobalId)).status).toBe('ACTIVE');
});

test('followers everywhere follow the new account, with their choices and lists', async () => {
  await publish(a, old, { caption: 'Still here' });
  expect(await nameAlias(fresh, 'ada@a.example')).toEqual([]);
  expect(await moveTo(old, 'ada@b.example')).toEqual([]);
  await network.settle();
  await network.settle();

  expect(await see(lou, old.actorGlobalId)).toMatchObject({
    status: 'MOVED',
    movedTo: { handle: 'ada@b.example' },
    viewerRelationship: { isFollowing: false },
  });
  expect((await see(lou, await meet(lou, 'ada@b.example'))).viewerRelationship).toMatchObject({
    isFollowing: true,
  });
  expect((await see(bea, oldAtB)).viewerRelationship!.isFollowing).toBe(false);
  expect((await see(bea, fresh.actorGlobalId)).viewerRelationship!.isFollowing).toBe(true);

  const there = await meet(cid, 'ada@b.example');
  expect(await see(cid, oldAtC)).toMatchObject({
    status: 'MOVED',
    movedTo: { handle: 'ada@b.example' },
    viewerRelationship: { isFollowing: false },
  });
  expect((await see(cid, there)).viewerRelationship!.isFollowing).toBe(true);
  const kept = await cid.graphql<{
    node: { members: { nodes: { id: string }[] } };
    actor: { viewerRelationship: object };
  }>(
    `query ($list: ID!, $there: ID!) {
      node(id: $list) { ... on ActorList { members(first: 5) { nodes { id } } } }
      actor(by: { id: $there }) { viewerRelationship { notifiesOnPost showsReposts } } }`,
    { list, there },
  );
  expect(kept.errors).toBeUndefined();
  expect(kept.data.node.members.nodes).toEqual([{ id: there }]);
  expect(kept.data.actor.viewerRelationship).toEqual({
    notifiesOnPost: true,
    showsReposts: false,
  });
});

test('whoever has moved reads and exports, and publishes nothing', async () => {
  const { userErrors } = await sendPost(old, { mediaIds: [await readyPicture(a, old)] });
  expect(userErrors).toMatchObject([{ code: 'FORBIDDEN' }]);
  const home = await old.graphql('{ viewer { homeTimeline(first: 1) { nodes { __typename } } } }');
  expect(home.errors).toBeUndefined();
  expect(await run(old, 'requestExport', { format: 'CSV_LISTS' })).toEqual([]);
  expect(await followById(lou, old.actorGlobalId)).toEqual(['CONFLICT']);
});

test('coming back is possible at once, moving again after 30 days', async () => {
  expect(await redirectTo(old, null)).toEqual([]);
  await publish(a, old, { caption: 'Here again' });
  await network.settle();
  expect(await see(lou, old.actorGlobalId)).toMatchObject({ status: 'ACTIVE', movedTo: null });
  expect(await moveTo(old, 'ada@b.example')).toEqual(['RATE_LIMITED']);
  for (const world of [a, b, c]) world.clock.advance(31 * 24 * 3600);
  expect(await moveTo(old, 'ada@b.example')).toEqual([]);
});

test('a redirect moves nobody', async () => {
  const zoe = await a.local('zoe');
  expect(await followById(lou, zoe.actorGlobalId)).toEqual([]);
  expect(await redirectTo(zoe, 'ada@b.example')).toEqual([]);
  await network.settle();
  expect(await see(lou, zoe.actorGlobalId)).toMatchObject({
    status: 'MOVED',
    movedTo: { handle: 'ada@b.example' },
    viewerRelationship: { isFollowing: true },
  });
});

// Close friends: a list that only its owner sees.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { block, type Answered } from '../support/posts.js';
import { startWorld, type Person, type World } from '../support/world.js';

let world: World;
let ada: Person;
let ben: Person;
let cem: Person;

beforeAll(async () => {
  world = await startWorld();
  [ada, ben, cem] = [await world.local('ada'), await world.local('ben'), await world.local('cem')];
});

afterAll(() => world[Symbol.asyncDispose]());

async function befriend(who: Person, other: Person, closeFriend = true): Promise<Changed> {
  const answer = await who.graphql<{ setCloseFriend: Changed }>(
    `mutation ($input: SetCloseFriendInput!) { setCloseFriend(input: $input) {
      relationship { isCloseFriend } userErrors { code path } } }`,
    { input: { actorId: other.actorGlobalId, closeFriend } },
  );
  expect(answer.errors).toBeUndefined();
  return answer.data.setCloseFriend;
}

type Changed = Answered<{ relationship: { isCloseFriend: boolean } | null }>;

async function friendsOf(who: Person, page = 'first: 10'): Promise<string[]> {
  const answer = await who.graphql<{
    viewer: { closeFriends: { nodes: { username: string }[] } };
  }>(`{ viewer { closeFriends(${page}) { nodes { username } } } }`);
  return answer.data.viewer.closeFriends.nodes.map(({ username }) => username);
}

test('somebody is put on the list and taken off, however often, and does not learn of it', async () => {
  const on = { relationship: { isCloseFriend: true }, userErrors: [] };
  expect(await befriend(ada, ben)).toEqual(on);
  expect(await befriend(ada, ben)).toEqual(on);
  await befriend(ada, cem);
  expect(await friendsOf(ada)).toEqual(['cem', 'ben']);
  expect(await friendsOf(ben)).toEqual([]);
  const answer = await ben.graphql(
    'query ($id: ID!) { node(id: $id) { ... on Actor { viewerRelationship { isCloseFriend } } } }',
    { id: ada.actorGlobalId },
  );
  expect(answer.data).toEqual({ node: { viewerRelationship: { isCloseFriend: false } } });
  expect(await befriend(ada, ben, false)).toMatchObject({ relationship: { isCloseFriend: false } });
  expect(await friendsOf(ada)).toEqual(['cem']);
});

test('a block ends it in both directions, and rules it out', async () => {
  const [dan, eva] = [await world.local('dan'), await world.local('eva')];
  await befriend(dan, eva);
  await befriend(eva, dan);
  await block(world, dan, eva);
  expect(await friendsOf(dan)).toEqual([]);
  expect(await friendsOf(eva)).toEqual([]);
  const blocked = { relationship: null, userErrors: [{ code: 'BLOCKED', path: ['actorId'] }] };
  expect(await befriend(dan, eva)).toEqual(blocked);
  expect(await befriend(eva, dan)).toEqual(blocked);
  await block(world, dan, eva, false);
  expect(await friendsOf(dan)).toEqual([]);
});

test('twenty times at once is once', async () => {
  const fay = await world.local('fay');
  await Promise.all(Array.from({ length: 20 }, () => befriend(fay, ben)));
  expect(await friendsOf(fay)).toEqual(['ben']);
});

test('nobody is their own close friend', async () => {
  expect((await befriend(ada, ada)).userErrors).toEqual([
    { code: 'INVALID_INPUT', path: ['actorId'] },
  ]);
});

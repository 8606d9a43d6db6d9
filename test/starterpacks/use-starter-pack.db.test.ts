// Using a starter pack: whom one follows by it, and whom not.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { statement } from '../../src/platform/db/database.js';
import { block, follow, innerId, mute, publish, unfollow } from '../support/posts.js';
import { actOnPack, beDiscoverable, makePack, seePack } from '../support/starter-packs.js';
import { startWorld, type Person, type World } from '../support/world.js';

let world: World;
let ada: Person;
let people: Person[];

beforeAll(async () => {
  world = await startWorld();
  ada = await world.local('ada');
  people = [];
  for (const name of ['ben', 'carl', 'dora', 'eva', 'finn']) people.push(await world.local(name));
  await beDiscoverable(ada, ...people);
});

afterAll(() => world[Symbol.asyncDispose]());

const RELATIONS = `{ viewer { actor { following(first: 100) { nodes { username } } }
  followedHashtags(first: 20) { nodes { name } } } }`;

async function followedBy(who: Person): Promise<string[]> {
  const answer = await who.graphql<{
    viewer: { actor: { following: { nodes: { username: string }[] } } };
  }>(RELATIONS);
  return answer.data.viewer.actor.following.nodes.map(({ username }) => username).toSorted();
}

async function hashtagsOf(who: Person): Promise<string[]> {
  const answer = await who.graphql<{
    viewer: { followedHashtags: { nodes: { name: string }[] } };
  }>(RELATIONS);
  return answer.data.viewer.followedHashtags.nodes.map(({ name }) => name);
}

const use = (who: Person, starterPackId: string, more: Record<string, unknown> = {}) =>
  actOnPack(who, 'useStarterPack', { starterPackId, ...more });

test('everybody in it is followed, and the hashtags, and their posts come home', async () => {
  const id = await makePack(ada, people, { hashtags: ['kites'] });
  const gus = await world.local('gus');
  const postId = await publish(world, people[0]!);
  const used = await use(gus, id);
  expect(used).toMatchObject({ actorCount: 5, starterPack: { useCount: 1, viewerHasUsed: true } });
  await world.settle();
  expect(await followedBy(gus)).toEqual(['ben', 'carl', 'dora', 'eva', 'finn']);
  expect(await hashtagsOf(gus)).toEqual(['kites']);
  expect(await seePack(gus, id)).toMatchObject({ viewerFollowingCount: 5 });
  const home = await gus.graphql<{ viewer: { homeTimeline: { nodes: { id: string }[] } } }>(
    '{ viewer { homeTimeline(first: 10) { nodes { id } } } }',
  );
  expect(home.data.viewer.homeTimeline.nodes.map((node) => node.id)).toContain(postId);
  const counts = await world.graphql<{ actor: { counts: { followers: number } } }>(
    '{ actor(by: { handle: "ben" }) { counts { followers } } }',
  );
  expect(counts.data.actor.counts.followers).toBe(1);
});

test('a repeat follows only who is new, counts once, and leaves choices and partings alone', async () => {
  const hal = await world.local('hal');
  const [ben, carl, dora] = people as [Person, Person, Person];
  const id = await makePack(ada, [ben, carl]);
  await hal.graphql(
    'mutation ($id: ID!) { followActor(input: { actorId: $id, notify: true, showReposts: false }) { userErrors { code } } }',
    { id: ben.actorGlobalId },
  );
  expect((await use(hal, id)).actorCount).toBe(1);
  await world.settle();
  const relation = await hal.graphql<{ node: { viewerRelationship: object } }>(
    'query ($id: ID!) { node(id: $id) { ... on Actor { viewerRelationship { notifiesOnPost showsReposts } } } }',
    { id: ben.actorGlobalId },
  );
  expect(relation.data.node.viewerRelationship).toEqual({
    notifiesOnPost: true,
    showsReposts: false,
  });
  await actOnPack(ada, 'setInStarterPack', {
    starterPackId: id,
    actorId: dora.actorGlobalId,
    included: true,
  });
  const again = await use(hal, id);
  expect(again).toMatchObject({ actorCount: 1, starterPack: { useCount: 1 } });
  await world.settle();
  expect(await followedBy(hal)).toEqual(['ben', 'carl', 'dora']);
  await unfollow(world, hal, carl);
  expect((await use(hal, id)).actorCount).toBe(1);
});

test('left out: who is blocked either way, muted, excepted, not found any more, and oneself; locked people are asked', async () => {
  const [ida, jan, kim, lea, max, nora, otto] = await Promise.all(
    ['ida', 'jan', 'kim', 'lea', 'max', 'nora', 'otto'].map((name) => world.local(name)),
  );
  const everybody = [ida!, jan!, kim!, lea!, max!, nora!, otto!];
  await beDiscoverable(...everybody);
  await nora!.graphql(
    'mutation { updateProfile(input: { isLocked: true }) { userErrors { code } } }',
  );
  const id = await makePack(ada, everybody);
  await block(world, ida!, jan!);
  await block(world, kim!, ida!);
  await mute(ida!, lea!);
  await max!.graphql(
    'mutation { updateProfile(input: { isDiscoverable: false }) { userErrors { code } } }',
  );
  const used = await use(ida!, id, { exceptActorIds: [otto!.actorGlobalId] });
  expect(used.actorCount).toBe(1);
  await world.settle();
  expect(await followedBy(ida!)).toEqual([]);
  const requests = await nora!.graphql<{
    viewer: { followRequests: { nodes: { username: string }[] } };
  }>('{ viewer { followRequests(first: 5) { nodes { username } } } }');
  expect(requests.data.viewer.followRequests.nodes).toEqual([{ username: 'ida' }]);
});

test('whoever blocks between the use and the following is passed over, the others are followed', async () => {
  const [ben, carl] = people as [Person, Person];
  const pia = await world.local('pia');
  const id = await makePack(ada, [ben, carl]);
  await use(pia, id);
  const BLOCK = statement(
    'test.block',
    `insert into blocks (blocker_id, blocked_id, id, created_at) values ($1, $2, gen_random_uuid(), now())`,
  );
  // The server's worker may have been faster: what counts is that the block ends it for the others, too.
  await world.services.database.rows(BLOCK, [ben.actorId, pia.actorId]);
  await world.settle();
  expect(await followedBy(pia)).toContain('carl');
});

test('the own pack can be used and is not counted; for whoever is blocked by its owner it is not there', async () => {
  const [ben] = people as [Person];
  const id = await makePack(ada, [ben, ada]);
  expect(await use(ada, id)).toMatchObject({ actorCount: 1, starterPack: { useCount: 0 } });
  const rex = await world.local('rex');
  await block(world, ada, rex);
  expect((await use(rex, id)).userErrors).toEqual([{ code: 'NOT_FOUND', path: ['starterPackId'] }]);
});

test('an account that is closed by then follows nobody', async () => {
  const sam = await world.local('sam');
  const id = await makePack(ada, people);
  const CLOSE = statement('test.close', `update accounts set state = $2 where id = $1`);
  await world.services.database.transaction(async (tx) => {
    await tx.append(
      (await import('../../src/starterpacks/starter-packs.events.js')).starterPackUsed,
      {
        packId: innerId(id) as never,
        followerId: sam.actorId,
        actorIds: people.map(({ actorId }) => actorId),
        hashtags: ['kites'],
      },
    );
    await tx.rows(CLOSE, [sam.accountId, 'SUSPENDED']);
  });
  await world.settle();
  await world.services.database.rows(CLOSE, [sam.accountId, 'ACTIVE']);
  expect(await followedBy(sam)).toEqual([]);
  expect(await hashtagsOf(sam)).toEqual([]);
});

test('the eleventh use in an hour is refused', async () => {
  const tom = await world.local('tom');
  const id = await makePack(ada, []);
  for (let count = 0; count < 10; count++) expect((await use(tom, id)).userErrors).toEqual([]);
  expect((await use(tom, id)).userErrors).toEqual([{ code: 'RATE_LIMITED', path: null }]);
});

test('more than 300 people in an hour cannot be put into packs; those in one already do not count', async () => {
  const [ben] = people as [Person];
  const uwe = await world.local('uwe');
  await follow(world, uwe, ben);
  const id = await makePack(uwe, people);
  for (let count = 0; count < 70; count++)
    await actOnPack(uwe, 'setInStarterPack', {
      starterPackId: id,
      actorId: ben.actorGlobalId,
      included: true,
    });
  for (let count = 0; count < 49; count++) await makePack(uwe, people);
  expect((await seePack(uwe, id))!.actorCount).toBe(5);
  const CHARGED = statement(
    'test.charge',
    `update rate_limits set points = 300 where key like 'starter_pack:%' || $1`,
  );
  await world.services.database.rows(CHARGED, [uwe.actorId]);
  const refused = await actOnPack(uwe, 'setInStarterPack', {
    starterPackId: id,
    actorId: ada.actorGlobalId,
    included: true,
  });
  expect(refused.userErrors).toEqual([{ code: 'RATE_LIMITED', path: null }]);
});

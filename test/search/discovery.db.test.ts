// The directory and suggestions of people, through the public API.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { addPlaces } from '../contract/places.js';
import { block, follow, mute, publish } from '../support/posts.js';
import { toGlobalId } from '../../src/platform/ids.js';
import { startWorld, type Person, type World } from '../support/world.js';

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

afterAll(() => world[Symbol.asyncDispose]());

async function listed(username: string, profile: Record<string, unknown> = {}): Promise<Person> {
  const who = await world.local(username);
  const answer = await who.graphql<{ updateProfile: { userErrors: unknown[] } }>(
    'mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { userErrors { code } } }',
    { input: { isDiscoverable: true, ...profile } },
  );
  expect(answer.data?.updateProfile.userErrors).toEqual([]);
  return who;
}

interface Directory {
  readonly directory: {
    readonly nodes: readonly { readonly username: string }[];
    readonly pageInfo: { readonly endCursor: string | null; readonly hasNextPage: boolean };
  };
}

async function directory(
  who: Person | null,
  variables: Record<string, unknown> = {},
): Promise<Directory['directory']> {
  const answer = await (who ?? world).graphql<Directory>(
    `query ($sort: DirectorySort, $first: Int, $after: String) { directory(sort: $sort, first: $first, after: $after) {
      nodes { username } pageInfo { endCursor hasNextPage } } }`,
    variables,
  );
  expect(answer.errors).toBeUndefined();
  return answer.data.directory;
}

const names = ({ nodes }: Directory['directory']): string[] =>
  nodes.map(({ username }) => username);

test('P07 the directory has the people of this server who want to be found, in two orders', async () => {
  const [first, second, third] = [
    await listed('dir_first'),
    await listed('dir_second'),
    await listed('dir_third'),
  ];
  await listed('dir_hidden', { isDiscoverable: false });
  await publish(world, second);
  await publish(world, first);
  await publish(world, third, { visibility: 'FOLLOWERS' });
  expect(names(await directory(null))).toEqual(['dir_first', 'dir_second', 'dir_third']);
  expect(names(await directory(null, { sort: 'NEWEST' }))).toEqual([
    'dir_third',
    'dir_second',
    'dir_first',
  ]);
  for (const sort of ['ACTIVE', 'NEWEST']) {
    const whole = names(await directory(null, { sort }));
    const { pageInfo, ...begin } = await directory(null, { sort, first: 2 });
    expect(pageInfo.hasNextPage).toBe(true);
    const rest = await directory(null, { sort, first: 2, after: pageInfo.endCursor });
    expect([...names({ pageInfo, ...begin }), ...names(rest)]).toEqual(whole);
    expect(rest.pageInfo.hasNextPage).toBe(false);
  }
  const viewer = await world.local('dir_viewer');
  await block(world, viewer, first);
  await block(world, second, viewer);
  expect(names(await directory(viewer))).toEqual(['dir_third']);
  await world.services.database.pool.query(
    `update actors set status = 'SUSPENDED' where username = 'dir_third'`,
  );
  expect(names(await directory(null, { sort: 'NEWEST' }))).toEqual(['dir_second', 'dir_first']);
});

interface Suggested {
  readonly username: string;
  readonly reasons: Readonly<Record<string, number>>;
}

async function suggestions(who: Person, first = 20): Promise<Suggested[]> {
  const answer = await who.graphql<{
    viewer: {
      suggestedActors: {
        actor: { username: string };
        score: number;
        reasons: { reason: string; count: number }[];
      }[];
    };
  }>(
    'query ($first: Int!) { viewer { suggestedActors(first: $first) { actor { username } score reasons { reason count } } } }',
    { first },
  );
  expect(answer.errors).toBeUndefined();
  const found = answer.data.viewer.suggestedActors;
  const scores = found.map(({ score }) => score);
  expect(scores).toEqual(scores.toSorted((one, other) => other - one));
  return found.map(({ actor, reasons }) => ({
    username: actor.username,
    reasons: Object.fromEntries(reasons.map(({ reason, count }) => [reason, count])),
  }));
}

test('people are suggested for reasons that are told, the closest first', async () => {
  const viewer = await world.local('sug_viewer');
  const [near, friend, other] = [
    await listed('sug_near'),
    await listed('sug_friend'),
    await listed('sug_other'),
  ];
  for (const one of [friend, other]) {
    await follow(world, viewer, one);
    await follow(world, one, near);
  }
  const fan = await listed('sug_fan');
  await follow(world, fan, viewer);
  const tagged = await listed('sug_tagged');
  await publish(world, tagged, { caption: '#lichen and #moss and #fern' });
  await publish(world, viewer, { caption: '#lichen #moss' });
  const neighbour = await listed('sug_neighbour');
  const [placeId] = await addPlaces(world, 'Lichenfels', 1);
  for (const who of [neighbour, viewer])
    await publish(world, who, { placeId: toGlobalId('place', placeId!) });
  await listed('sug_nobody');
  await world.settle();
  const found = await suggestions(viewer);
  const reasons = Object.fromEntries(found.map((one) => [one.username, one.reasons]));
  expect(reasons).toMatchObject({
    sug_near: { FOLLOWED_BY_FOLLOWED: 2, POPULAR_HERE: 2 },
    sug_tagged: { SHARED_HASHTAGS: 2 },
    sug_neighbour: { SHARED_PLACES: 1 },
    sug_fan: { FOLLOWS_VIEWER: 1 },
  });
  expect(Object.keys(reasons)).not.toContain('sug_nobody');
  expect(found.slice(0, 2).map(({ username }) => username)).toEqual(['sug_near', 'sug_tagged']);
  expect(await suggestions(viewer, 1)).toHaveLength(1);
});

test('hidden lists, posts that are not public and those who do not want to be found suggest nobody', async () => {
  const viewer = await world.local('hid_viewer');
  const [secretive, target, quiet, shy] = [
    await listed('hid_secretive'),
    await listed('hid_target'),
    await listed('hid_quiet'),
    await listed('hid_shy', { isDiscoverable: false }),
  ];
  await world.services.database.pool.query(
    `update actors set hides_follow_lists = true where username = 'hid_secretive'`,
  );
  await follow(world, viewer, secretive);
  await follow(world, secretive, target);
  await follow(world, shy, viewer);
  await publish(world, viewer, { caption: '#hidtag' });
  await publish(world, quiet, { caption: '#hidtag', visibility: 'FOLLOWERS' });
  const modest = await listed('hid_modest');
  await follow(world, shy, modest);
  await world.services.database.pool.query(
    `update actors set hides_follow_lists = true where username = 'hid_modest'`,
  );
  await world.settle();
  const found = (await suggestions(viewer)).filter(({ username }) => username.startsWith('hid_'));
  expect(found).toEqual([{ username: 'hid_target', reasons: { POPULAR_HERE: 1 } }]);
});

test('neither suggestions nor cursors tell how many follow somebody who hides it', async () => {
  const viewer = await world.local('num_viewer');
  const [modest, open] = [await listed('num_modest'), await listed('num_open')];
  for (const one of [modest, open]) {
    await follow(world, await world.local('num_fan'), one);
    await follow(world, one, viewer);
  }
  await world.services.database.pool.query(
    `update actors set hides_follow_lists = true where username = 'num_modest'`,
  );
  const { data } = await viewer.graphql<{
    viewer: { suggestedActors: { actor: { username: string }; score: number }[] };
    search: { actors: { edges: { cursor: string; node: { username: string } }[] } };
  }>(
    `{ viewer { suggestedActors(first: 40) { actor { username } score } }
       search(query: "num_") { actors { edges { cursor node { username } } } } }`,
  );
  const scores = Object.fromEntries(
    data.viewer.suggestedActors.map(({ actor, score }) => [actor.username, score]),
  );
  expect(scores['num_modest']).toBe(2);
  expect(scores['num_open']).toBeCloseTo(2 + Math.log(2));
  const places = Object.fromEntries(
    data.search.actors.edges.map(({ cursor, node }) => [
      node.username,
      (JSON.parse(Buffer.from(cursor, 'base64url').toString()) as string[])[2],
    ]),
  );
  expect(places).toMatchObject({ num_modest: '0', num_open: '1' });
});

test('who is followed, asked, blocked, muted or dismissed is not suggested', async () => {
  const viewer = await world.local('no_viewer');
  const fans: Record<string, Person> = {};
  for (const name of ['followed', 'asked', 'blocked', 'blocking', 'muted', 'dismissed', 'left'])
    fans[name] = await listed(`no_${name}`, { isLocked: name === 'asked' });
  for (const fan of Object.values(fans)) await follow(world, fan, viewer);
  await follow(world, viewer, fans['followed']!);
  await follow(world, viewer, fans['asked']!);
  await block(world, viewer, fans['blocked']!);
  await block(world, fans['blocking']!, viewer);
  await mute(viewer, fans['muted']!);
  const DISMISS =
    'mutation ($id: ID!) { dismissSuggestion(input: { actorId: $id }) { dismissedActorId userErrors { code path } } }';
  const id = fans['dismissed']!.actorGlobalId;
  for (let turn = 0; turn < 2; turn++)
    expect((await viewer.graphql(DISMISS, { id })).data['dismissSuggestion']).toEqual({
      dismissedActorId: id,
      userErrors: [],
    });
  const found = (await suggestions(viewer)).filter(({ username }) => username.startsWith('no_'));
  expect(found.map(({ username }) => username)).toEqual(['no_left']);
  const refused = await viewer.graphql(DISMISS, { id: viewer.actorGlobalId });
  expect(refused.data['dismissSuggestion']).toEqual({
    dismissedActorId: null,
    userErrors: [{ code: 'INVALID_INPUT', path: ['actorId'] }],
  });
});

test('suggestions have bounds, and nobody anonymous has any', async () => {
  const viewer = await world.local('bounds');
  for (const first of [0, 41]) {
    const answer = await viewer.graphql(
      `{ viewer { suggestedActors(first: ${first}) { score } } }`,
    );
    expect(answer.errors?.[0]?.extensions['code']).toBe('BAD_USER_INPUT');
  }
  const anonymous = await world.graphql('{ viewer { suggestedActors { score } } }');
  expect(anonymous.data['viewer']).toBeNull();
});

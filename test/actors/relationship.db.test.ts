// Follows, blocks and mutes over the public API: who may, what follows, and what happens at the same moment.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Actor, type ActorId } from '../../src/actors/actor.entity.js';
import { followActor } from '../../src/actors/follow-actor.js';
import { setBlock } from '../../src/actors/set-block.js';
import { statement } from '../../src/platform/db/database.js';
import { newId, toGlobalId } from '../../src/platform/ids.js';
import { startWorld, type Person, type World } from '../support/world.js';

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

afterAll(() => world[Symbol.asyncDispose]());

const RELATION = `relationship { isFollowing isRequested isFollowedBy hasRequestedViewer isBlocking isBlockedBy isMuting mutedUntil }`;

async function mutate(person: Person, mutation: string, input: Record<string, unknown>) {
  const type = `${mutation[0]!.toUpperCase()}${mutation.slice(1)}Input!`;
  const answered = await person.graphql<
    Record<
      string,
      {
        relationship: Record<string, unknown> | null;
        actor: { counts: { followers: number } } | null;
        userErrors: { code: string; path: string[] }[];
      }
    >
  >(
    `mutation ($input: ${type}) { ${mutation}(input: $input) { ${RELATION} actor { counts { followers following } } userErrors { code path } } }`,
    { input },
  );
  expect(answered.errors).toBeUndefined();
  return answered.data[mutation]!;
}

test('following is idempotent, counts once, and unfollowing takes it back', async () => {
  const [ada, ben] = [await world.local('fa'), await world.local('fb')];
  const followed = await mutate(ben, 'followActor', { actorId: ada.actorGlobalId });
  expect(followed.userErrors).toEqual([]);
  expect(followed.relationship).toMatchObject({ isFollowing: true, isRequested: false });
  expect(followed.actor!.counts).toEqual({ followers: 1, following: 0 });
  expect(
    (await mutate(ben, 'followActor', { actorId: ada.actorGlobalId })).actor!.counts.followers,
  ).toBe(1);
  const ended = await mutate(ben, 'unfollowActor', { actorId: ada.actorGlobalId });
  expect(ended.relationship).toMatchObject({ isFollowing: false });
  expect(ended.actor!.counts.followers).toBe(0);
  expect(
    (await mutate(ben, 'unfollowActor', { actorId: ada.actorGlobalId })).actor!.counts.followers,
  ).toBe(0);
});

test('a locked actor is asked, accepts or rejects, and sees who asked', async () => {
  const [ada, ben] = [await world.local('la'), await world.local('lb')];
  await world.services.database.transaction(async (tx) => {
    const actor = await tx.em.findOneOrFail(Actor, { username: 'la' });
    actor.isLocked = true;
  });
  expect(
    (await mutate(ben, 'followActor', { actorId: ada.actorGlobalId })).relationship,
  ).toMatchObject({ isFollowing: false, isRequested: true });
  expect(
    (await mutate(ada, 'respondToFollowRequest', { actorId: ben.actorGlobalId, accept: false }))
      .relationship,
  ).toMatchObject({ hasRequestedViewer: false });
  expect(
    (await mutate(ada, 'respondToFollowRequest', { actorId: ben.actorGlobalId, accept: true }))
      .userErrors,
  ).toEqual([{ code: 'NOT_FOUND', path: ['actorId'] }]);
  await mutate(ben, 'followActor', { actorId: ada.actorGlobalId });
  const accepted = await mutate(ada, 'respondToFollowRequest', {
    actorId: ben.actorGlobalId,
    accept: true,
  });
  expect(accepted.relationship).toMatchObject({ isFollowedBy: true, hasRequestedViewer: false });
});

test('a block ends follows both ways and rules out new ones until it is lifted', async () => {
  const [ada, mallory] = [await world.local('ba'), await world.local('bm')];
  await mutate(ada, 'followActor', { actorId: mallory.actorGlobalId });
  await mutate(mallory, 'followActor', { actorId: ada.actorGlobalId });
  expect(
    (await mutate(ada, 'setBlock', { actorId: mallory.actorGlobalId, blocked: true })).relationship,
  ).toMatchObject({
    isBlocking: true,
    isFollowing: false,
    isFollowedBy: false,
  });
  expect((await mutate(mallory, 'followActor', { actorId: ada.actorGlobalId })).userErrors).toEqual(
    [{ code: 'BLOCKED', path: ['actorId'] }],
  );
  await mutate(ada, 'setBlock', { actorId: mallory.actorGlobalId, blocked: false });
  expect(
    (await mutate(mallory, 'followActor', { actorId: ada.actorGlobalId })).relationship,
  ).toMatchObject({ isFollowing: true });
});

test('a mute ends by itself', async () => {
  const [ada, ben] = [await world.local('ma'), await world.local('mb')];
  expect(
    (await mutate(ada, 'setMute', { actorId: ben.actorGlobalId, muted: true, durationSeconds: 60 }))
      .relationship,
  ).toMatchObject({ isMuting: true });
  expect(
    (await mutate(ada, 'setMute', { actorId: ben.actorGlobalId, muted: true, durationSeconds: 0 }))
      .userErrors,
  ).toEqual([{ code: 'INVALID_INPUT', path: ['durationSeconds'] }]);
  world.clock.advance(61);
  const { data } = await ada.graphql<{ actor: { viewerRelationship: { isMuting: boolean } } }>(
    `query ($id: ID!) { actor(by: { id: $id }) { viewerRelationship { isMuting } } }`,
    { id: ben.actorGlobalId },
  );
  expect(data.actor.viewerRelationship.isMuting).toBe(false);
});

test('nobody relates to themselves or to nobody', async () => {
  const ada = await world.local('na');
  const nobody = toGlobalId('actor', newId(world.clock.now()));
  for (const [mutation, rest] of [
    ['followActor', {}],
    ['setBlock', { blocked: true }],
    ['setMute', { muted: true }],
  ] as const) {
    expect(
      (await mutate(ada, mutation, { actorId: ada.actorGlobalId, ...rest })).userErrors,
    ).toEqual([{ code: 'INVALID_INPUT', path: ['actorId'] }]);
    expect((await mutate(ada, mutation, { actorId: nobody, ...rest })).userErrors).toEqual([
      { code: 'NOT_FOUND', path: ['actorId'] },
    ]);
    expect((await mutate(ada, mutation, { actorId: 'actor_zzz', ...rest })).userErrors).toEqual([
      { code: 'NOT_FOUND', path: ['actorId'] },
    ]);
  }
});

test('a relationship is a node of its viewer alone', async () => {
  const [ada, ben] = [await world.local('ra'), await world.local('rb')];
  const { data } = await ada.graphql<{ actor: { viewerRelationship: { id: string } } }>(
    `query ($id: ID!) { actor(by: { id: $id }) { viewerRelationship { id } } }`,
    { id: ben.actorGlobalId },
  );
  const query = `query ($id: ID!) { node(id: $id) { id ... on Relationship { actor { username } } } }`;
  const id = data.actor.viewerRelationship.id;
  expect((await ada.graphql(query, { id })).data).toEqual({
    node: { id, actor: { username: 'rb' } },
  });
  expect((await ben.graphql(query, { id })).data).toEqual({ node: null });
});

test('follows and blocks at the same moment never leave a follow beside a block, and counters stay right', async () => {
  const [ada, ben] = [await world.local('ca'), await world.local('cb')];
  const [asAda, asBen] = [await ada.context(), await ben.context()];
  const ids = { ada: ada.actorId, ben: ben.actorId };
  const attempts = Array.from({ length: 20 }, (_, index) => [
    followActor(asBen, { actorId: ids.ada, notifiesOnPost: false, showsReposts: true }),
    setBlock(asAda, { actorId: ids.ben, blocked: index % 2 === 0 }),
    followActor(asAda, { actorId: ids.ben, notifiesOnPost: false, showsReposts: true }),
  ]).flat();
  await Promise.allSettled(attempts);
  const row = await world.services.database.row<{ bad: number; wrong: number }>(
    statement(
      'test.consistency',
      `select
      (select count(*)::int from follows f join blocks b on least(f.follower_id, f.followee_id) = least(b.blocker_id, b.blocked_id)
        and greatest(f.follower_id, f.followee_id) = greatest(b.blocker_id, b.blocked_id)) as bad,
      (select count(*)::int from unnest($1::uuid[]) as a(id) left join actor_counts c on c.actor_id = a.id
        where coalesce(c.followers, 0) <> (select count(*) from follows where followee_id = a.id and state = 'ACCEPTED')
           or coalesce(c.following, 0) <> (select count(*) from follows where follower_id = a.id and state = 'ACCEPTED')) as wrong`,
    ),
    [[ids.ada, ids.ben] satisfies ActorId[]],
  );
  expect(row).toEqual({ bad: 0, wrong: 0 });
});

test('follower lists page without gaps and hide where the owner hides them', async () => {
  const ada = await world.local('pa');
  const fans = await Promise.all(['p1', 'p2', 'p3', 'p4', 'p5'].map((name) => world.local(name)));
  for (const fan of fans) await mutate(fan, 'followActor', { actorId: ada.actorGlobalId });
  const seen: string[] = [];
  let after: string | null = null;
  do {
    const page: {
      data: {
        actor: {
          followers: {
            nodes: { username: string }[];
            pageInfo: { hasNextPage: boolean; endCursor: string };
          };
        };
      };
    } = await ada.graphql(
      `query ($id: ID!, $after: String) { actor(by: { id: $id }) { followers(first: 2, after: $after) { nodes { username } pageInfo { hasNextPage endCursor } } } }`,
      { id: ada.actorGlobalId, after },
    );
    const { nodes, pageInfo } = page.data.actor.followers;
    seen.push(...nodes.map((node) => node.username));
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  } while (after);
  expect(seen).toEqual(['p5', 'p4', 'p3', 'p2', 'p1']);
  await world.services.database.transaction(async (tx) => {
    (await tx.em.findOneOrFail(Actor, { username: 'pa' })).hidesFollowLists = true;
  });
  const query = `query ($id: ID!) { actor(by: { id: $id }) { followers { nodes { id } } counts { followers } } }`;
  expect((await fans[0]!.graphql(query, { id: ada.actorGlobalId })).data).toEqual({
    actor: { followers: null, counts: { followers: null } },
  });
});

// Reposts through the public API: who finds them in which list, once, and how they leave again.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { fanOutRepost } from '../../src/timelines/jobs/fan-out-repost.job.js';
import { withdrawRepost } from '../../src/timelines/jobs/withdraw-repost.job.js';
import type { RepostId } from '../../src/posts/post.entity.js';
import {
  block,
  follow,
  innerId,
  mute,
  publish,
  unfollow,
  type Answered,
  type Refusal,
} from '../support/posts.js';
import { connectSocket, subscribed, type TestSocket } from '../support/socket.js';
import { startWorld, type Person, type World } from '../support/world.js';

const DAY_SECONDS = 24 * 60 * 60;
const HOME = `query ($first: Int, $last: Int, $after: String, $before: String, $filter: TimelineFilter) { viewer {
  homeTimeline(first: $first, last: $last, after: $after, before: $before, filter: $filter) {
    edges { cursor repostedBy { username } node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }`;
const LIVE = `subscription { timelineChanged(timeline: { home: true }) {
  change removedPostId postEdge { cursor repostedBy { username } node { id } } } }`;
const POST = `query ($id: ID!) { post(by: { id: $id }) { counts { reposts } viewerState { isReposted }
  viewerPermissions { canRepost } repostedBy(first: 100) { nodes { username } } } }`;

interface Home {
  readonly edges: {
    cursor: string;
    repostedBy: { username: string } | null;
    node: { id: string };
  }[];
  readonly pageInfo: { hasNextPage: boolean; endCursor: string | null; startCursor: string | null };
}

interface SeenPost {
  readonly counts: { reposts: number | null };
  readonly viewerState: { isReposted: boolean } | null;
  readonly viewerPermissions: { canRepost: boolean };
  readonly repostedBy: { nodes: { username: string }[] } | null;
}

let world: World;
let ada: Person;
let cem: Person;
let dan: Person;
let people = 0;

beforeAll(async () => {
  world = await startWorld();
  [ada, cem, dan] = [await world.local('ada'), await world.local('cem'), await world.local('dan')];
});

afterAll(() => world[Symbol.asyncDispose]());

/** Somebody new who follows the named people. */
async function reader(...followed: Person[]): Promise<Person> {
  people += 1;
  const who = await world.local(`reader${people}`);
  for (const one of followed) await follow(world, who, one);
  return who;
}

async function repost(who: Person, postId: string, reposted = true): Promise<Refusal[]> {
  const answer = await who.graphql<{ setRepost: Answered<object> }>(
    'mutation ($input: SetRepostInput!) { setRepost(input: $input) { userErrors { code path } } }',
    { input: { postId, reposted } },
  );
  expect(answer.errors).toBeUndefined();
  await world.settle();
  return answer.data.setRepost.userErrors;
}

async function homePage(who: Person, variables: Record<string, unknown> = {}): Promise<Home> {
  const answer = await who.graphql<{ viewer: { homeTimeline: Home } }>(HOME, variables);
  expect(answer.errors).toBeUndefined();
  return answer.data.viewer.homeTimeline;
}

/** What stands in a home timeline: ids, with @ and who reposted. */
async function home(who: Person, filter?: Record<string, unknown>): Promise<string[]> {
  const { edges } = await homePage(who, { first: 100, filter });
  return edges.map(
    ({ node, repostedBy }) => node.id + (repostedBy ? `@${repostedBy.username}` : ''),
  );
}

async function seen(who: Person | null, id: string): Promise<SeenPost> {
  const answer = await (who ?? world).graphql<{ post: SeenPost }>(POST, { id });
  expect(answer.errors).toBeUndefined();
  return answer.data.post;
}

async function profile(who: Person | null, username: string): Promise<string[]> {
  const answer = await (who ?? world).graphql<{ actor: { reposts: { nodes: { id: string }[] } } }>(
    'query ($handle: Handle!) { actor(by: { handle: $handle }) { reposts(first: 100) { nodes { id } } } }',
    { handle: username },
  );
  expect(answer.errors).toBeUndefined();
  return answer.data.actor.reposts.nodes.map(({ id }) => id);
}

async function showReposts(who: Person, of: Person, isShown: boolean): Promise<void> {
  const answer = await who.graphql<{ followActor: Answered<object> }>(
    'mutation ($input: FollowActorInput!) { followActor(input: $input) { userErrors { code } } }',
    { input: { actorId: of.actorGlobalId, showReposts: isShown } },
  );
  expect(answer.data.followActor.userErrors).toEqual([]);
}

async function repostIdOf(who: Person, postId: string): Promise<RepostId> {
  const { rows } = await world.services.database.pool.query(
    'select id from reposts where post_id = $1 and actor_id = $2',
    [innerId(postId), who.actorId],
  );
  return rows[0].id;
}

test('a repost comes to those who follow the reposter now, and to nobody else', async () => {
  const ben = await reader(cem);
  const id = await publish(world, ada, { visibility: 'UNLISTED' });
  await world.settle();
  expect(await repost(cem, id)).toEqual([]);
  expect(await repost(cem, id)).toEqual([]);
  const late = await reader(cem);
  expect(await home(ben)).toEqual([`${id}@cem`]);
  expect(await home(cem)).not.toContain(id);
  expect(await home(late)).toEqual([]);
  expect((await home(ada)).filter((entry) => entry.startsWith(id))).toEqual([id]);
  expect(await seen(cem, id)).toEqual({
    counts: { reposts: 1 },
    viewerState: { isReposted: true },
    viewerPermissions: { canRepost: true },
    repostedBy: { nodes: [{ username: 'cem' }] },
  });
  expect((await seen(ben, id)).viewerState).toEqual({ isReposted: false });
  expect(await seen(null, id)).toMatchObject({
    viewerState: null,
    viewerPermissions: { canRepost: false },
  });
  expect(await profile(null, 'cem')).toEqual([id]);
  expect(await repost(cem, id, false)).toEqual([]);
  expect(await repost(cem, id, false)).toEqual([]);
  expect(await home(ben)).toEqual([]);
  expect(await profile(null, 'cem')).toEqual([]);
  expect(await seen(cem, id)).toMatchObject({
    counts: { reposts: 0 },
    viewerState: { isReposted: false },
    repostedBy: { nodes: [] },
  });
});

test('a post is in a home timeline once: a repost moves only what came more than a day ago', async () => {
  const ben = await reader(ada, cem, dan);
  const first = await publish(world, ada);
  world.clock.advance(60);
  const second = await publish(world, ada);
  await world.settle();
  world.clock.advance(60);
  await repost(cem, first);
  expect((await home(ben)).slice(0, 2)).toEqual([second, first]);
  world.clock.advance(DAY_SECONDS + 60);
  await repost(dan, first);
  await repost(cem, second);
  expect((await home(ben)).slice(0, 2)).toEqual([`${second}@cem`, `${first}@dan`]);
  expect((await home(ben)).filter((entry) => entry.startsWith(first))).toHaveLength(1);
  await repost(dan, first, false);
  await repost(cem, second, false);
  expect((await home(ben)).slice(0, 2)).toEqual([second, first]);
});

test('when one reposter takes it back or is unfollowed, another one takes over', async () => {
  const ben = await reader(cem, dan);
  const id = await publish(world, ada);
  await repost(cem, id);
  await repost(dan, id);
  expect(await home(ben)).toEqual([`${id}@cem`]);
  await repost(cem, id, false);
  expect(await home(ben)).toEqual([`${id}@dan`]);
  await repost(cem, id);
  await unfollow(world, ben, dan);
  expect(await home(ben)).toEqual([`${id}@cem`]);
  await follow(world, ben, ada);
  await unfollow(world, ben, cem);
  expect(await home(ben)).toContain(id);
  await unfollow(world, ben, ada);
  expect(await home(ben)).toEqual([]);
});

test('reposts are left out by a filter, for one followed person, and while their reposter is muted', async () => {
  const gus = await world.local('gus');
  const ben = await reader(gus);
  const own = await publish(world, gus);
  const id = await publish(world, ada);
  await world.settle();
  await repost(gus, id);
  expect(await home(ben)).toEqual([`${id}@gus`, own]);
  expect(await home(ben, { excludeReposts: true })).toEqual([own]);
  await showReposts(ben, gus, false);
  expect(await home(ben)).toEqual([own]);
  const other = await publish(world, ada);
  await repost(gus, other);
  await showReposts(ben, gus, true);
  // What was reposted meanwhile was not for ben, and does not come later.
  expect(await home(ben)).toEqual([`${id}@gus`, own]);
  await mute(ben, ada);
  expect(await home(ben)).toEqual([own]);
  await mute(ben, ada, false);
  await mute(ben, gus);
  expect(await home(ben)).toEqual([]);
  await follow(world, ben, ada);
  expect(await home(ben)).toContain(id);
});

test('a block between the reader and the reposter or the author hides the repost everywhere', async () => {
  const [eve, ben] = [await world.local('eve'), await reader(cem)];
  const id = await publish(world, eve);
  await repost(cem, id);
  expect(await home(ben)).toEqual([`${id}@cem`]);
  await block(world, eve, ben);
  expect(await home(ben)).toEqual([]);
  expect(await profile(ben, 'cem')).not.toContain(id);
  await block(world, eve, ben, false);
  expect(await home(ben)).toEqual([`${id}@cem`]);
  await block(world, ben, cem);
  expect(await home(ben)).toEqual([]);
  expect(await profile(ben, 'cem')).toEqual([]);
  expect(await seen(ben, id)).toMatchObject({ counts: { reposts: 0 }, repostedBy: { nodes: [] } });
  expect(await seen(dan, id)).toMatchObject({ counts: { reposts: 1 } });
});

test('a deleted post leaves with its reposts', async () => {
  const ben = await reader(cem);
  const id = await publish(world, ada);
  await repost(cem, id);
  expect(await home(ben)).toEqual([`${id}@cem`]);
  await ada.graphql(
    'mutation ($id: ID!) { deletePost(input: { postId: $id }) { userErrors { code } } }',
    { id },
  );
  await world.settle();
  expect(await home(ben)).toEqual([]);
  expect(await profile(null, 'cem')).not.toContain(id);
});

test('only public and unlisted posts are reposted; what is not seen looks as if it were not there', async () => {
  const friend = await reader(ada);
  for (const visibility of ['FOLLOWERS', 'MENTIONED', 'LOCAL']) {
    const id = await publish(world, ada, { visibility, caption: `@${friend.username}` });
    for (const who of [ada, friend]) {
      expect(await repost(who, id)).toEqual([{ code: 'FORBIDDEN', path: ['postId'] }]);
      expect((await seen(who, id)).viewerPermissions.canRepost).toBe(false);
    }
  }
  const hidden = await publish(world, ada, { visibility: 'FOLLOWERS' });
  for (const id of [hidden, 'post_00000000000000000000000000', friend.actorGlobalId]) {
    expect(await repost(dan, id)).toEqual([{ code: 'NOT_FOUND', path: ['postId'] }]);
  }
  expect(await repost(ada, await publish(world, ada))).toEqual([]);
});

test('a hundred reposts and their ends at once leave counters and lists that are right', async () => {
  const id = await publish(world, ada);
  const fans = await Promise.all(Array.from({ length: 20 }, (_, n) => world.local(`fan${n}`)));
  const set = (who: Person, reposted: boolean) =>
    who.graphql(
      'mutation ($input: SetRepostInput!) { setRepost(input: $input) { userErrors { code } } }',
      { input: { postId: id, reposted } },
    );
  await Promise.all(
    fans.flatMap((who) => [true, true, false, true, true].map((reposted) => set(who, reposted))),
  );
  await Promise.all(fans.slice(0, 5).map((who) => set(who, false)));
  await Promise.all(fans.slice(5).map((who) => set(who, true)));
  await world.settle();
  const { counts, repostedBy } = await seen(ada, id);
  expect(counts.reposts).toBe(15);
  expect(repostedBy!.nodes.map(({ username }) => username).sort()).toEqual(
    fans
      .slice(5)
      .map(({ username }) => username)
      .sort(),
  );
});

test('pages of posts and reposts follow each other without gap in both directions', async () => {
  const [fay, ben] = [await world.local('fay'), await reader(cem)];
  await follow(world, ben, fay);
  const expected: string[] = [];
  for (let index = 0; index < 4; index++) {
    const id = await publish(world, dan);
    const own = await publish(world, fay);
    world.clock.advance(1);
    await world.settle();
    await repost(cem, id);
    expected.unshift(`${id}@cem`, own);
    world.clock.advance(1);
  }
  expect(await home(ben)).toEqual(expected);
  const walk = async (isBackward: boolean): Promise<string[]> => {
    const walked: string[] = [];
    let from: string | null = null;
    for (let page = 0; page < 3; page++) {
      const { edges, pageInfo }: Home = await homePage(
        ben,
        isBackward ? { last: 3, before: from } : { first: 3, after: from },
      );
      const ids = edges.map(
        ({ node, repostedBy }) => node.id + (repostedBy ? `@${repostedBy.username}` : ''),
      );
      walked.splice(isBackward ? 0 : walked.length, 0, ...ids);
      from = isBackward ? pageInfo.startCursor : pageInfo.endCursor;
    }
    return walked;
  };
  expect(await walk(false)).toEqual(expected);
  expect(await walk(true)).toEqual(expected);
});

test('both jobs may run twice', async () => {
  const ben = await reader(cem);
  const id = await publish(world, ada);
  await repost(cem, id);
  const repostId = await repostIdOf(cem, id);
  const context = { ...world.services, jobId: '1', attempt: 2 };
  await fanOutRepost.run(context, { repostId });
  expect(await home(ben)).toEqual([`${id}@cem`]);
  const { rows } = await world.services.database.pool.query(
    `select count(*)::int as count from events where name = 'homeTimelineReposted' and payload->>'repostId' = $1`,
    [repostId],
  );
  expect(rows).toEqual([{ count: 1 }]);
  await repost(cem, id, false);
  await withdrawRepost.run(context, {
    repostId,
    postId: innerId(id) as never,
    reposterId: cem.actorId,
  });
  await fanOutRepost.run(context, { repostId });
  expect(await home(ben)).toEqual([]);
});

test('a repost comes live with who reposted, goes live, and never to those for whom it is not', async () => {
  const [ben, both, muting, off, stranger] = [
    await reader(cem),
    await reader(ada, cem),
    await reader(cem),
    await reader(cem),
    await reader(),
  ];
  const id = await publish(world, ada);
  await world.settle();
  await mute(muting, cem);
  await showReposts(off, cem, false);
  await using sockets = new AsyncDisposableStack();
  const watch = async (who: Person): Promise<TestSocket> => {
    const socket = sockets.use(await connectSocket(world.origin, who.token));
    await subscribed(socket, 'home', LIVE);
    return socket;
  };
  const heard = await watch(ben);
  const quiet = await Promise.all([both, muting, off, stranger].map(watch));
  await repost(cem, id);
  const added = (await heard.next()).payload as { data: { timelineChanged: object } };
  const { edges } = await homePage(ben, { first: 1 });
  expect(added.data.timelineChanged).toEqual({
    change: 'ADDED',
    removedPostId: null,
    postEdge: edges[0],
  });
  expect(edges[0]).toMatchObject({ repostedBy: { username: 'cem' }, node: { id } });
  await repost(cem, id, false);
  expect((await heard.next()).payload).toEqual({
    data: { timelineChanged: { change: 'REMOVED', removedPostId: id, postEdge: null } },
  });
  // All sockets hear one stream in one order: what comes next was not preceded by anything.
  const last = await publish(world, cem);
  await world.settle();
  const next = async (socket: TestSocket) =>
    ((await socket.next()).payload as { data: { timelineChanged: { postEdge: { node: object } } } })
      .data.timelineChanged.postEdge.node;
  expect(await next(heard)).toEqual({ id: last });
  expect(await next(quiet[0]!)).toEqual({ id: last });
  expect(await next(quiet[2]!)).toEqual({ id: last });
  expect([quiet[1]!.waiting(), quiet[3]!.waiting()]).toEqual([0, 0]);
});

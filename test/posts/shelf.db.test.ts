// Pins and the archive through the public API: limits, who sees what, lists, counters, media, live events.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  block,
  comment,
  follow,
  publish,
  react,
  unfollow,
  type Answered,
  type Refusal,
} from '../support/posts.js';
import { connectSocket, subscribed, type TestSocket } from '../support/socket.js';
import { startWorld, type Person, type World } from '../support/world.js';

let world: World;
let ada: Person;
let ben: Person;
let mallory: Person;

beforeAll(async () => {
  world = await startWorld();
  [ada, ben, mallory] = [
    await world.local('ada'),
    await world.local('ben'),
    await world.local('mallory'),
  ];
  await follow(world, ben, ada);
  await block(world, ada, mallory);
});

afterAll(() => world[Symbol.asyncDispose]());

async function send(
  who: Person,
  name: string,
  input: Record<string, unknown>,
  fields = 'post { id isPinned isArchived }',
): Promise<Answered<{ post: { isPinned: boolean; isArchived: boolean } | null }>> {
  const type = name[0]!.toUpperCase() + name.slice(1);
  const answer = await who.graphql<
    Record<string, Answered<{ post: { isPinned: boolean; isArchived: boolean } | null }>>
  >(
    `mutation ($input: ${type}Input!) { ${name}(input: $input) { ${fields} userErrors { code path } } }`,
    { input },
  );
  expect(answer.errors).toBeUndefined();
  return answer.data[name]!;
}

const pin = (who: Person, postId: string, pinned = true) =>
  send(who, 'setPostPinned', { postId, pinned });
const archive = (who: Person, postId: string, archived = true) =>
  send(who, 'setPostArchived', { postId, archived });
const refused = (code: string): Refusal[] => [{ code, path: ['postId'] }];

interface Shelf {
  readonly pinnedPosts: { id: string; isPinned: boolean }[];
  readonly posts: { nodes: { id: string }[] };
  readonly pinned: { nodes: { id: string }[] };
  readonly counts: { posts: number };
}

/** What a visitor sees of somebody's profile; ids only. */
async function profile(who: Person | null, username: string) {
  const answer = await (who ?? world).graphql<{ actor: Shelf }>(
    `query ($handle: Handle!) { actor(by: { handle: $handle }) { counts { posts } pinnedPosts { id isPinned }
      posts(first: 100) { nodes { id } } pinned: posts(first: 100, filter: { pinnedOnly: true }) { nodes { id } } } }`,
    { handle: username },
  );
  expect(answer.errors).toBeUndefined();
  const { pinnedPosts, posts, pinned, counts } = answer.data.actor;
  expect(pinnedPosts.every(({ isPinned }) => isPinned)).toBe(true);
  return {
    pinnedPosts: pinnedPosts.map(({ id }) => id),
    posts: posts.nodes.map(({ id }) => id),
    pinned: pinned.nodes.map(({ id }) => id),
    count: counts.posts,
  };
}

test('pinned posts stand on the profile for whoever sees them, the last pinned first', async () => {
  const cleo = await world.local('cleo');
  const [one, two, hidden] = [
    await publish(world, cleo),
    await publish(world, cleo, { visibility: 'UNLISTED' }),
    await publish(world, cleo, { visibility: 'FOLLOWERS' }),
  ];
  for (const id of [two, hidden, one]) {
    expect(await pin(cleo, id)).toEqual({
      post: { id, isPinned: true, isArchived: false },
      userErrors: [],
    });
    world.clock.advance(1);
  }
  expect(await profile(cleo, 'cleo')).toMatchObject({
    pinnedPosts: [one, hidden, two],
    pinned: [hidden, two, one],
  });
  expect(await profile(ben, 'cleo')).toMatchObject({ pinnedPosts: [one, two], pinned: [two, one] });
  expect(await profile(null, 'cleo')).toMatchObject({ pinnedPosts: [one, two] });
  expect((await pin(cleo, one, false)).post).toMatchObject({ isPinned: false });
  expect(await profile(null, 'cleo')).toMatchObject({ pinnedPosts: [two], pinned: [two] });
  await block(world, cleo, ben);
  expect(await profile(ben, 'cleo')).toMatchObject({ pinnedPosts: [], pinned: [] });
});

test('only own posts that a profile shows to many can be pinned', async () => {
  const id = await publish(world, ada);
  const commentId = await comment(ben, id, 'pin me');
  for (const who of [ben, mallory])
    expect((await pin(who, id)).userErrors).toEqual(refused('NOT_FOUND'));
  expect((await pin(ada, commentId)).userErrors).toEqual(refused('NOT_FOUND'));
  expect((await pin(ada, 'post_00000000000000000000000000')).userErrors).toEqual(
    refused('NOT_FOUND'),
  );
  for (const visibility of ['MENTIONED', 'LOCAL']) {
    const few = await publish(world, ada, { visibility });
    expect((await pin(ada, few)).userErrors).toEqual(refused('CONFLICT'));
  }
  await archive(ada, id);
  expect((await pin(ada, id)).userErrors).toEqual(refused('CONFLICT'));
});

test('of ten posts pinned at once six are; a pin that is there costs nothing, one that goes makes room', async () => {
  const dora = await world.local('dora');
  const ids = await Promise.all(Array.from({ length: 10 }, () => publish(world, dora)));
  const answers = await Promise.all(ids.map((id) => pin(dora, id)));
  const codes = answers.map(({ userErrors }) => userErrors[0]?.code ?? 'OK').sort();
  expect(codes).toEqual([
    ...Array.from({ length: 4 }, () => 'LIMIT_EXCEEDED'),
    ...Array.from({ length: 6 }, () => 'OK'),
  ]);
  const { pinnedPosts } = await profile(null, 'dora');
  expect(pinnedPosts).toHaveLength(6);
  expect((await pin(dora, pinnedPosts[0]!)).userErrors).toEqual([]);
  const other = ids.find((id) => !pinnedPosts.includes(id))!;
  await dora.graphql(
    'mutation ($id: ID!) { deletePost(input: { postId: $id }) { userErrors { code } } }',
    { id: pinnedPosts[0] },
  );
  expect((await pin(dora, other)).userErrors).toEqual([]);
  expect((await profile(null, 'dora')).pinnedPosts).toContain(other);
});

test('an archived post is seen by its author alone, and stands in no list and no count', async () => {
  const eva = await world.local('eva');
  await follow(world, ben, eva);
  const id = await publish(world, eva, { caption: '#awayfromit with @ben' });
  const kept = await publish(world, eva);
  const commentId = await comment(ben, id, 'nice');
  await react(ben, id, '❤');
  await world.settle();
  const shown = await whereabouts(id);
  expect(shown).toEqual({ eva: ALL, ben: ALL, anonymous: [...PUBLIC_LISTS] });
  const before = await profile(null, 'eva');
  expect(before).toMatchObject({ posts: [kept, id], count: 2 });
  await pin(eva, id);
  const address = await pictureOf(eva, id);
  expect(new URL(address).search).toBe('');

  expect(await archive(eva, id)).toEqual({
    post: { id, isPinned: false, isArchived: true },
    userErrors: [],
  });
  expect((await archive(eva, id)).userErrors).toEqual([]);
  await world.settle();
  expect(await whereabouts(id)).toEqual({ eva: ['node'], ben: [], anonymous: [] });
  for (const who of [null, ben, eva])
    expect(await profile(who, 'eva')).toMatchObject({ posts: [kept], pinnedPosts: [], count: 1 });
  expect(await archived(eva)).toEqual([id]);
  expect(await archived(ben)).toEqual([]);
  // What is below it is away as well, and cannot be added to.
  for (const who of [null, ben, eva]) expect(await isThere(who, commentId)).toBe(who === eva);
  expect(await react(ben, id, '🔥')).toEqual([{ code: 'NOT_FOUND', path: ['subjectId'] }]);
  await expect(comment(ben, id, 'where?')).rejects.toThrow('NOT_FOUND');
  // The stable address of its picture is no door: only the author gets one that is signed.
  const file = new URL(world.reach(address));
  expect((await fetch(file)).status).toBe(404);
  expect(new URL(await pictureOf(eva, id)).searchParams.has('signature')).toBe(true);

  const late = await world.local('late');
  await follow(world, late, eva);
  expect((await archive(eva, id, false)).post).toEqual({ id, isPinned: false, isArchived: false });
  await world.settle();
  expect(await whereabouts(id)).toEqual(shown);
  expect(await homeOf(late)).toContain(id);
  expect(await profile(null, 'eva')).toEqual(before);
  expect(await archived(eva)).toEqual([]);
  expect(await isThere(null, commentId)).toBe(true);
  expect(await pictureOf(ben, id)).toBe(address);
});

test('nobody puts the post of somebody else away, seen or not', async () => {
  const id = await publish(world, ada);
  for (const who of [ben, mallory])
    expect((await archive(who, id)).userErrors).toEqual(refused('NOT_FOUND'));
  expect(await isThere(null, id)).toBe(true);
});

test('archiving, bringing back and deleting at once leaves the counter right', async () => {
  const finn = await world.local('finn');
  const ids = await Promise.all(Array.from({ length: 5 }, () => publish(world, finn)));
  await Promise.all(
    ids.flatMap((id, index) => [
      ...Array.from({ length: 9 }, (_, turn) => archive(finn, id, turn % 2 === 0)),
      index < 2 ? send(finn, 'deletePost', { postId: id }, 'deletedPostId') : archive(finn, id),
    ]),
  );
  const { posts, count } = await profile(finn, 'finn');
  expect(count).toBe(posts.length);
  for (const id of ids) await archive(finn, id, false);
  expect(await profile(null, 'finn')).toMatchObject({ count: 3 });
});

test('unfollowing while a post is away: it does not come back into that home timeline', async () => {
  const gus = await world.local('gus');
  await follow(world, gus, ada);
  const id = await publish(world, ada);
  await world.settle();
  await archive(ada, id);
  await unfollow(world, gus, ada);
  await archive(ada, id, false);
  await world.settle();
  expect(await homeOf(gus)).not.toContain(id);
  expect(await homeOf(ben)).toContain(id);
});

const HOME = `subscription { timelineChanged(timeline: { home: true }) { change postEdge { node { id } } removedPostId } }`;
const PUBLIC = `subscription { timelineChanged(timeline: { public: {} }) { change postEdge { node { id } } removedPostId } }`;
const OPEN = `subscription ($id: ID!) { postChanged(postId: $id) { change post { id caption isPinned } } }`;

test('W04 live readers hear that a post is gone and that it is back, and of nothing between', async () => {
  const id = await publish(world, ada);
  await world.settle();
  await using home = await watch(ben, HOME);
  await using open = await watch(null, OPEN, { id });
  await using own = await watch(ada, OPEN, { id });
  await pin(ada, id);
  for (const socket of [open, own])
    expect(await live(socket)).toMatchObject({ change: 'UPDATED', post: { id, isPinned: true } });
  await archive(ada, id);
  expect(await live(home)).toEqual({ change: 'REMOVED', postEdge: null, removedPostId: id });
  for (const socket of [open, own])
    expect(await live(socket)).toEqual({ change: 'REMOVED', post: null });
  await send(ada, 'updatePost', { postId: id, caption: 'secret' });
  await react(ada, id, '❤');
  for (const change of ['UPDATED', 'UPDATED'])
    expect(await live(own)).toMatchObject({ change, post: { caption: '<p>secret</p>' } });
  await archive(ada, id, false);
  expect(await live(home)).toEqual({
    change: 'ADDED',
    postEdge: { node: { id } },
    removedPostId: null,
  });
  for (const socket of [open, own])
    expect(await live(socket)).toMatchObject({ change: 'ADDED', post: { id } });
});

test('W04 the end of a post that was put away is told to its author alone', async () => {
  const id = await publish(world, ada);
  await world.settle();
  await archive(ada, id);
  await world.settle();
  await using everyone = await watch(null, PUBLIC);
  await using own = await watch(ada, OPEN, { id });
  await send(ada, 'deletePost', { postId: id }, 'deletedPostId');
  expect(await live(own)).toEqual({ change: 'REMOVED', post: null });
  const next = await publish(world, ada);
  await world.settle();
  expect(await live(everyone)).toMatchObject({ change: 'ADDED', postEdge: { node: { id: next } } });
});

test('licence and AI disclosure can be changed and cleared, without a revision', async () => {
  const id = await publish(world, ada, { license: 'CC-BY-4.0', aiDisclosure: 'ASSISTED' });
  const read = async () =>
    (
      await world.graphql<{ post: unknown }>(
        `query ($id: ID!) { post(by: { id: $id }) { license aiDisclosure editedAt revisions { nodes { id } } } }`,
        { id },
      )
    ).data.post;
  const unedited = { editedAt: null, revisions: { nodes: [] } };
  await send(ada, 'updatePost', { postId: id, license: ' CC0-1.0 ', aiDisclosure: 'GENERATED' });
  expect(await read()).toEqual({ license: 'CC0-1.0', aiDisclosure: 'GENERATED', ...unedited });
  await send(ada, 'updatePost', { postId: id, license: null, aiDisclosure: null });
  expect(await read()).toEqual({ license: null, aiDisclosure: 'NONE', ...unedited });
  expect(
    (await send(ada, 'updatePost', { postId: id, license: 'x'.repeat(101) })).userErrors,
  ).toEqual([{ code: 'INVALID_INPUT', path: ['license'] }]);
});

const PUBLIC_LISTS = ['node', 'publicTimeline', 'localTimeline', 'hashtag'] as const;
const ALL = [...PUBLIC_LISTS, 'home'];

/** In which places eva, ben and an anonymous visitor find a post. */
async function whereabouts(id: string) {
  const eva = await world.local('eva');
  const of = async (who: Person | null) => {
    const answer = await (who ?? world).graphql(
      `query ($id: ID!) { node(id: $id) { id } publicTimeline(first: 100) { nodes { id } }
        localTimeline: publicTimeline(first: 100, filter: { localOnly: true }) { nodes { id } }
        hashtag(name: "awayfromit") { postCount posts { nodes { id } } } }`,
      { id },
    );
    expect(answer.errors).toBeUndefined();
    const found = PUBLIC_LISTS.filter((list) => JSON.stringify(answer.data[list]).includes(id));
    return who && (await homeOf(who)).includes(id) ? [...found, 'home'] : found;
  };
  return { eva: await of(eva), ben: await of(ben), anonymous: await of(null) };
}

async function homeOf(who: Person): Promise<string[]> {
  const answer = await who.graphql<{ viewer: { homeTimeline: { nodes: { id: string }[] } } }>(
    '{ viewer { homeTimeline(first: 100) { nodes { id } } } }',
  );
  return answer.data.viewer.homeTimeline.nodes.map(({ id }) => id);
}

async function archived(who: Person): Promise<string[]> {
  const answer = await who.graphql<{
    viewer: { archivedPosts: { nodes: { id: string; isArchived: boolean }[] } };
  }>('{ viewer { archivedPosts { nodes { id isArchived } } } }');
  const { nodes } = answer.data.viewer.archivedPosts;
  expect(nodes.every(({ isArchived }) => isArchived)).toBe(true);
  return nodes.map(({ id }) => id);
}

async function isThere(who: Person | null, id: string): Promise<boolean> {
  const answer = await (who ?? world).graphql<{ node: unknown }>(
    'query ($id: ID!) { node(id: $id) { id } }',
    { id },
  );
  return answer.data.node !== null;
}

async function pictureOf(who: Person, id: string): Promise<string> {
  const answer = await who.graphql<{ post: { media: { url: string }[] } }>(
    'query ($id: ID!) { post(by: { id: $id }) { media { url } } }',
    { id },
  );
  return answer.data.post.media[0]!.url;
}

/** A socket with one running subscription. */
async function watch(
  person: Person | null,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<TestSocket> {
  const socket = await connectSocket(world.origin, person?.token ?? null);
  await subscribed(socket, 'live', query, variables);
  return socket;
}

async function live(socket: TestSocket): Promise<unknown> {
  const { payload } = await socket.next();
  const { data } = payload as { data?: Record<string, unknown> };
  if (!data) throw new Error(JSON.stringify(payload));
  return Object.values(data)[0];
}

test('pages of archived posts go both ways', async () => {
  const hana = await world.local('hana');
  const ids = [];
  for (let index = 0; index < 3; index++) ids.unshift(await publish(world, hana));
  for (const id of ids) await archive(hana, id);
  const page = async (args: string) => {
    const answer = await hana.graphql<{
      viewer: {
        archivedPosts: { edges: { cursor: string; node: { id: string } }[]; pageInfo: object };
      };
    }>(
      `{ viewer { archivedPosts(${args}) { edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage } } } }`,
    );
    expect(answer.errors).toBeUndefined();
    return answer.data.viewer.archivedPosts;
  };
  const first = await page('first: 2');
  expect(first.edges.map(({ node }) => node.id)).toEqual(ids.slice(0, 2));
  expect(first.pageInfo).toEqual({ hasNextPage: true, hasPreviousPage: false });
  const rest = await page(`first: 2, after: "${first.edges[1]!.cursor}"`);
  expect(rest.edges.map(({ node }) => node.id)).toEqual(ids.slice(2));
  const back = await page(`last: 1, before: "${rest.edges[0]!.cursor}"`);
  expect(back.edges.map(({ node }) => node.id)).toEqual([ids[1]]);
});

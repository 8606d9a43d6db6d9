// What people let go by itself: choosing, what goes and when, and what is kept all the same.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { statement } from '../../src/platform/db/database.js';
import { countDue } from '../../src/retention/retention.queries.js';
import { DEFAULT_RULES } from '../../src/retention/retention-rules.js';
import { block, comment, follow, innerId, publish, react } from '../support/posts.js';
import {
  applyRetention,
  DAY,
  KEEP_NOTHING,
  preview,
  retentionOf,
  sendRetention,
} from '../support/retention.js';
import { tell } from '../support/stories.js';
import { homePosts } from '../support/timelines.js';
import { startWorld, WORLD_PASSWORD, type Person, type World } from '../support/world.js';

let world: World;

beforeAll(async () => {
  world = await startWorld({ GRAPHQL_POINTS_PER_HOUR: '1000000', SESSION_IDLE_DAYS: '3650' });
});

afterAll(() => world[Symbol.asyncDispose]());

const isThere = async (who: Person, id: string): Promise<boolean> =>
  (await who.graphql('query ($id: ID!) { node(id: $id) { id } }', { id })).data['node'] !== null;

async function does(who: Person, name: string, input: Record<string, unknown>): Promise<void> {
  const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
  const answer = await who.graphql<Record<string, { userErrors: unknown[] }>>(
    `mutation ($input: ${type}!) { ${name}(input: $input) { userErrors { code path } } }`,
    { input },
  );
  expect(answer.data[name]?.userErrors).toEqual([]);
}

const IN_FORCE = statement(
  'test.retention_in_force',
  'update retention_rules set due_at = $2 where account_id = $1',
);

/** Rules whose day of grace is over. */
async function choose(who: Person, rules: Record<string, unknown>): Promise<void> {
  expect((await sendRetention(who, rules)).userErrors).toEqual([]);
  await world.services.database.rows(IN_FORCE, [who.accountId, world.clock.now()]);
}

test('nothing goes until somebody chooses an age, and what goes is gone for everybody', async () => {
  const [ada, ben] = [await world.local('ada'), await world.local('ben')];
  await follow(world, ben, ada);
  const old = await publish(world, ada, { caption: 'Long ago' });
  await comment(ben, old, 'Fine.');
  await does(ada, 'saveCollection', { title: 'Journey', postIds: [old] });
  world.clock.advance(7 * DAY);
  const young = await publish(world, ada, { caption: 'Now' });
  await world.settle();
  expect(await retentionOf(ada)).toEqual({ ...DEFAULT_RULES, dueAt: null });
  await applyRetention(world);
  expect(await isThere(ben, old)).toBe(true);

  expect(await preview(ada)).toEqual({ posts: 0, comments: 0, stories: 0 });
  const change = { postDays: 7, keepCollected: false };
  expect(await preview(ada, change)).toEqual({ posts: 1, comments: 0, stories: 0 });
  expect(await preview(ada, { postDays: 7 })).toMatchObject({ posts: 0 });
  expect(await sendRetention(ada, change)).toMatchObject({
    viewer: { retention: { postDays: 7, keepCollected: false, keepPinned: true } },
    userErrors: [],
  });
  expect(await preview(ada)).toMatchObject({ posts: 1 });
  // A day to take it back.
  world.clock.advance(DAY - 60);
  await applyRetention(world);
  expect(await isThere(ada, old)).toBe(true);
  world.clock.advance(120);
  await applyRetention(world);
  expect(await preview(ada)).toMatchObject({ posts: 0 });
  expect(await homePosts(ben)).toEqual([young]);
  expect(await isThere(ada, old)).toBe(false);
  const seen = await ada.graphql(
    '{ viewer { actor { counts { posts } collections(first: 5) { nodes { postCount } } } } }',
  );
  expect(seen.data['viewer']).toEqual({
    actor: { counts: { posts: 1 }, collections: { nodes: [{ postCount: 0 }] } },
  });
  const tombstone = await world.services.database.row(
    statement(
      'test.tombstone',
      `select content_html as html from posts where id = $1 and deleted_at is not null`,
    ),
    [innerId(old)],
  );
  expect(tombstone).toEqual({ html: '' });

  world.clock.advance(8 * DAY);
  await applyRetention(world);
  expect(await isThere(ada, young)).toBe(false);
});

test('a post goes at its age, not a moment before', async () => {
  const cal = await world.local('cal');
  const id = innerId(await publish(world, cal));
  const { database } = world.services;
  const { at } = (await database.row<{ at: Date }>(
    statement('test.published_at', 'select published_at as at from posts where id = $1'),
    [id],
  ))!;
  const due = async (milliseconds: number): Promise<number> => {
    const now = new Date(at.getTime() + milliseconds);
    return (await countDue(database, cal.actorId, { ...DEFAULT_RULES, postDays: 30 }, now)).posts;
  };
  expect(await due(30 * DAY * 1000 - 1)).toBe(0);
  expect(await due(30 * DAY * 1000)).toBe(1);
});

/** What keeps a post: the rule, and how somebody marks the post, or publishes it, so that it holds. */
const EXCEPTIONS: Readonly<
  Record<
    string,
    {
      readonly rules: Record<string, unknown>;
      readonly common?: Record<string, unknown>;
      readonly mark?: (author: Person, postId: string) => Promise<unknown>;
    }
  >
> = {
  'a pinned post': {
    rules: { keepPinned: true },
    mark: (author, postId) => does(author, 'setPostPinned', { postId, pinned: true }),
  },
  'a post that was put away': {
    rules: { keepArchived: true },
    mark: (author, postId) => does(author, 'setPostArchived', { postId, archived: true }),
  },
  'a post for mentioned people': {
    rules: { keepMentioned: true },
    common: { visibility: 'MENTIONED', caption: '@fan hello' },
  },
  'a post in a collection': {
    rules: { keepCollected: true },
    mark: (author, postId) => does(author, 'saveCollection', { title: 'Best', postIds: [postId] }),
  },
  'a bookmarked post': {
    rules: { keepBookmarked: true },
    mark: (author, postId) => does(author, 'setBookmark', { postId, bookmarked: true }),
  },
  'a post that its author likes': {
    rules: { keepLiked: true },
    mark: (author, postId) => react(author, postId, '❤'),
  },
  'a post with likes enough': {
    rules: { keepFromLikes: 2 },
    mark: async (_author, postId) => {
      for (const name of ['fan', 'kid']) await react(await world.local(name), postId, '❤');
    },
  },
  'a post with reposts enough': {
    rules: { keepFromReposts: 1 },
    mark: async (_author, postId) =>
      does(await world.local('fan'), 'setRepost', { postId, reposted: true }),
  },
};

test.each(Object.entries(EXCEPTIONS))(
  '%s is kept by its rule, and goes without it',
  async (name, { rules, common, mark }) => {
    await world.local('fan');
    const author = await world.local(`ex_${Object.keys(EXCEPTIONS).indexOf(name)}`);
    const marked = await publish(world, author, common);
    const plain = await publish(world, author);
    // Not enough of anything, and of somebody else.
    await react(await world.local('fan'), plain, '❤');
    await react(author, plain, '👍');
    await does(await world.local('fan'), 'setBookmark', { postId: plain, bookmarked: true });
    await mark?.(author, marked);
    world.clock.advance(31 * DAY);
    expect(await preview(author, { ...KEEP_NOTHING, postDays: 30 })).toMatchObject({ posts: 2 });
    await choose(author, { ...KEEP_NOTHING, postDays: 30, ...rules });
    expect(await preview(author)).toMatchObject({ posts: 1 });
    await applyRetention(world);
    expect([await isThere(author, marked), await isThere(author, plain)]).toEqual([true, false]);
    await choose(author, { ...KEEP_NOTHING, keepFromLikes: null, keepFromReposts: null });
    await applyRetention(world);
    expect(await isThere(author, marked)).toBe(false);
  },
);

test('comments go, but for those that were answered, are liked, or stand where their author sees nothing', async () => {
  const [dot, eve, fox] = [
    await world.local('dot'),
    await world.local('eve'),
    await world.local('fox'),
  ];
  const post = await publish(world, eve);
  const [plain, answered, liked] = [
    await comment(dot, post, 'One'),
    await comment(dot, post, 'Two'),
    await comment(dot, post, 'Three'),
  ];
  const reply = await comment(eve, post, 'Why?', answered);
  await react(dot, liked, '❤');
  const unseen = await comment(dot, await publish(world, fox), 'Four');
  await block(world, fox, dot);
  world.clock.advance(10 * DAY);
  await choose(dot, { commentDays: 8 });
  expect(await preview(dot)).toEqual({ posts: 0, comments: 1, stories: 0 });
  await applyRetention(world);
  const left = await Promise.all([plain, answered, liked, reply].map((id) => isThere(eve, id)));
  expect(left).toEqual([false, true, true, true]);
  expect(await isThere(fox, unseen)).toBe(false);
  const counts = await eve.graphql(
    'query ($id: ID!) { node(id: $id) { ... on PhotoPost { counts { comments } } } }',
    { id: post },
  );
  expect(counts.data['node']).toEqual({ counts: { comments: 3 } });
});

test('ended stories leave the archive, highlighted ones only when their rule is off', async () => {
  const gus = await world.local('gus');
  const [plain, shown, long] = [
    await tell(world, gus),
    await tell(world, gus),
    await tell(world, gus, { durationSeconds: 604_800 }),
  ];
  await does(gus, 'saveHighlight', { title: 'Summer', storyIds: [shown] });
  world.clock.advance(7 * DAY - 600);
  await choose(gus, { storyDays: 7 });
  expect(await preview(gus)).toMatchObject({ stories: 0 });
  world.clock.advance(1_200);
  expect(await preview(gus)).toMatchObject({ stories: 2 });
  await applyRetention(world);
  expect([await isThere(gus, plain), await isThere(gus, shown), await isThere(gus, long)]).toEqual([
    false,
    true,
    false,
  ]);
  await choose(gus, { keepHighlighted: false });
  await applyRetention(world);
  expect(await isThere(gus, shown)).toBe(false);
});

test.each([
  ['postDays', 6],
  ['commentDays', 3_651],
  ['storyDays', 0],
  ['keepFromLikes', 0],
  ['keepFromReposts', -1],
])('%s %i is refused', async (name, value) => {
  const hal = await world.local('hal');
  expect(await sendRetention(hal, { [name]: value })).toEqual({
    viewer: null,
    userErrors: [{ code: 'INVALID_INPUT', path: [name] }],
  });
  const answer = await hal.graphql(
    'query ($change: UpdateRetentionInput) { viewer { retentionPreview(change: $change) { posts } } }',
    { change: { [name]: value } },
  );
  expect(answer.errors?.[0]?.extensions?.['code']).toBe('BAD_USER_INPUT');
  expect(await retentionOf(hal)).toEqual({ ...DEFAULT_RULES, dueAt: null });
});

test('rules are changed one by one, back to their defaults, and saying the same again does not put deleting off', async () => {
  const ivy = await world.local('ivy');
  await sendRetention(ivy, { postDays: 90, keepLiked: false, keepFromLikes: 5 });
  const first = await retentionOf(ivy);
  expect(first).toMatchObject({ postDays: 90, keepLiked: false, keepFromLikes: 5 });
  world.clock.advance(3_600);
  await sendRetention(ivy, { postDays: 90, keepLiked: false });
  expect(await retentionOf(ivy)).toEqual(first);
  await sendRetention(ivy, { keepLiked: null, keepFromLikes: null });
  const second = await retentionOf(ivy);
  expect(second).toMatchObject({ postDays: 90, keepLiked: true, keepFromLikes: null });
  expect(Date.parse(String(second['dueAt'])) - Date.parse(String(first['dueAt']))).toBeGreaterThan(
    3_590_000,
  );
  await sendRetention(ivy, { postDays: null });
  expect(await retentionOf(ivy)).toEqual({ ...DEFAULT_RULES, dueAt: null });
});

test('what the staff suspended or its owner is about to leave is not touched', async () => {
  const [jon, kim] = [await world.local('jon'), await world.local('kim')];
  const [jons, kims] = [await publish(world, jon), await publish(world, kim)];
  world.clock.advance(10 * DAY);
  await choose(jon, { postDays: 7 });
  await choose(kim, { postDays: 7 });
  await does(kim, 'deleteAccount', { password: WORLD_PASSWORD });
  await world.services.database.rows(
    statement('test.retention.suspend', `update accounts set state = 'SUSPENDED' where id = $1`),
    [jon.accountId],
  );
  await applyRetention(world);
  const left = statement(
    'test.retention.left',
    'select count(*)::int as count from posts where id = any($1::uuid[]) and deleted_at is null',
  );
  expect(await world.services.database.row(left, [[innerId(jons), innerId(kims)]])).toEqual({
    count: 2,
  });
});

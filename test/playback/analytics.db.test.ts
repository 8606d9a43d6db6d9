// What authors learn of how they are watched: enough to see how they do, never enough to see who.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { addSeconds } from '../../src/platform/clock.js';
import { statement } from '../../src/platform/db/database.js';
import { comment, follow, innerId, react } from '../support/posts.js';
import { runScheduled } from '../support/scheduled.js';
import { logStatements } from '../support/statements.js';
import { publishVideo } from '../support/videos.js';
import { startWorld, type Person, type World } from '../support/world.js';

let world: World;
let ada: Person;
let ben: Person;
let rounds = 0;

beforeAll(async () => {
  world = await startWorld();
  world.clock.toMorning();
});
beforeEach(async () => {
  rounds += 1;
  [ada, ben] = [await world.local(`ada${rounds}`), await world.local(`ben${rounds}`)];
});
afterAll(() => world[Symbol.asyncDispose]());

interface Day {
  readonly day: string;
  readonly views: number | null;
  readonly viewsElsewhere: number | null;
  readonly watchTimeMs: string | null;
  readonly completionRate: number | null;
  readonly followerShare: number | null;
  readonly likes: number | null;
  readonly comments: number | null;
  readonly reposts: number | null;
}
interface Account {
  readonly days: Day[];
  readonly newFollowers: { day: string; count: number }[];
}

const ADD_DAY = statement(
  'test.add_post_day',
  `insert into post_days (post_id, day, views, follower_views, watched_ms, completions) values ($1, $2::date, $3, $4, $5, $6)`,
);
const GRANT = statement(
  'test.grant_analytics',
  `insert into entitlement_grants (account_id, key, value, source, created_at) values ($1, 'ANALYTICS_DAYS', $2, 'test', now())`,
);
const DONE = { likes: null, comments: null, reposts: null };
const ALL =
  'day views viewsElsewhere watchTimeMs completionRate followerShare likes comments reposts';
const NOTHING = {
  views: null,
  viewsElsewhere: null,
  watchTimeMs: null,
  completionRate: null,
  followerShare: null,
  ...DONE,
};

/** Statements that only some requests need. */
const NOW_AND_THEN = /rate_limits|^rlflx|^sessions\.touch$/;

const ago = (days: number): string =>
  addSeconds(world.clock.now(), -days * 24 * 3600)
    .toISOString()
    .slice(0, 10);

async function watched(
  postId: string,
  daysAgo: number,
  [views, followers, watchedMs, completions]: readonly [number, number, number, number],
): Promise<void> {
  const values = [innerId(postId), ago(daysAgo), views, followers, watchedMs, completions];
  await world.services.database.rows(ADD_DAY, values);
}

async function ofPost(who: Person, id: string, from = 4, to = 0): Promise<Day[] | null> {
  const answer = await who.graphql<{ node: { analytics: { days: Day[] } | null } | null }>(
    `query ($id: ID!, $range: DateRange!) { node(id: $id) { ... on VideoPost { analytics(range: $range) { days { ${ALL} } } } } }`,
    { id, range: { from: ago(from), to: ago(to) } },
  );
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data.node?.analytics?.days ?? null;
}

async function ofAccount(who: Person, from = 4, to = 0): Promise<Account> {
  const answer = await who.graphql<{ viewer: { analytics: Account } }>(
    `query ($range: DateRange!) { viewer { analytics(range: $range) { days { ${ALL} } newFollowers { day count } } } }`,
    { range: { from: ago(from), to: ago(to) } },
  );
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data.viewer.analytics;
}

async function repost(who: Person, postId: string): Promise<void> {
  const answer = await who.graphql<{ setRepost: { userErrors: unknown[] } }>(
    `mutation ($postId: ID!) { setRepost(input: { postId: $postId, reposted: true }) { userErrors { code } } }`,
    { postId },
  );
  expect(answer.data.setRepost.userErrors).toEqual([]);
}

test('days with fewer than five people, and those still counted, tell nothing', async () => {
  const { postId } = await publishVideo(world, ada);
  await watched(postId, 4, [20, 5, 60_000, 10]);
  await watched(postId, 3, [4, 2, 9000, 2]);
  await watched(postId, 1, [30, 10, 90_000, 10]);
  await watched(postId, 0, [30, 10, 90_000, 10]);
  expect(await ofPost(ada, postId)).toEqual([
    {
      day: ago(4),
      views: 20,
      viewsElsewhere: null,
      watchTimeMs: '60000',
      completionRate: 0.5,
      followerShare: 0.25,
      ...DONE,
    },
    ...[3, 2, 1, 0].map((days) => ({ day: ago(days), ...NOTHING })),
  ]);
});

test('views that other servers told of stand apart, and are told by the same rule', async () => {
  const { postId } = await publishVideo(world, ada);
  const elsewhere = statement(
    'test.add_elsewhere',
    'insert into post_days (post_id, day, views, views_elsewhere) values ($1, $2::date, $3, $4)',
  );
  const days = [
    [4, 0, 9],
    [3, 8, 4],
    [2, 1, 4],
  ] as const;
  for (const [daysAgo, here, there] of days) {
    const values = [innerId(postId), ago(daysAgo), here, there];
    await world.services.database.rows(elsewhere, values);
  }
  const told = await ofPost(ada, postId, 4, 2);
  expect(told).toMatchObject([
    { views: null, viewsElsewhere: 9 },
    { views: 8, viewsElsewhere: null },
    { views: null, viewsElsewhere: null },
  ]);
});

test('a share needs five people on either side', async () => {
  const { postId } = await publishVideo(world, ada);
  await watched(postId, 3, [9, 5, 1000, 4]);
  await watched(postId, 2, [10, 5, 1000, 10]);
  const days = await ofPost(ada, postId, 3, 2);
  expect(days?.map(({ completionRate, followerShare }) => [completionRate, followerShare])).toEqual(
    [
      [null, null],
      [null, 0.5],
    ],
  );
});

test('sums of an account hold only what its posts tell, so that no difference tells the rest', async () => {
  const [one, two, few] = [
    (await publishVideo(world, ada)).postId,
    (await publishVideo(world, ada)).postId,
    (await publishVideo(world, ada)).postId,
  ];
  const other = (await publishVideo(world, ben)).postId;
  await watched(one, 2, [10, 5, 10_000, 5]);
  await watched(two, 2, [30, 2, 20_000, 6]);
  await watched(few, 2, [4, 1, 7000, 1]);
  await watched(other, 2, [50, 10, 70_000, 10]);
  const { days } = await ofAccount(ada, 2, 2);
  expect(days).toEqual([
    {
      day: ago(2),
      views: 40,
      viewsElsewhere: null,
      watchTimeMs: '30000',
      completionRate: 11 / 40,
      followerShare: 0.5,
      ...DONE,
    },
  ]);
});

const SUSPEND = statement(
  'test.analytics.suspend',
  `update actors set status = 'SUSPENDED' where id = any($1::uuid[])`,
);

test('what people did is told by day, of five of them or more, the author and the suspended left out', async () => {
  const people: Person[] = [];
  for (let index = 0; index < 6; index += 1)
    people.push(await world.local(`doer${index}x${rounds}`));
  const { postId } = await publishVideo(world, ada);
  const other = (await publishVideo(world, ada)).postId;
  for (const person of [...people, ada]) {
    await react(person, postId, '❤');
    await repost(person, postId);
  }
  for (const person of people.slice(0, 4)) await react(person, other, '❤');
  for (const person of people.slice(0, 4)) await comment(person, postId, 'Fine.');
  await react(people[0]!, postId, '🐈');
  await world.services.database.rows(SUSPEND, [[people[5]!.actorId]]);
  await runScheduled(world, 'countEngagement');
  world.clock.advance(24 * 3600);
  await runScheduled(world, 'countEngagement');
  expect(await ofPost(ada, postId, 1, 0)).toMatchObject([{ reposts: null }, { reposts: null }]);
  world.clock.advance(24 * 3600);
  await runScheduled(world, 'countEngagement');
  await runScheduled(world, 'countEngagement');
  const done = { views: null, likes: null, comments: null, reposts: 5 };
  expect(await ofPost(ada, postId, 2, 2)).toMatchObject([done]);
  expect((await ofAccount(ada, 2, 2)).days).toMatchObject([done]);
  expect(await ofPost(ada, other, 2, 2)).toMatchObject([{ likes: null }]);
});

test('followers won are counted by the day they came', async () => {
  await follow(world, ben, ada);
  const { newFollowers } = await ofAccount(ada, 1, 0);
  expect(newFollowers).toEqual([
    { day: ago(1), count: 0 },
    { day: ago(0), count: 1 },
  ]);
});

test('somebody else learns nothing of a video', async () => {
  const { postId } = await publishVideo(world, ada);
  await watched(postId, 2, [20, 5, 60_000, 10]);
  expect(await ofPost(ben, postId)).toBeNull();
});

test('the entitlement bounds how far one looks back, and the future has no days', async () => {
  const { postId } = await publishVideo(world, ada);
  expect(await ofPost(ada, postId, 5000, -5000)).toHaveLength(91);
  await world.services.database.rows(GRANT, [ada.accountId, 3]);
  await watched(postId, 4, [20, 5, 60_000, 10]);
  const days = [3, 2, 1, 0].map((day) => ({ day: ago(day), ...NOTHING }));
  expect(await ofPost(ada, postId, 5000)).toEqual(days);
  expect((await ofAccount(ada, 5000)).days).toEqual(days);
  expect(await ofAccount(ada, 5000, 4)).toEqual({ days: [], newFollowers: [] });
});

test('a period that ends before it begins is refused', async () => {
  const answer = await ada.graphql(
    `{ viewer { analytics(range: { from: "2026-02-02", to: "2026-02-01" }) { days { day } } } }`,
  );
  expect(answer.errors?.[0]).toMatchObject({
    message: expect.stringContaining('before it begins'),
  });
});

test('many videos take as many statements as one', async () => {
  const ids = [];
  for (let count = 0; count < 4; count += 1) ids.push((await publishVideo(world, ada)).postId);
  using log = logStatements();
  const statementsFor = async (some: string[]): Promise<readonly string[]> => {
    const range = { from: ago(4), to: ago(2) };
    const answer = await ada.graphql(
      `query ($ids: [ID!]!, $range: DateRange!) { nodes(ids: $ids) { ... on VideoPost { analytics(range: $range) { days { views } } } } }`,
      { ids: some, range },
    );
    expect(answer.errors).toBeUndefined();
    const names = log.of(answer.headers.get('x-request-id')!);
    return names.filter((name) => !NOW_AND_THEN.test(name)).toSorted();
  };
  await statementsFor(ids);
  const ofMany = await statementsFor(ids);
  expect(ofMany).toContain('playback.analytics_of_posts');
  expect(ofMany).toEqual(await statementsFor(ids.slice(0, 1)));
});

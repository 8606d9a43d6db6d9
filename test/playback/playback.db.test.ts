// Telling what was watched: counted once however often it is told, remembered for oneself alone, and forgotten.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { countViews } from '../../src/playback/jobs/count-views.job.js';
import { prunePlayback } from '../../src/playback/jobs/prune-playback.job.js';
import { statement } from '../../src/platform/db/database.js';
import type { JobType } from '../../src/platform/jobs/job.js';
import { block, follow, innerId, publish } from '../support/posts.js';
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

interface Entry {
  readonly postId: string;
  readonly watchedMs: number;
  readonly playbackKey?: string;
  readonly completed?: boolean;
  readonly positionMs?: number | null;
}

interface Recorded {
  readonly accepted: number | null;
  readonly userErrors: { code: string; path: string[] | null }[];
}

/** Tells what was watched, a minute after the last time. */
async function record(who: Person | null, ...entries: Entry[]): Promise<Recorded> {
  const document = `mutation ($input: RecordPlaybackInput!) { recordPlayback(input: $input) {
    accepted userErrors { code path } } }`;
  await world.services.database.rows(FORGET_RATE);
  const variables = { input: { entries } };
  const answer = await (who === null
    ? world.graphql<{ recordPlayback: Recorded }>(document, variables)
    : who.graphql<{ recordPlayback: Recorded }>(document, variables));
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data.recordPlayback;
}

const FORGET_RATE = statement(
  'test.forget_playback_rate',
  `delete from rate_limits where key like 'record_playback%'`,
);
const DAYS = statement(
  'test.post_days',
  `select views, follower_views as "followerViews", watched_ms::int as "watchedMs", completions from post_days where post_id = $1 order by day`,
);
const HISTORY = statement(
  'test.history',
  `select position_ms as "positionMs", is_completed as "isCompleted" from playback_history where actor_id = $1 and post_id = $2`,
);
const LENGTHEN = statement(
  'test.lengthen_video',
  `update media set video = jsonb_set(video::jsonb, '{durationMs}', '60000') where id = $1`,
);
const WATCHED = statement(
  'test.watched',
  'select watched_ms as first from viewings where actor_id = $1',
);
const TOLD = statement(
  'test.playback.told',
  `select (extract(epoch from told_at) * 1000)::float8 as at from viewings where actor_id = $1`,
);
const ROWS = statement(
  'test.playback_rows',
  `select (select count(*)::int from playback_history where actor_id = $1) as history, (select count(*)::int from viewings where actor_id = $1) as viewings`,
);

async function run(job: JobType<Record<string, never>>): Promise<void> {
  await job.run({ ...world.services, jobId: 'x', attempt: 1 }, {});
}

async function daysOf(postId: string): Promise<unknown[]> {
  await run(countViews);
  await run(countViews);
  return world.services.database.rows(DAYS, [innerId(postId)]);
}

const historyOf = (who: Person, postId: string): Promise<unknown> =>
  world.services.database.row(HISTORY, [who.actorId, innerId(postId)]);
const rowsOf = (who: Person): Promise<unknown> => world.services.database.row(ROWS, [who.actorId]);

async function progress(who: Person | null, postId: string): Promise<number | null> {
  const document = 'query ($id: ID!) { node(id: $id) { ... on VideoPost { viewerPositionMs } } }';
  interface Found {
    node: { viewerPositionMs: number | null };
  }
  const answer = await (who === null
    ? world.graphql<Found>(document, { id: postId })
    : who.graphql<Found>(document, { id: postId }));
  return answer.data.node.viewerPositionMs;
}

/** A video of a minute. */
async function publishLong(who: Person): Promise<{ postId: string }> {
  const { postId, mediaId } = await publishVideo(world, who);
  await world.services.database.rows(LENGTHEN, [innerId(mediaId)]);
  return { postId };
}

test('a playback that is told again and again counts once, at its furthest', async () => {
  const { postId } = await publishLong(ada);
  const told = { postId, playbackKey: 'one', watchedMs: 4000, positionMs: 4000 };
  for (const watchedMs of [2000, 4000, 4000, 3000]) {
    await record(ben, { ...told, watchedMs });
    world.clock.advance(10);
  }
  expect(await daysOf(postId)).toEqual([
    { views: 1, followerViews: 0, watchedMs: 4000, completions: 0 },
  ]);
  world.clock.advance(10);
  await record(ben, { ...told, watchedMs: 9000, completed: true }, { ...told, watchedMs: 9000 });
  world.clock.advance(10);
  await record(ben, { ...told, playbackKey: 'two', watchedMs: 500 });
  expect(await daysOf(postId)).toEqual([
    { views: 1, followerViews: 0, watchedMs: 9500, completions: 1 },
  ]);
});

test('without a key all of a day are one; the next day is another view', async () => {
  const { postId } = await publishLong(ada);
  await record(ben, { postId, watchedMs: 3000 });
  await record(ben, { postId, watchedMs: 3000 });
  world.clock.advance(24 * 3600);
  await record(ben, { postId, watchedMs: 1000 });
  expect(await daysOf(postId)).toEqual([
    { views: 1, followerViews: 0, watchedMs: 3000, completions: 0 },
    { views: 1, followerViews: 0, watchedMs: 1000, completions: 0 },
  ]);
});

test('a playback over midnight stays one', async () => {
  const { postId } = await publishLong(ada);
  await record(ben, { postId, playbackKey: 'late', watchedMs: 3000 });
  world.clock.advance(24 * 3600);
  await record(ben, { postId, playbackKey: 'late', watchedMs: 5000 });
  expect(await daysOf(postId)).toEqual([
    { views: 1, followerViews: 0, watchedMs: 5000, completions: 0 },
  ]);
});

test('twenty at once count once', async () => {
  const { postId } = await publishVideo(world, ada);
  const context = await ben.context();
  const { recordPlayback } = await import('../../src/playback/record-playback.js');
  const entry = {
    postId: innerId(postId) as never,
    playbackKey: 'k',
    watchedMs: 2000,
    isCompleted: true,
    positionMs: null,
  };
  const rateLimiter = {
    charge: () => Promise.resolve({ isExceeded: false, remaining: 1, resetSeconds: 1 }),
    reset: () => Promise.resolve(),
  };
  const calls = Array.from({ length: 20 }, (_, index) =>
    recordPlayback({ ...context, rateLimiter }, [{ ...entry, watchedMs: 1000 + index }]),
  );
  await Promise.all([...calls, run(countViews), run(countViews)]);
  // No time passes between them, so the first to come stays; which that is, is nobody's choice.
  const { first } = (await world.services.database.row<{ first: number }>(WATCHED, [ben.actorId]))!;
  expect(first).toBeGreaterThanOrEqual(1000);
  expect(await daysOf(postId)).toEqual([
    { views: 1, followerViews: 0, watchedMs: first, completions: 1 },
  ]);
});

const toldAt = async (who: Person): Promise<number> =>
  (await world.services.database.row<{ at: number }>(TOLD, [who.actorId]))!.at;

test('nobody watches longer than the video is, nor longer than time has passed', async () => {
  const { postId } = await publishLong(ada);
  await record(ben, { postId, playbackKey: 'a', watchedMs: 90_000 });
  expect(await daysOf(postId)).toMatchObject([{ watchedMs: 60_000 }]);
  const more = ['a', 'b', 'c', 'd'].map((playbackKey) => ({
    postId,
    playbackKey,
    watchedMs: 900_000,
  }));
  world.clock.advance(7);
  const before = await toldAt(ben);
  await record(ben, ...more);
  const passedMs = (await toldAt(ben)) - before;
  expect(passedMs).toBeGreaterThanOrEqual(7000);
  expect(await daysOf(postId)).toMatchObject([{ watchedMs: 60_000 + passedMs }]);
  // Telling it once more is no second watching.
  world.clock.advance(600);
  await record(ben, ...more);
  expect(await daysOf(postId)).toMatchObject([{ watchedMs: 60_000 + passedMs }]);
  world.clock.advance(600);
  await record(ben, { postId, playbackKey: 'e', watchedMs: 60_000 });
  expect(await daysOf(postId)).toMatchObject([{ views: 1, watchedMs: 5 * 60_000 }]);
});

const HISTORY_PAGE = `query ($first: Int, $after: String, $last: Int, $before: String) { viewer {
  playbackHistory(first: $first, after: $after, last: $last, before: $before) {
    edges { cursor node { id } firstSeenAt lastSeenAt watchedMs positionMs isCompleted } pageInfo { hasNextPage hasPreviousPage } } } }`;

interface Watched {
  readonly edges: {
    readonly cursor: string;
    readonly node: { id: string };
    readonly watchedMs: number;
    readonly positionMs: number | null;
    readonly isCompleted: boolean;
  }[];
  readonly pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean };
}

async function watched(
  who: Person,
  page: Record<string, unknown> = { first: 10 },
): Promise<Watched> {
  const answer = await who.graphql<{ viewer: { playbackHistory: Watched } }>(HISTORY_PAGE, page);
  expect(answer.errors).toBeUndefined();
  return answer.data.viewer.playbackHistory;
}

const remove = async (who: Person, postId: string) =>
  (
    await who.graphql(
      `mutation ($postId: ID!) { removeFromPlaybackHistory(input: { postId: $postId }) { removedPostId userErrors { code path } } }`,
      { postId },
    )
  ).data['removeFromPlaybackHistory'];

test('one sees what one watched, the last first, and takes out one by one', async () => {
  const [first, second] = [await publishLong(ada), await publishLong(ada)];
  const photo = await publish(world, ada);
  await record(ben, { postId: first.postId, watchedMs: 4000, positionMs: 4000 });
  world.clock.advance(20);
  await record(ben, { postId: second.postId, watchedMs: 60_000, completed: true });
  world.clock.advance(20);
  await record(ben, { postId: photo, watchedMs: 500 });
  world.clock.advance(20);
  await record(ben, { postId: first.postId, watchedMs: 9000, positionMs: 9000 });
  const { edges } = await watched(ben);
  expect(edges.map(({ node }) => node.id)).toEqual([first.postId, photo, second.postId]);
  expect(edges).toMatchObject([
    { watchedMs: 9000, positionMs: 9000, isCompleted: false },
    { watchedMs: 500, positionMs: null },
    { watchedMs: 60_000, positionMs: null, isCompleted: true },
  ]);
  const page = await watched(ben, { first: 1, after: edges[0]!.cursor });
  expect(page.edges.map(({ node }) => node.id)).toEqual([photo]);
  expect(page.pageInfo).toEqual({ hasNextPage: true, hasPreviousPage: true });
  const last = await watched(ben, { last: 1, before: edges[2]!.cursor });
  expect(last.edges.map(({ node }) => node.id)).toEqual([photo]);
  expect((await watched(ada)).edges).toEqual([]);
  expect(await remove(ben, photo)).toEqual({ removedPostId: photo, userErrors: [] });
  expect(await remove(ben, photo)).toMatchObject({ userErrors: [{ code: 'NOT_FOUND' }] });
  expect((await watched(ben)).edges.map(({ node }) => node.id)).toEqual([
    first.postId,
    second.postId,
  ]);
  await block(world, ada, ben);
  expect((await watched(ben)).edges).toEqual([]);
});

test('what is passed over in less than a second is seen but no view; photos are viewed at a glance', async () => {
  const { postId } = await publishVideo(world, ada);
  const photo = await publish(world, ada);
  const short = [postId, photo].map((id) => ({ postId: id, watchedMs: 999 }));
  expect(await record(ben, ...short)).toMatchObject({ accepted: 2 });
  expect(await daysOf(postId)).toMatchObject([{ views: 0 }]);
  expect(await daysOf(photo)).toMatchObject([{ views: 1 }]);
});

test('followers are told apart; authors count nothing', async () => {
  const cy = await world.local(`cy${rounds}`);
  await follow(world, ben, ada);
  const { postId } = await publishVideo(world, ada);
  for (const who of [ada, ben, cy]) await record(who, { postId, watchedMs: 1500, positionMs: 9 });
  expect(await daysOf(postId)).toEqual([
    { views: 2, followerViews: 1, watchedMs: 3000, completions: 0 },
  ]);
  expect(await progress(ada, postId)).toBe(9);
});

test('one goes on where one stopped, until the end; nobody else sees it', async () => {
  const { postId } = await publishVideo(world, ada);
  expect(await progress(ben, postId)).toBeNull();
  await record(ben, { postId, watchedMs: 700, positionMs: 700 });
  await record(ben, { postId, watchedMs: 900 });
  expect(await progress(ben, postId)).toBe(700);
  expect([await progress(ada, postId), await progress(null, postId)]).toEqual([null, null]);
  await record(ben, { postId, watchedMs: 1000, positionMs: 1000, completed: true });
  expect(await progress(ben, postId)).toBeNull();
  expect(await historyOf(ben, postId)).toEqual({ positionMs: null, isCompleted: true });
});

test('whoever clears the history and watches again counts once all the same', async () => {
  const { postId } = await publishVideo(world, ada);
  await follow(world, ben, ada);
  const clear = async (): Promise<void> =>
    void (await ben.graphql('mutation { clearPlaybackHistory { cleared } }'));
  for (let round = 0; round < 3; round += 1) {
    await clear();
    expect(await daysOf(postId)).toEqual(
      round === 0 ? [] : [{ views: 0, followerViews: 0, watchedMs: 0, completions: 0 }],
    );
    await record(ben, { postId, watchedMs: 2000, completed: true });
    expect(await daysOf(postId)).toEqual([
      { views: 1, followerViews: 1, watchedMs: 2000, completions: 1 },
    ]);
  }
  // a day at rest tells nobody who left it
  world.clock.advance(2 * 24 * 3600);
  await clear();
  expect(await daysOf(postId)).toEqual([
    { views: 1, followerViews: 1, watchedMs: 2000, completions: 1 },
  ]);
});

test('what one does not see is passed over like what is not there', async () => {
  const { postId } = await publishVideo(world, ada, { visibility: 'FOLLOWERS' });
  const open = await publishVideo(world, ada);
  const entries = [postId, 'nonsense', open.postId].map((id) => ({ postId: id, watchedMs: 2000 }));
  expect(await record(ben, ...entries)).toEqual({ accepted: 1, userErrors: [] });
  expect(await daysOf(postId)).toEqual([]);
  await block(world, ada, ben);
  expect(await record(ben, ...entries)).toEqual({ accepted: 0, userErrors: [] });
});

test('whoever does not sign in, or keeps no history, leaves no trace', async () => {
  const { postId } = await publishVideo(world, ada);
  expect((await record(ben, { postId, watchedMs: 1 })).accepted).toBe(1);
  await expect(record(null, { postId, watchedMs: 2000 })).rejects.toThrow('UNAUTHENTICATED');
  const clear = `mutation { clearPlaybackHistory { cleared userErrors { code } } }`;
  expect((await ben.graphql(clear)).data['clearPlaybackHistory']).toEqual({
    cleared: 1,
    userErrors: [],
  });
  expect(await rowsOf(ben)).toEqual({ history: 0, viewings: 0 });
  await ben.graphql(
    'mutation { updateSettings(input: { keepPlaybackHistory: false }) { userErrors { code } } }',
  );
  expect(await record(ben, { postId, watchedMs: 2000 })).toEqual({ accepted: 0, userErrors: [] });
  expect(await rowsOf(ben)).toEqual({ history: 0, viewings: 0 });
});

test('numbers that lie are bounded, and impossible ones refused by their place', async () => {
  const { postId } = await publishVideo(world, ada);
  const most = 2 ** 31 - 1;
  for (let batch = 0; batch < 2; batch++) {
    const keys = Array.from({ length: 50 }, (_, index) => `${batch}-${index}`);
    await record(ben, ...keys.map((playbackKey) => ({ postId, playbackKey, watchedMs: most })));
  }
  expect(await daysOf(postId)).toMatchObject([{ views: 1, watchedMs: 2500 }]);
  const wrong: [Partial<Entry>, string][] = [
    [{ watchedMs: -1 }, 'watchedMs'],
    [{ positionMs: -1 }, 'positionMs'],
    [{ playbackKey: '' }, 'playbackKey'],
    [{ playbackKey: 'x'.repeat(65) }, 'playbackKey'],
  ];
  for (const [change, field] of wrong) {
    const { userErrors } = await record(
      ben,
      { postId, watchedMs: 1 },
      { postId, watchedMs: 1, ...change },
    );
    expect(userErrors).toEqual([{ code: 'INVALID_INPUT', path: ['entries', '1', field] }]);
  }
  const many = Array.from({ length: 51 }, () => ({ postId, watchedMs: 1 }));
  expect((await record(ben, ...many)).userErrors).toMatchObject([{ path: ['entries'] }]);
});

const FILL = statement(
  'test.fill_history',
  `with copies as (insert into posts select (jsonb_populate_record(p, jsonb_build_object(
     'id', gen_random_uuid(), 'uri', gen_random_uuid(), 'url', gen_random_uuid()))).*
     from posts p, generate_series(1, 835) where p.id = $1::uuid returning id)
   insert into playback_history (actor_id, post_id, first_seen_at, last_seen_at)
   select $2::uuid, id, $3, $3 from copies`,
);

test('what is old is forgotten, and of much the oldest; numbers stay', async () => {
  const { postId } = await publishVideo(world, ada);
  await record(ben, { postId, watchedMs: 2000 });
  await daysOf(postId);
  world.clock.advance(3 * 24 * 3600);
  await run(prunePlayback);
  expect(await rowsOf(ben)).toEqual({ history: 1, viewings: 0 });
  const now = world.clock.now();
  for (let batch = 0; batch < 6; batch++)
    await world.services.database.rows(FILL, [innerId(postId), ada.actorId, now]);
  await run(prunePlayback);
  expect(await rowsOf(ada)).toEqual({ history: 5000, viewings: 0 });
  world.clock.advance(178 * 24 * 3600);
  await run(prunePlayback);
  expect(await rowsOf(ben)).toEqual({ history: 0, viewings: 0 });
  expect(await daysOf(postId)).toMatchObject([{ views: 1 }]);
});

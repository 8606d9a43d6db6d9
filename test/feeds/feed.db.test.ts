// Feeds through the public API: what stands in them, why, and what they never show.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { sweepSnapshots } from '../../src/feeds/snapshots.queries.js';
import { idsOf, readFeed, type SeenPlace } from '../support/feeds.js';
import { filter } from '../support/filters.js';
import { block, follow, mute, publish } from '../support/posts.js';
import { publishVideo } from '../support/videos.js';
import { startWorld, type Person, type World } from '../support/world.js';

let world: World;
let ada: Person;
let ben: Person;
let eva: Person;

beforeAll(async () => {
  world = await startWorld();
  [ada, ben, eva] = [await world.local('ada'), await world.local('ben'), await world.local('eva')];
  await follow(world, ada, ben);
});

beforeEach(async () => {
  await world.services.database.pool.query('update posts set deleted_at = published_at');
  await world.services.database.pool.query('delete from feed_snapshots');
});

afterAll(() => world[Symbol.asyncDispose]());

async function posts(author: Person, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index++) {
    ids.push(await publish(world, author));
    world.clock.advance(60);
  }
  await world.settle();
  return ids;
}

function sumUp({ explanation }: SeenPlace): number {
  const parts = [
    ...explanation.contributions.map(({ contribution }) => contribution),
    ...explanation.adjustments.map(({ delta }) => delta),
  ];
  return parts.reduce((sum, part) => sum + Math.round(part * 1e9), 0);
}

test('by time: people whom one follows, the newest first, each with its reason', async () => {
  const [older, newer] = await posts(ben, 2);
  await posts(eva, 1);
  const feed = await readFeed(world, ada);
  expect(idsOf(feed)).toEqual([newer, older]);
  expect(feed.edges[0]!.explanation).toMatchObject({
    source: 'FOLLOWED_ACCOUNT',
    summary: expect.stringContaining('ben'),
    controls: ['SWITCH_ALGORITHM'],
    adjustments: [],
    contributions: [{ signal: 'FRESHNESS', weight: 1, evidence: expect.any(String) }],
  });
  for (const edge of feed.edges) expect(sumUp(edge)).toBe(Math.round(edge.explanation.score * 1e9));
});

test('nobody in particular sees the public posts of this server, and shares the order with others', async () => {
  const [post] = await posts(eva, 1);
  const hidden = await publish(world, eva, { visibility: 'FOLLOWERS' });
  const feed = await readFeed(world, null);
  expect(idsOf(feed)).toContain(post);
  expect(idsOf(feed)).not.toContain(hidden);
  expect(feed.edges[0]!.explanation).toMatchObject({ source: 'LOCAL_PUBLIC', controls: [] });
  expect((await readFeed(world, null)).snapshot.id).toBe(feed.snapshot.id);
});

test('a choice in other words is the same choice, and shares the order', async () => {
  await posts(eva, 1);
  const asked = { kinds: ['PHOTO', 'VIDEO'], languages: ['de', 'en'] };
  const same = { kinds: ['VIDEO', 'PHOTO', 'VIDEO'], languages: ['en', 'de', 'en'] };
  const feed = await readFeed(world, null, { filter: asked });
  expect((await readFeed(world, null, { filter: same })).snapshot.id).toBe(feed.snapshot.id);
});

test('what nobody in particular asked for is kept as far as there is room, the newest of it', async () => {
  await posts(eva, 1);
  const { pool } = world.services.database;
  for (const language of ['fi', 'sv', 'da'])
    await readFeed(world, null, { filter: { languages: [language] } });
  await sweepSnapshots(world.services.database, world.clock.now(), 2);
  const left = await pool.query('select count(*)::int as count from feed_snapshots');
  expect(left.rows).toEqual([{ count: 2 }]);
});

test('pages of one order neither repeat nor skip, whatever is published meanwhile', async () => {
  const published = await posts(ben, 5);
  const first = await readFeed(world, ada, { first: 2 });
  await posts(ben, 1);
  const second = await readFeed(world, ada, { first: 2, after: first.pageInfo.endCursor });
  const third = await readFeed(world, ada, { first: 2, after: second.pageInfo.endCursor });
  expect([...idsOf(first), ...idsOf(second), ...idsOf(third)]).toEqual(published.toReversed());
  expect(second.snapshot).toEqual(first.snapshot);
  expect(third.pageInfo.hasNextPage).toBe(false);
});

test('where one order ends the next goes on, and is the same when asked again', async () => {
  const many = 103;
  const published = await posts(ben, many);
  const seen: (string | null)[] = [];
  let after: string | null = null;
  const snapshots = new Set<string>();
  do {
    const page = await readFeed(world, ada, { first: 40, after });
    const again = await readFeed(world, ada, { first: 40, after });
    if (after !== null)
      expect(again.edges.map(({ cursor }) => cursor)).toEqual(
        page.edges.map(({ cursor }) => cursor),
      );
    seen.push(...idsOf(page));
    snapshots.add(page.snapshot.id);
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
  } while (after !== null);
  expect(seen).toEqual(published.toReversed());
  expect(snapshots.size).toBe(2);
});

test('a post that is deleted or hidden later leaves its place empty', async () => {
  const [first, second, third] = await posts(ben, 3);
  const page = await readFeed(world, ada, { first: 1 });
  await ben.graphql(
    'mutation ($id: ID!) { deletePost(input: { postId: $id }) { userErrors { code } } }',
    { id: second },
  );
  const rest = await readFeed(world, ada, { first: 5, after: page.pageInfo.endCursor });
  expect([...idsOf(page), ...idsOf(rest)]).toEqual([third, null, first]);
  expect(rest.edges[0]!.explanation.summary).not.toContain('ben');
});

test('mutes, blocks and filters hold when an order is made and when it is read', async () => {
  const [one] = await posts(ben, 2);
  const before = await readFeed(world, ada, { first: 1 });
  await mute(ada, ben);
  const after = await readFeed(world, ada, { first: 1, after: before.pageInfo.endCursor });
  expect(idsOf(after)).toEqual([null]);
  expect(idsOf(await readFeed(world, ada))).toEqual([]);
  await mute(ada, ben, false);
  expect(idsOf(await readFeed(world, ada))).toContain(one);
  await block(world, eva, ada);
  await posts(eva, 1);
  for (const algorithm of ['for-you', 'trending', 'editorial'])
    expect(idsOf(await readFeed(world, ada, { algorithm }))).not.toContain(null);
  await block(world, eva, ada, false);
});

test('keyword filters of the home timeline hold in the feed by time', async () => {
  const spoiler = await publish(world, ben, { caption: 'The ending is a surprise' });
  const plain = await publish(world, ben, { caption: 'A boat' });
  await world.settle();
  await filter(ada, 'ending', { contexts: ['HOME'], action: 'HIDE' });
  const ids = idsOf(await readFeed(world, ada));
  expect(ids).toContain(plain);
  expect(ids).not.toContain(spoiler);
});

test('an order is there for whom it was made', async () => {
  await posts(ben, 1);
  const { snapshot, pageInfo } = await readFeed(world, ada);
  const read = async (who: Person) => {
    const answer = await who.graphql<{
      feedSnapshot: {
        seed: string;
        algorithm: { slug: string };
        entries: { rank: number; post: unknown }[];
      } | null;
      node: { id: string } | null;
    }>(
      `query ($id: ID!) { feedSnapshot(id: $id) { seed algorithm { slug } weights { signal weight } rejected { reason }
        entries { rank post { id } explanation { score } } } node(id: $id) { id } }`,
      { id: snapshot.id },
    );
    expect(answer.errors).toBeUndefined();
    return answer.data;
  };
  expect(await read(ada)).toMatchObject({
    feedSnapshot: {
      seed: snapshot.seed,
      algorithm: { slug: 'chronological' },
      entries: [{ rank: 1, post: { id: expect.any(String) } }],
    },
    node: { id: snapshot.id },
  });
  expect(await read(ben)).toEqual({ feedSnapshot: null, node: null });
  const stolen = await ben.graphql(
    'query ($after: String) { feed(after: $after) { edges { cursor } } }',
    {
      after: pageInfo.endCursor,
    },
  );
  expect(stolen.errors?.[0]?.extensions?.['code']).toBe('INVALID_CURSOR');
});

test('a token that may not read feeds learns nothing of those of its owner', async () => {
  const zoe = await world.local('zoe');
  const id = await publishVideo(world, ben);
  const { snapshot } = await readFeed(world, zoe);
  const told = await zoe.graphql(
    'mutation ($id: ID!) { recordPlayback(input: { entries: [{ postId: $id, watchedMs: 900, positionMs: 800 }] }) { accepted } }',
    { id: id.postId },
  );
  expect(told.data['recordPlayback']).toEqual({ accepted: 1 });
  const made = await zoe.graphql<{ createPersonalAccessToken: { token: string } }>(
    'mutation { createPersonalAccessToken(input: { name: "App", scopes: ["write:media", "read:posts"] }) { token } }',
  );
  expect(made.data.createPersonalAccessToken.token).toMatch(/^trp_/);
  const document = `query ($id: ID!, $snapshot: ID!) { feedSnapshot(id: $snapshot) { id } node(id: $snapshot) { id }
    post(by: { id: $id }) { ... on VideoPost { viewerPositionMs } } }`;
  const variables = { id: id.postId, snapshot: snapshot.id };
  const { token } = made.data.createPersonalAccessToken;
  expect((await world.graphql(document, variables, token)).data).toEqual({
    feedSnapshot: null,
    node: null,
    post: { viewerPositionMs: null },
  });
  expect((await zoe.graphql(document, variables)).data['post']).toEqual({ viewerPositionMs: 800 });
  const feed = await world.graphql('{ feed { snapshot { id } } }', {}, token);
  expect(feed).toMatchObject({ errors: [{ extensions: { code: 'INSUFFICIENT_SCOPE' } }] });
});

test('an order is gone after seven days', async () => {
  await posts(ben, 1);
  const { snapshot } = await readFeed(world, ada);
  world.clock.advance(7 * 86_400 + 1);
  const answer = await ada.graphql('query ($id: ID!) { feedSnapshot(id: $id) { id } }', {
    id: snapshot.id,
  });
  expect(answer.data).toEqual({ feedSnapshot: null });
});

test('an algorithm that there is not is refused by name', async () => {
  const answer = await ada.graphql('{ feed(algorithm: "secret") { edges { cursor } } }');
  expect(answer.errors?.[0]?.message).toContain('chronological, editorial, trending, for-you');
});

test('recipes are public, with formulas, bounds and history', async () => {
  const answer = await world.graphql<{ instance: { feedAlgorithms: { slug: string }[] } }>(
    `{ instance { feedAlgorithms { slug name version isDefault usesProfiling description candidateSources { source limit }
      signals { signal weight minWeight maxWeight isAdjustable formula } adjustments { key places description }
      changelog { version changedOn summary } } } }`,
  );
  expect(answer.data.instance.feedAlgorithms).toMatchObject([
    { slug: 'chronological', isDefault: true, usesProfiling: false },
    { slug: 'editorial', isDefault: false },
    { slug: 'trending', isDefault: false, usesProfiling: false },
    { slug: 'for-you', isDefault: false, usesProfiling: true },
  ]);
});

// What is known of somebody: only what they did, only where they allow it, and not longer than they like.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { storeSnapshot, findWholeSnapshot } from '../../src/feeds/snapshots.queries.js';
import { newId } from '../../src/platform/ids.js';
import { idsOf, prefer, readFeed } from '../support/feeds.js';
import { comment, follow, innerId, publish, react } from '../support/posts.js';
import type { Refusal } from '../support/posts.js';
import { startWorld, type Person, type World } from '../support/world.js';

let world: World;
let ada: Person;
let ben: Person;
let eva: Person;
let ida: Person;

beforeAll(async () => {
  world = await startWorld();
  [ada, ben, eva, ida] = [
    await world.local('ada'),
    await world.local('ben'),
    await world.local('eva'),
    await world.local('ida'),
  ];
  for (const person of [ben, eva, ida]) {
    await person.graphql(
      'mutation { updateProfile(input: { isDiscoverable: true }) { userErrors { code } } }',
    );
  }
});

afterAll(() => world[Symbol.asyncDispose]());

interface Interest {
  readonly kind: string;
  readonly actor: { readonly handle: string } | null;
  readonly hashtag: { readonly id: string; readonly name: string } | null;
  readonly score: number;
  readonly evidence: string;
}

async function interests(who: Person): Promise<Interest[]> {
  const answer = await who.graphql<{ viewer: { interestProfile: Interest[] } }>(
    '{ viewer { interestProfile { kind actor { handle } hashtag { id name } score evidence } } }',
  );
  expect(answer.errors).toBeUndefined();
  return answer.data.viewer.interestProfile;
}

async function change(
  who: Person,
  mutation: string,
  input: Record<string, unknown>,
): Promise<Refusal[]> {
  const type = mutation.charAt(0).toUpperCase() + mutation.slice(1);
  const answer = await who.graphql<Record<string, { userErrors: Refusal[] }>>(
    `mutation ($input: ${type}Input!) { ${mutation}(input: $input) {
      preferences { profilingEnabled mutedHashtags excludeAi weights { signal weight } hiddenAuthors { handle } defaultAlgorithm { slug } }
      userErrors { code path } } }`,
    { input },
  );
  expect(answer.errors).toBeUndefined();
  return answer.data[mutation]!.userErrors;
}

async function count(table: string): Promise<number> {
  const { rows } = await world.services.database.pool.query(
    `select count(*)::int as count from ${table} where owner_id = $1`,
    [ada.actorId],
  );
  return (rows[0] as { count: number }).count;
}

test('nothing is known until profiling is on, and then what one did oneself', async () => {
  const post = await publish(world, ben, { caption: 'Evening #light' });
  await react(ada, post, '❤');
  await comment(ada, post, 'Fine.');
  expect(await interests(ada)).toEqual([]);
  await prefer(ada, { profilingEnabled: true });
  const known = await interests(ada);
  expect(known).toMatchObject([
    { kind: 'ACCOUNT', actor: { handle: expect.stringContaining('ben') }, score: 0.15 },
    { kind: 'HASHTAG', hashtag: { name: 'light' }, score: 0.15 },
  ]);
  expect(known[0]!.evidence).toMatch(/1 comment.*1 like|1 like.*1 comment/);
});

test('what is taken back is not known any more', async () => {
  const post = await publish(world, eva);
  await react(ada, post, '❤');
  expect((await interests(ada)).map(({ actor }) => actor?.handle ?? '')).toContainEqual(
    expect.stringContaining('eva'),
  );
  await react(ada, post, null);
  expect((await interests(ada)).map(({ actor }) => actor?.handle ?? '')).not.toContainEqual(
    expect.stringContaining('eva'),
  );
});

test('the feed for the viewer says what it knows, and only to the viewer', async () => {
  await follow(world, ada, ida);
  const liked = await publish(world, ben, { caption: 'Morning #light' });
  const other = await publish(world, ida);
  await world.settle();
  const feed = await readFeed(world, ada, { algorithm: 'for-you' });
  expect(idsOf(feed)).toEqual(expect.arrayContaining([liked, other]));
  const { contributions, controls } = feed.edges.find(
    ({ node }) => node?.id === liked,
  )!.explanation;
  expect(contributions.find(({ signal }) => signal === 'CREATOR_AFFINITY')).toMatchObject({
    normalized: 0.15,
    evidence: expect.stringContaining('ben'),
  });
  expect(contributions.find(({ signal }) => signal === 'HASHTAG_AFFINITY')!.evidence).toContain(
    '#',
  );
  expect(controls).toContain('LESS_LIKE_THIS');
  for (const { explanation } of feed.edges) {
    const parts = [
      ...explanation.contributions.map(({ contribution }) => contribution),
      ...explanation.adjustments.map(({ delta }) => delta),
    ];
    const sum = parts.reduce((total, part) => total + Math.round(part * 1e9), 0);
    expect(sum).toBe(Math.round(explanation.score * 1e9));
  }
  const anonymous = await readFeed(world, null, { algorithm: 'for-you' });
  for (const { explanation } of anonymous.edges)
    expect(explanation.contributions.map(({ signal }) => signal)).not.toContain('CREATOR_AFFINITY');
});

test('weights are chosen within their bounds', async () => {
  const refused = (weights: object[]) => change(ada, 'updateFeedPreferences', { weights });
  expect(await refused([{ signal: 'FRESHNESS', weight: 0.7 }])).toEqual([
    { code: 'INVALID_INPUT', path: ['weights', '0', 'weight'] },
  ]);
  expect(await refused([{ signal: 'NEGATIVE_FEEDBACK', weight: 0 }])).toHaveLength(1);
  expect(await refused([{ signal: 'TREND', weight: 0.1 }])).toEqual([
    { code: 'INVALID_INPUT', path: ['weights', '0', 'signal'] },
  ]);
  await prefer(ada, { weights: [{ signal: 'FRESHNESS', weight: 0.6 }] });
  const feed = await readFeed(world, ada, { algorithm: 'for-you' });
  const [first] = feed.edges;
  expect(
    first!.explanation.contributions.find(({ signal }) => signal === 'FRESHNESS')!.weight,
  ).toBe(0.6);
  await prefer(ada, { weights: null });
});

test('the default feed is chosen, and a hashtag or AI left out of the one for the viewer', async () => {
  const tagged = await publish(world, ida, { caption: '#Spiders' });
  const made = await publish(world, ida, { aiDisclosure: 'GENERATED' });
  await world.settle();
  await prefer(ada, { defaultAlgorithm: 'for-you', mutedHashtags: ['#SPIDERS'], excludeAi: true });
  const ids = idsOf(await readFeed(world, ada));
  expect(ids).not.toContain(tagged);
  expect(ids).not.toContain(made);
  const { snapshot } = await readFeed(world, ada);
  const answer = await ada.graphql<{
    feedSnapshot: { rejected: { post: { id: string } | null; reason: string }[] };
  }>('query ($id: ID!) { feedSnapshot(id: $id) { rejected(first: 300) { post { id } reason } } }', {
    id: snapshot.id,
  });
  const reasons = answer.data.feedSnapshot.rejected;
  expect(reasons).toContainEqual({ post: { id: tagged }, reason: 'MUTED_HASHTAG' });
  expect(reasons).toContainEqual({ post: { id: made }, reason: 'AI' });
  await prefer(ada, { defaultAlgorithm: null, mutedHashtags: [], excludeAi: false });
});

test('less like this lowers, hiding an author leaves out, and both are taken back', async () => {
  const post = await publish(world, ida, { caption: 'Boats' });
  await world.settle();
  const scoreOf = async (): Promise<number | null> => {
    const feed = await readFeed(world, ada, { algorithm: 'for-you' });
    const found = feed.edges.find(({ node }) => node?.id === post)?.explanation;
    const sum = found?.contributions.reduce((total, part) => total + part.contribution, 0);
    return sum ?? null;
  };
  const before = (await scoreOf())!;
  const less = { subjectId: post, control: 'LESS_LIKE_THIS' };
  expect(await change(ada, 'giveFeedFeedback', less)).toEqual([]);
  expect((await scoreOf())!).toBeLessThan(before - 0.4);
  expect(await change(ada, 'giveFeedFeedback', { ...less, undo: true })).toEqual([]);
  expect(Math.abs((await scoreOf())! - before)).toBeLessThan(0.05);
  const hide = { subjectId: ida.actorGlobalId, control: 'HIDE_AUTHOR' };
  expect(await change(ada, 'giveFeedFeedback', hide)).toEqual([]);
  expect(await scoreOf()).toBeNull();
  expect(await change(ada, 'giveFeedFeedback', { ...hide, undo: true })).toEqual([]);
  expect(await scoreOf()).not.toBeNull();
});

test('one interest is forgotten, and comes back only by what is done later', async () => {
  const before = await interests(ada);
  const light = before.find(({ hashtag }) => hashtag?.name === 'light')!;
  world.clock.advance(1);
  const subjectIds = [ben.actorGlobalId, light.hashtag!.id];
  expect(await change(ada, 'resetInterests', { subjectIds })).toEqual([]);
  const handles = async () => (await interests(ada)).map(({ actor }) => actor?.handle ?? '');
  expect(await handles()).not.toContainEqual(expect.stringContaining('ben'));
  world.clock.advance(1);
  await react(ada, await publish(world, ben), '❤');
  expect(await handles()).toContainEqual(expect.stringContaining('ben'));
});

test('a page that was being computed while something was forgotten is not stored', async () => {
  const { database, clock } = world.services;
  await prefer(ada, { profilingEnabled: true });
  const computed = async () => {
    const { snapshot } = await readFeed(world, ada, { algorithm: 'for-you' });
    const whole = await findWholeSnapshot(database, innerId(snapshot.id));
    world.clock.advance(1);
    return { ...whole!, id: newId<'feedsnapshot'>(clock.now()) };
  };
  const store = (late: Awaited<ReturnType<typeof computed>>) =>
    storeSnapshot(database, late, { sharedKey: null, continuesId: null });
  expect(await store(await computed())).toBe('STORED');
  const beforeReset = await computed();
  await change(ada, 'resetInterests', { subjectIds: [ida.actorGlobalId] });
  expect(await store(beforeReset)).toBe('FORGOTTEN');
  world.clock.advance(1);
  const beforeAll = await computed();
  await change(ada, 'resetInterests', { all: true });
  expect(await store(beforeAll)).toBe('FORGOTTEN');
  world.clock.advance(1);
  const beforeOff = await computed();
  await prefer(ada, { profilingEnabled: false });
  expect(await store(beforeOff)).toBe('FORGOTTEN');
});

test('turning profiling off forgets everything, and pages that knew it', async () => {
  await prefer(ada, { profilingEnabled: true });
  const post = await publish(world, ida, { caption: 'Last' });
  await world.settle();
  expect(
    await change(ada, 'giveFeedFeedback', { subjectId: post, control: 'LESS_LIKE_THIS' }),
  ).toEqual([]);
  const { snapshot } = await readFeed(world, ada, { algorithm: 'for-you' });
  await prefer(ada, { profilingEnabled: false });
  expect([await count('feed_feedback'), await count('interest_resets')]).toEqual([0, 0]);
  const { rows } = await world.services.database.pool.query(
    'select 1 from feed_snapshots where id = $1',
    [innerId(snapshot.id)],
  );
  expect(rows).toEqual([]);
  expect(
    await change(ada, 'giveFeedFeedback', { subjectId: post, control: 'LESS_LIKE_THIS' }),
  ).toEqual([{ code: 'CONFLICT', path: null }]);
  await readFeed(world, ada, { algorithm: 'for-you' });
  const stored = await world.services.database.pool.query(
    `select input->'viewer'->'profile' as profile, weights from feed_snapshots where owner_id = $1 and algorithm = 'for-you' order by id desc limit 1`,
    [ada.actorId],
  );
  expect(stored.rows[0]).toMatchObject({ profile: null, weights: { CREATOR_AFFINITY: 0 } });
  world.clock.advance(1);
  await prefer(ada, { profilingEnabled: true });
  expect(await interests(ada)).toEqual([]);
});

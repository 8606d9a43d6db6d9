// Where the posts of a feed come from: picks of the staff, trends, people near, and the lot.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { replaySnapshot, toReplayFile } from '../../src/feeds/replay-snapshot.js';
import { findWholeSnapshot } from '../../src/feeds/snapshots.queries.js';
import { idsOf, prefer, readFeed } from '../support/feeds.js';
import { follow, innerId, publish, react, type Refusal } from '../support/posts.js';
import { runScheduled } from '../support/scheduled.js';
import { startWorld, type Person, type World } from '../support/world.js';

let world: World;
let admin: Person;
let people: Person[];

beforeAll(async () => {
  world = await startWorld();
  admin = await world.admin();
  people = [];
  for (const name of ['ada', 'ben', 'eva', 'ida', 'leo', 'mia', 'noa']) {
    const person = await world.local(name);
    await person.graphql(
      'mutation { updateProfile(input: { isDiscoverable: true }) { userErrors { code } } }',
    );
    people.push(person);
  }
  await admin.graphql(
    'mutation { updateInstance(input: { autoApproveTrends: true }) { userErrors { code } } }',
  );
});

beforeEach(async () => {
  await world.services.database.pool.query('update posts set deleted_at = published_at');
  await world.services.database.pool.query('delete from feed_snapshots');
  world.clock.advance(3600);
});

afterAll(() => world[Symbol.asyncDispose]());

interface Pick {
  readonly id: string;
  readonly criterion: string;
  readonly reason: string;
  readonly curator: { readonly handle: string };
  readonly post: { readonly id: string };
}

async function pick(
  who: Person,
  input: Record<string, unknown>,
): Promise<{ pick: Pick | null; userErrors: Refusal[] }> {
  const answer = await who.graphql<{ pickPost: { pick: Pick | null; userErrors: Refusal[] } }>(
    `mutation ($input: PickPostInput!) { pickPost(input: $input) {
      pick { id criterion reason curator { handle } post { id } } userErrors { code path ... on ValidationError { limit } } } }`,
    { input: { criterion: 'CRAFT', reason: 'The *light*.', ...input } },
  );
  expect(answer.errors).toBeUndefined();
  return answer.data.pickPost;
}

test('a pick has a curator, a criterion and a public reason, and ends', async () => {
  const [ada, ben] = people as [Person, Person];
  const postId = await publish(world, ben);
  const made = await pick(admin, { postId });
  expect(made.pick).toMatchObject({
    criterion: 'CRAFT',
    reason: expect.stringContaining('<em>light</em>'),
    curator: { handle: expect.stringContaining(admin.username) },
    post: { id: postId },
  });
  expect(await pick(admin, { postId })).toMatchObject({
    userErrors: [{ code: 'ALREADY_EXISTS', path: ['postId'] }],
  });
  const feed = await readFeed(world, ada, { algorithm: 'editorial' });
  expect(idsOf(feed)).toEqual([postId]);
  expect(feed.edges[0]!.explanation).toMatchObject({
    source: 'EDITORIAL_PICK',
    editorialPick: { reason: expect.stringContaining('light') },
  });
  world.clock.advance(15 * 86_400);
  expect(idsOf(await readFeed(world, ada, { algorithm: 'editorial' }))).toEqual([]);
  expect((await pick(admin, { postId })).pick).not.toBeNull();
});

test('nobody picks their own post, or one whose author wants it in no list', async () => {
  const own = await publish(world, admin);
  const unlisted = await publish(world, people[1]!, { visibility: 'UNLISTED' });
  for (const postId of [own, unlisted])
    expect(await pick(admin, { postId })).toMatchObject({
      userErrors: [{ code: 'FORBIDDEN', path: ['postId'] }],
    });
});

test('when a pick ends is bounded, and the bound is a duration', async () => {
  const postId = await publish(world, people[1]!);
  const ending = async (days: number) => {
    const expiresAt = new Date(world.clock.now().getTime() + days * 86_400_000);
    return (await pick(admin, { postId, expiresAt: expiresAt.toISOString() })).userErrors;
  };
  const refused = { code: 'INVALID_INPUT', path: ['expiresAt'] };
  expect(await ending(91)).toEqual([{ ...refused, limit: 'P90D' }]);
  expect(await ending(-1)).toEqual([{ ...refused, limit: null }]);
});

test('a pick that is taken back is gone from the feed and from its id', async () => {
  const postId = await publish(world, people[1]!);
  const { id } = (await pick(admin, { postId })).pick!;
  const answer = await admin.graphql<{ withdrawPick: { withdrawnPickId: string } }>(
    'mutation ($pickId: ID!) { withdrawPick(input: { pickId: $pickId }) { withdrawnPickId userErrors { code } } }',
    { pickId: id },
  );
  expect(answer.data.withdrawPick.withdrawnPickId).toBe(id);
  expect(idsOf(await readFeed(world, people[0]!, { algorithm: 'editorial' }))).toEqual([]);
  const node = await admin.graphql('query ($id: ID!) { node(id: $id) { id } }', { id });
  expect(node.data).toEqual({ node: null });
});

test('what trends stands in its order, for whoever is signed in or not', async () => {
  const [ada, ben, eva, ida, leo] = people as [Person, Person, Person, Person, Person];
  const much = await publish(world, ben);
  const little = await publish(world, eva);
  for (const person of [ada, ida, leo]) await react(person, much, '❤');
  for (const person of [ada, ida]) await react(person, little, '❤');
  await world.settle();
  await runScheduled(world, 'computeTrends');
  const feed = await readFeed(world, ada, { algorithm: 'trending' });
  expect(idsOf(feed)).toEqual([much, little]);
  expect(feed.edges[0]!.explanation.contributions).toMatchObject([
    { signal: 'TREND', raw: 1, normalized: 1, evidence: 'Number 1 of what trends.' },
  ]);
  expect(idsOf(await readFeed(world, null, { algorithm: 'trending' }))).toEqual([much, little]);
  await admin.graphql(
    'mutation ($id: ID!) { decideTrend(input: { subjectId: $id, allow: false }) { userErrors { code } } }',
    { id: much },
  );
  expect(idsOf(await readFeed(world, ada, { algorithm: 'trending' }))).toEqual([little]);
});

test('people near are found through people whom one follows, unless these hide whom they follow', async () => {
  const [ada, ben, eva] = people as [Person, Person, Person];
  await follow(world, ada, ben);
  await follow(world, ben, eva);
  const near = await publish(world, eva);
  await world.services.database.pool.query(`update posts set is_local = false where id = $1`, [
    innerId(near),
  ]);
  const source = async () => {
    const { edges } = await readFeed(world, ada, { algorithm: 'for-you' });
    return edges.find(({ node }) => node?.id === near)?.explanation.source;
  };
  expect(await source()).toBe('SIMILAR_CREATOR');
  await ben.graphql(
    'mutation { updateSettings(input: { hideFollowLists: true }) { userErrors { code } } }',
  );
  expect(await source()).not.toBe('SIMILAR_CREATOR');
});

test('posts of people who do not want to be found come to those who follow them alone', async () => {
  const shy = await world.local('shy');
  const fan = await world.local('fan');
  await follow(world, fan, shy);
  const post = await publish(world, shy);
  await world.settle();
  expect(idsOf(await readFeed(world, fan, { algorithm: 'for-you' }))).toContain(post);
  expect(idsOf(await readFeed(world, people[4]!, { algorithm: 'for-you' }))).not.toContain(post);
});

test('what one has dealt with is not shown again in the feed that is made for one', async () => {
  const [ada, ben] = people as [Person, Person];
  const post = await publish(world, ben);
  await world.settle();
  expect(idsOf(await readFeed(world, ada, { algorithm: 'for-you' }))).toContain(post);
  await react(ada, post, '❤');
  expect(idsOf(await readFeed(world, ada, { algorithm: 'for-you' }))).not.toContain(post);
});

test('what one has watched is not shown again, until one has that forgotten', async () => {
  const [ada, ben] = people as [Person, Person];
  const post = await publish(world, ben);
  await world.settle();
  const shown = async () => idsOf(await readFeed(world, ada, { algorithm: 'for-you' }));
  expect(await shown()).toContain(post);
  await ada.graphql(
    'mutation ($id: ID!) { recordPlayback(input: { entries: [{ postId: $id, watchedMs: 900 }] }) { accepted } }',
    { id: post },
  );
  expect(await shown()).not.toContain(post);
  await ada.graphql('mutation { clearPlaybackHistory { cleared } }');
  expect(await shown()).toContain(post);
});

test('what an author may use changes nothing in a feed', async () => {
  const [ada, ben, eva] = people as [Person, Person, Person];
  for (const author of [ben, eva, ben, eva]) await publish(world, author);
  await world.settle();
  const before = await readFeed(world, ada, { algorithm: 'for-you' });
  await world.services.database.pool.query(`update accounts set role = 'OWNER' where id = $1`, [
    eva.accountId,
  ]);
  await world.services.database.pool.query(
    `insert into entitlement_grants (account_id, key, value, source, created_at) values ($1, 'STORAGE_BYTES', 1000000000, 'PLAN', now())`,
    [eva.accountId],
  );
  const after = await readFeed(world, ada, { algorithm: 'for-you' });
  expect(idsOf(after)).toEqual(idsOf(before));
});

const HEARD = `with made as (insert into sounds (id, origin_id, title, duration_ms, created_at)
    values (gen_random_uuid(), $1, 'Rain', 1000, now()) returning id)
  insert into sound_uses (post_id, sound_id, source) select post_id, id, 'OWN' from made, unnest($2::uuid[]) as used(post_id)`;

test('sounds trend by the people who use them', async () => {
  const [, ben, eva] = people as [Person, Person, Person];
  const origin = await publish(world, ben);
  const other = await publish(world, eva);
  const alone = await publish(world, ben);
  const { pool } = world.services.database;
  await pool.query(HEARD, [innerId(origin), [innerId(origin), innerId(other)]]);
  await pool.query(HEARD, [innerId(alone), [innerId(alone)]]);
  const answer = await world.graphql(
    '{ trends { soundFormula sounds(first: 5) { uses people sound { title } } } }',
  );
  expect(answer.data['trends']).toEqual({
    soundFormula: expect.stringContaining('people'),
    sounds: [{ uses: 2, people: 2, sound: { title: 'Rain' } }],
  });
});

test('a stored order is computed again from what was stored, bit for bit', async () => {
  const [ada, ben, eva, ida] = people as [Person, Person, Person, Person];
  await prefer(ada, { profilingEnabled: true });
  for (const author of [ben, eva, ida, ben]) {
    const post = await publish(world, author, { caption: 'Boats #sea #light' });
    if (author === eva) await react(ada, post, '❤');
  }
  await world.settle();
  for (const algorithm of ['for-you', 'chronological', 'trending', 'editorial']) {
    const { snapshot } = await readFeed(world, ada, { algorithm });
    const stored = await findWholeSnapshot(world.services.database, innerId(snapshot.id));
    const outcome = replaySnapshot(toReplayFile(stored!));
    expect(outcome).toMatchObject({ isInputIntact: true, isSame: true, firstDifference: null });
  }
});

test('what one has watched is not shown again, and how often it was watched to the end counts in steps', async () => {
  const [ada, ben] = people as [Person, Person];
  const watched = await publish(world, ben);
  await world.settle();
  const { pool } = world.services.database;
  await pool.query(
    `insert into post_days (post_id, day, views, completions) values ($1, '2026-01-01', 52, 26)`,
    [innerId(watched)],
  );
  const feed = await readFeed(world, ada, { algorithm: 'for-you' });
  const { contributions } = feed.edges.find(({ node }) => node?.id === watched)!.explanation;
  expect(contributions.find(({ signal }) => signal === 'COMPLETION_RATE')).toMatchObject({
    raw: 25,
    normalized: 0.5,
  });
  // nobody sees one person come, or watch to the end
  await pool.query(
    'update post_days set views = views + 1, completions = completions + 1 where post_id = $1',
    [innerId(watched)],
  );
  const later = await readFeed(world, ada, { algorithm: 'for-you' });
  expect(
    later.edges.find(({ node }) => node?.id === watched)!.explanation.contributions,
  ).toContainEqual(
    expect.objectContaining({ signal: 'COMPLETION_RATE', raw: 25, normalized: 0.5 }),
  );
  await pool.query(
    `insert into playback_history (actor_id, post_id, first_seen_at, last_seen_at) values ($1, $2, now(), now())`,
    [ada.actorId, innerId(watched)],
  );
  expect(idsOf(await readFeed(world, ada, { algorithm: 'for-you' }))).not.toContain(watched);
});

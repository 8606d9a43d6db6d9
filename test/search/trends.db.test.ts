// Trends through the public API: what counts, what shows, and what the staff decides.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { block, comment, mute, publish, react } from '../support/posts.js';
import { runScheduled } from '../support/scheduled.js';
import { startWorld, type Person, type World } from '../support/world.js';

let world: World;
let admin: Person;
let people: Person[];

beforeAll(async () => {
  world = await startWorld();
  admin = await world.admin();
  people = [];
  for (const name of ['ada', 'ben', 'eva', 'ida']) people.push(await open(name));
});

beforeEach(async () => {
  await world.services.database.pool.query('update posts set deleted_at = published_at');
});

afterAll(() => world[Symbol.asyncDispose]());

async function open(username: string, isDiscoverable = true): Promise<Person> {
  const who = await world.local(username);
  await who.graphql(
    'mutation ($is: Boolean!) { updateProfile(input: { isDiscoverable: $is }) { userErrors { code } } }',
    { is: isDiscoverable },
  );
  return who;
}

async function compute(): Promise<void> {
  await world.settle();
  await runScheduled(world, 'computeTrends');
}

interface HashtagTrend {
  readonly hashtag: { readonly id: string; readonly name: string };
  readonly score: number;
  readonly uses: number;
  readonly people: number;
  readonly history: readonly { readonly day: number; readonly uses: number }[];
}
interface PostTrend {
  readonly post: { readonly id: string };
  readonly score: number | null;
  readonly reactions: number | null;
  readonly comments: number | null;
  readonly reposts: number | null;
}
interface Lists {
  readonly hashtags: HashtagTrend[];
  readonly posts: PostTrend[];
}

const FIELDS = `hashtags: HASHTAGS { hashtag { id name } score uses people history { day uses } }
  posts: POSTS { post { id } score reactions comments reposts }`;

async function trends(who: Person | null = null): Promise<Lists> {
  const fields = FIELDS.replace('HASHTAGS', 'hashtags').replace('POSTS', 'posts');
  const answer = await (who ?? world).graphql<{ trends: Lists }>(`{ trends { ${fields} } }`);
  expect(answer.errors).toBeUndefined();
  return answer.data.trends;
}

async function pending(): Promise<Lists> {
  const fields = FIELDS.replace('HASHTAGS', 'pendingHashtagTrends').replace(
    'POSTS',
    'pendingPostTrends',
  );
  const answer = await admin.graphql<{ admin: Lists }>(`{ admin { ${fields} } }`);
  expect(answer.errors).toBeUndefined();
  return answer.data.admin;
}

async function decide(subjectId: string, allow: boolean): Promise<void> {
  const answer = await admin.graphql<{ decideTrend: { userErrors: unknown[] } }>(
    'mutation ($subjectId: ID!, $allow: Boolean!) { decideTrend(input: { subjectId: $subjectId, allow: $allow }) { subjectId userErrors { code } } }',
    { subjectId, allow },
  );
  expect(answer.data.decideTrend).toEqual({ subjectId, userErrors: [] });
}

async function autoApprove(isSet: boolean | null): Promise<void> {
  const answer = await admin.graphql<{
    updateInstance: { instance: { autoApproveTrends: boolean } };
  }>(
    'mutation ($is: Boolean) { updateInstance(input: { autoApproveTrends: $is }) { instance { autoApproveTrends } } }',
    { is: isSet },
  );
  expect(answer.data.updateInstance.instance.autoApproveTrends).toBe(isSet ?? false);
}

test('the formulas are published with the lists', async () => {
  const answer = await world.graphql('{ trends { hashtagFormula postFormula } }');
  expect(answer.data['trends']).toEqual({
    hashtagFormula: expect.stringContaining('ln(1 + people'),
    postFormula: expect.stringContaining('2^'),
  });
});

test('hashtags trend by their people, against the week before', async () => {
  const [ada, ben, eva, ida] = people as [Person, Person, Person, Person];
  for (const who of [ada, ben]) await publish(world, who, { caption: '#steady' });
  world.clock.advance(2 * 24 * 3600);
  for (const who of [ada, ben, eva]) await publish(world, who, { caption: '#steady #fresh' });
  await publish(world, ida, { caption: '#alone' });
  await publish(world, ida, { caption: '#alone' });
  const shy = await open('shy_tagger', false);
  await publish(world, shy, { caption: '#alone #fresh' });
  await publish(world, ida, { caption: '#fresh', visibility: 'FOLLOWERS' });
  await compute();
  await compute();
  const { hashtags } = await pending();
  expect(hashtags.map(({ hashtag }) => hashtag.name)).toEqual(['fresh', 'steady']);
  expect(hashtags[0]).toMatchObject({ uses: 3, people: 3, history: [{ day: 0, uses: 3 }] });
  expect(hashtags[0]!.score).toBeCloseTo(3 * Math.log(4), 5);
  expect(hashtags[1]).toMatchObject({ uses: 3, people: 3 });
  expect(hashtags[1]!.history).toEqual([
    { day: 0, uses: 3 },
    { day: 2, uses: 2 },
  ]);
  expect(hashtags[1]!.score).toBeCloseTo(3 * Math.log(1 + 3 / (1 + 2 / 7)), 5);
  world.clock.advance(25 * 3600);
  await compute();
  expect((await pending()).hashtags).toEqual([]);
});

test('posts trend by distinct people, weighted and aging', async () => {
  const [ada, ben, eva, ida] = people as [Person, Person, Person, Person];
  const [busy, plain, lonely, sensitive] = [
    await publish(world, ada),
    await publish(world, ben),
    await publish(world, eva),
    await publish(world, ada, { isSensitive: true }),
  ];
  world.clock.advance(6 * 3600);
  await react(ben, busy, '❤');
  await comment(eva, busy, 'one');
  await comment(eva, busy, 'two');
  await ida.graphql(
    'mutation ($id: ID!) { setRepost(input: { postId: $id, reposted: true }) { userErrors { code } } }',
    { id: busy },
  );
  for (const who of [ada, eva]) await react(who, plain, '❤');
  await react(ben, plain, '🎉');
  await react(ben, lonely, '❤');
  await comment(eva, lonely, 'own words count for nothing');
  for (const who of [ben, eva]) await react(who, sensitive, '❤');
  await compute();
  const { posts } = await pending();
  expect(
    posts.map(({ post, reactions, comments, reposts }) => [post.id, reactions, comments, reposts]),
  ).toEqual([
    [busy, 1, 1, 1],
    [plain, 2, 0, 0],
  ]);
  expect(posts[0]!.score).toBeCloseTo(6 * 2 ** (-6 / 24), 2);
});

test('a trend shows when the staff approves it, or at once where the server says so; each decision is recorded', async () => {
  const [ada, ben, eva] = people as [Person, Person, Person, Person];
  for (const who of [ada, ben]) await publish(world, who, { caption: '#good #bad #open' });
  const post = await publish(world, ada);
  for (const who of [ben, eva]) await react(who, post, '❤');
  await compute();
  expect(await trends()).toEqual({ hashtags: [], posts: [] });
  const ids = Object.fromEntries(
    (await pending()).hashtags.map(({ hashtag }) => [hashtag.name, hashtag.id]),
  );
  await decide(ids['good']!, true);
  await decide(ids['bad']!, false);
  await decide(post, true);
  const names = async () => (await trends()).hashtags.map(({ hashtag }) => hashtag.name).toSorted();
  expect(await names()).toEqual(['good']);
  expect((await trends()).posts.map((trend) => trend.post.id)).toEqual([post]);
  expect((await pending()).hashtags.map(({ hashtag }) => hashtag.name)).toEqual(['open']);
  expect((await pending()).posts).toEqual([]);
  await autoApprove(true);
  expect(await names()).toEqual(['good', 'open']);
  await autoApprove(null);
  await decide(ids['good']!, false);
  await decide(ids['good']!, false);
  expect(await names()).toEqual([]);
  const log = await admin.graphql<{
    admin: {
      auditLog: { nodes: { action: string; subjectId: string; actor: { username: string } }[] };
    };
  }>('{ admin { auditLog(first: 10) { nodes { action subjectId actor { username } } } } }');
  const acts = log.data.admin.auditLog.nodes.filter(({ action }) => action === 'decideTrend');
  expect(acts).toEqual(
    [ids['good'], post, ids['bad'], ids['good']].map((subjectId) => ({
      action: 'decideTrend',
      subjectId,
      actor: { username: 'adm_abe' },
    })),
  );
});

test('what trends is hidden from those who may not see it, and when it is not for the public any more', async () => {
  const [ada, ben, eva, ida] = people as [Person, Person, Person, Person];
  const post = await publish(world, ada);
  for (const who of [ben, eva]) await react(who, post, '❤');
  await compute();
  await decide(post, true);
  const seen = async (who: Person | null) =>
    (await trends(who)).posts.map((trend) => trend.post.id);
  expect(await seen(ida)).toEqual([post]);
  await mute(ida, ada);
  expect(await seen(ida)).toEqual([]);
  const cut = await world.local('cut');
  await block(world, ada, cut);
  expect(await seen(cut)).toEqual([]);
  expect(await seen(null)).toEqual([post]);
  await open('ada', false);
  expect(await seen(null)).toEqual([]);
  await open('ada');
  await ada.graphql(
    'mutation ($id: ID!) { deletePost(input: { postId: $id }) { userErrors { code } } }',
    { id: post },
  );
  expect(await seen(null)).toEqual([]);
});

test('a post whose author hides numbers trends without them', async () => {
  await autoApprove(true);
  const [ada, ben, eva] = people as [Person, Person, Person];
  const id = await publish(world, ada);
  for (const who of [ben, eva]) await react(who, id, '❤');
  await compute();
  const numbers = async (who: Person) =>
    (await trends(who)).posts.map(({ score, reactions, comments, reposts }) => [
      score !== null,
      reactions,
      comments,
      reposts,
    ]);
  const settings = (who: Person, input: object) =>
    who.graphql(
      'mutation ($input: UpdateSettingsInput!) { updateSettings(input: $input) { userErrors { code } } }',
      { input },
    );
  expect(await numbers(ben)).toEqual([[true, 2, 0, 0]]);
  await settings(ada, { hideCounts: true });
  expect(await numbers(ben)).toEqual([[false, null, null, null]]);
  expect(await numbers(ada)).toEqual([[true, 2, 0, 0]]);
  await settings(ada, { hideCounts: false });
  await settings(eva, { hideOthersCounts: true });
  expect(await numbers(eva)).toEqual([[false, null, null, null]]);
});

// Completing a mention through the public API: who is offered, in which order, and who never is.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { block, comment, follow, publish } from '../support/posts.js';
import { startWorld, type Person, type World } from '../support/world.js';

let world: World;
let viewer: Person;

beforeAll(async () => {
  world = await startWorld();
  viewer = await world.local('viewer');
});

afterAll(() => world[Symbol.asyncDispose]());

async function completions(
  who: Person,
  beginning: string,
  args: { postId?: string; first?: number } = {},
): Promise<string[]> {
  const answer = await who.graphql<{ mentionCompletions: { username: string }[] }>(
    'query ($beginning: String!, $postId: ID, $first: Int) { mentionCompletions(beginning: $beginning, postId: $postId, first: $first) { username } }',
    { beginning, ...args },
  );
  expect(answer.errors).toBeUndefined();
  return answer.data.mentionCompletions.map(({ username }) => username);
}

/** Registers somebody who wants to be found, or not. */
async function person(username: string, isDiscoverable = true, displayName = ''): Promise<Person> {
  const who = await world.local(username);
  const answer = await who.graphql<{ updateProfile: { userErrors: unknown[] } }>(
    'mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { userErrors { code } } }',
    { input: { isDiscoverable, displayName } },
  );
  expect(answer.data?.updateProfile.userErrors).toEqual([]);
  return who;
}

test('the closest come first: the thread, mutual follows, followed, followers, then others', async () => {
  const [stranger, follower, followed, mutual, thread, shy] = [
    await person('sam_stranger'),
    await person('sam_follower'),
    await person('sam_followed'),
    await person('sam_mutual'),
    await person('sam_thread'),
    await person('sam_shy', false),
  ];
  await follow(world, follower, viewer);
  await follow(world, viewer, followed);
  await follow(world, viewer, mutual);
  await follow(world, mutual, viewer);
  const post = await publish(world, stranger);
  await comment(thread, post, 'here');
  const without = ['sam_mutual', 'sam_followed', 'sam_follower', 'sam_stranger', 'sam_thread'];
  expect(await completions(viewer, 'sam')).toEqual(without);
  expect(await completions(viewer, '@SAM_')).toEqual(without);
  const inThread = await completions(viewer, 'sam', { postId: post });
  expect(inThread.slice(0, 2).sort()).toEqual(['sam_stranger', 'sam_thread']);
  expect(inThread.slice(2)).toEqual(['sam_mutual', 'sam_followed', 'sam_follower']);
  expect(await completions(viewer, 'sam', { first: 2 })).toEqual(without.slice(0, 2));
  // Who does not want to be found is offered once the whole name is typed, and to whom they are close.
  expect((await completions(viewer, 'sam_shy'))[0]).toBe('sam_shy');
  await follow(world, shy, viewer);
  expect(await completions(viewer, 'sam_s')).toEqual(['sam_shy', 'sam_stranger']);
  expect((await completions(viewer, '')).slice(0, 2)).toEqual(['sam_mutual', 'sam_followed']);
  expect((await completions(viewer, '', { postId: post })).slice(0, 2).sort()).toEqual([
    'sam_stranger',
    'sam_thread',
  ]);
});

test('names are found by each of their words, domains by their beginning, and signs mean themselves', async () => {
  await person('okapi', true, 'Étienne Grand-Duc Zebulon');
  await person('under_score', true, '100% real');
  expect(await completions(viewer, 'étie')).toEqual(['okapi']);
  expect(await completions(viewer, 'ÉTIENNE GRAND')).toEqual(['okapi']);
  await follow(world, viewer, await world.local('okapi'));
  expect(await completions(viewer, 'zebu')).toEqual(['okapi']);
  expect(await completions(viewer, 'okapi@a.ex')).toEqual(['okapi']);
  expect(await completions(viewer, 'okapi@b.ex')).toEqual([]);
  expect(await completions(viewer, 'under_s')).toEqual(['under_score']);
  expect(await completions(viewer, 'under%')).toEqual([]);
  expect(await completions(viewer, 'u_der')).toEqual([]);
  expect(await completions(viewer, '100%')).toEqual(['under_score']);
  expect(await completions(viewer, '\\')).toEqual([]);
});

test('nobody behind a block, no closed account and not oneself is offered', async () => {
  const [ann, bea] = [await person('mia_ann'), await person('mia_bea')];
  const cut = await person('mia_cut');
  expect((await completions(viewer, 'mia')).sort()).toEqual(['mia_ann', 'mia_bea', 'mia_cut']);
  await block(world, viewer, ann);
  await block(world, bea, viewer);
  await world.services.database.pool.query(
    `update actors set status = 'SUSPENDED' where username = 'mia_cut'`,
  );
  expect(await completions(viewer, 'mia')).toEqual([]);
  expect(await completions(viewer, 'mia_ann')).toEqual([]);
  expect(await completions(cut, 'mia_cut')).toEqual([]);
  expect(await completions(viewer, 'viewer')).toEqual([]);
});

test('whom the staff limited is offered to followers, and once the whole name is typed', async () => {
  const [dim, fan] = [await person('lim_dim'), await person('lim_fan')];
  await follow(world, fan, dim);
  expect(await completions(viewer, 'lim_d')).toEqual(['lim_dim']);
  await world.services.database.pool.query(
    `update actors set status = 'LIMITED' where username = 'lim_dim'`,
  );
  expect(await completions(viewer, 'lim_d')).toEqual([]);
  expect(await completions(fan, 'lim_d')).toEqual(['lim_dim']);
  expect(await completions(viewer, 'lim_dim')).toEqual(['lim_dim']);
});

test('a hidden comment and an unseen post tell nobody who takes part', async () => {
  const [host, guest] = [await person('ned_host', false), await person('ned_guest', false)];
  const open = await publish(world, host);
  const remark = await comment(guest, open, 'hi');
  expect((await completions(viewer, 'ned', { postId: open })).sort()).toEqual([
    'ned_guest',
    'ned_host',
  ]);
  await host.graphql(
    'mutation ($id: ID!) { setCommentHidden(input: { commentId: $id, hidden: true }) { userErrors { code } } }',
    { id: remark },
  );
  expect(await completions(viewer, 'ned', { postId: open })).toEqual(['ned_host']);
  const closed = await publish(world, host, { visibility: 'FOLLOWERS' });
  expect(await completions(viewer, 'ned', { postId: closed })).toEqual([]);
});

test('sizes and lengths have bounds, and nobody anonymous asks', async () => {
  const ask =
    'query ($b: String!, $n: Int) { mentionCompletions(beginning: $b, first: $n) { id } }';
  for (const [b, n] of [
    ['a', 0],
    ['a', 21],
    ['a'.repeat(101), 5],
  ])
    expect((await viewer.graphql(ask, { b, n })).errors?.[0]?.extensions['code']).toBe(
      'BAD_USER_INPUT',
    );
  expect((await world.graphql(ask, { b: 'a' })).errors?.[0]?.extensions['code']).toBe(
    'UNAUTHENTICATED',
  );
});

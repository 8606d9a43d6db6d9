// Followed hashtags through the public API: what they bring home, to whom, and how it leaves again.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { fanOutPost } from '../../src/timelines/jobs/fan-out-post.job.js';
import type { PostId } from '../../src/posts/post.entity.js';
import { block, follow, innerId, mute, publish, unfollow } from '../support/posts.js';
import { connectSocket, subscribe } from '../support/socket.js';
import {
  followHashtag,
  homeEdges,
  homePosts,
  makeList,
  watchTimeline,
} from '../support/timelines.js';
import { startWorld, type Person, type World } from '../support/world.js';

let world: World;
let ada: Person;
let people = 0;
let tags = 0;

beforeAll(async () => {
  world = await startWorld();
  ada = await world.local('ada');
});

afterAll(() => world[Symbol.asyncDispose]());

async function reader(...followed: Person[]): Promise<Person> {
  people += 1;
  const who = await world.local(`reader${people}`);
  for (const one of followed) await follow(world, who, one);
  return who;
}

/** A hashtag that nobody has used. */
function freshTag(): string {
  tags += 1;
  return `Kites${tags}`;
}

async function post(author: Person, caption: string, common: object = {}): Promise<string> {
  const id = await publish(world, author, { caption, ...common });
  await world.settle();
  return id;
}

async function set(who: Person, name: string, following = true): Promise<void> {
  expect(await followHashtag(who, name, following)).toEqual([]);
  await world.settle();
}

const edit = async (who: Person, postId: string, caption: string): Promise<void> => {
  const answer = await who.graphql<{ updatePost: { userErrors: object[] } }>(
    'mutation ($input: UpdatePostInput!) { updatePost(input: $input) { userErrors { code } } }',
    { input: { postId, caption } },
  );
  expect(answer.data.updatePost.userErrors).toEqual([]);
  await world.settle();
};

test('a followed hashtag brings home what is for everybody, and says so', async () => {
  const [ben, tag] = [await reader(), freshTag()];
  const before = await post(ada, `#${tag} one`);
  await set(ben, `#${tag.toUpperCase()}`);
  const open = await post(ada, `#${tag} two`);
  const local = await post(ada, `#${tag} three`, { visibility: 'LOCAL' });
  for (const visibility of ['UNLISTED', 'FOLLOWERS', 'MENTIONED'])
    await post(ada, `#${tag} @${ben.username}`, { visibility });
  const own = await post(ben, `#${tag} mine`);
  await post(ada, 'nothing');
  const name = tag.toLowerCase();
  expect(await homeEdges(ben)).toMatchObject([
    { node: { id: own }, followedHashtag: null },
    { node: { id: local }, followedHashtag: { name }, repostedBy: null },
    { node: { id: open }, followedHashtag: { name } },
    { node: { id: before }, followedHashtag: { name } },
  ]);
  await set(ben, tag, false);
  expect(await homePosts(ben)).toEqual([own]);
});

test('a post is at home once, for every reason that it has', async () => {
  const [one, two] = [freshTag(), freshTag()];
  const author = await reader();
  const ben = await reader(author);
  await set(ben, one);
  await set(ben, two);
  const id = await post(author, `#${one} #${two}`);
  expect(await homeEdges(ben)).toMatchObject([{ node: { id }, followedHashtag: null }]);
  await unfollow(world, ben, author);
  expect(await homeEdges(ben)).toMatchObject([
    { node: { id }, followedHashtag: { name: one.toLowerCase() } },
  ]);
  await set(ben, one, false);
  expect(await homeEdges(ben)).toMatchObject([
    { node: { id }, followedHashtag: { name: two.toLowerCase() } },
  ]);
  await follow(world, ben, author);
  await set(ben, two, false);
  expect(await homePosts(ben)).toEqual([id]);
  await unfollow(world, ben, author);
  expect(await homePosts(ben)).toEqual([]);
});

test('a repost that is taken back leaves what a followed hashtag brought', async () => {
  const [tag, reposter] = [freshTag(), await reader()];
  const ben = await reader(reposter);
  await set(ben, tag);
  const id = await post(ada, `#${tag}`);
  world.clock.advance(25 * 3600);
  const repost = async (reposted: boolean) => {
    await reposter.graphql(
      `mutation ($id: ID!) { setRepost(input: { postId: $id, reposted: ${reposted} }) { userErrors { code } } }`,
      { id },
    );
    await world.settle();
  };
  await repost(true);
  expect(await homeEdges(ben)).toMatchObject([
    { node: { id }, repostedBy: { username: reposter.username }, followedHashtag: null },
  ]);
  await repost(false);
  expect(await homeEdges(ben)).toMatchObject([
    { node: { id }, repostedBy: null, followedHashtag: { name: tag.toLowerCase() } },
  ]);
});

test('muted, blocked and limited authors and members of exclusive lists do not come by a hashtag', async () => {
  const [ben, tag] = [await reader(), freshTag()];
  await set(ben, tag);
  const id = await post(ada, `#${tag}`);
  expect(await homePosts(ben)).toEqual([id]);
  await mute(ben, ada);
  expect(await homePosts(ben)).toEqual([]);
  await mute(ben, ada, false);
  await block(world, ada, ben);
  expect(await homePosts(ben)).toEqual([]);
  await block(world, ada, ben, false);
  const listId = await makeList(ben, [ada], { isExclusive: true });
  expect(await homePosts(ben)).toEqual([]);
  await ben.graphql(
    'mutation ($id: ID!) { deleteList(input: { listId: $id }) { deletedListId } }',
    { id: listId },
  );
  expect(await homePosts(ben)).toEqual([id]);
  const limited = await reader();
  await world.services.database.pool.query(`update actors set status = 'LIMITED' where id = $1`, [
    limited.actorId,
  ]);
  await post(limited, `#${tag}`);
  expect(await homePosts(ben)).toEqual([id]);
});

test('an edit brings a post home by a new hashtag, and takes it away with the old one', async () => {
  const [ben, tag] = [await reader(), freshTag()];
  await set(ben, tag);
  const id = await post(ada, 'nothing');
  expect(await homePosts(ben)).toEqual([]);
  await edit(ada, id, `#${tag}`);
  expect(await homePosts(ben)).toEqual([id]);
  await edit(ada, id, 'nothing again');
  expect(await homePosts(ben)).toEqual([]);
});

test('a hashtag comes live, home to those who follow it, and as a timeline to everybody', async () => {
  const [ben, tag] = [await reader(), freshTag()];
  const other = await reader(ada);
  await set(ben, tag);
  await mute(other, ada);
  await using home = await watchTimeline(world, ben, { home: true });
  await using page = await watchTimeline(world, null, { hashtag: `#${tag.toUpperCase()}` });
  await using muting = await watchTimeline(world, other, { hashtag: tag });
  await post(ada, 'nothing');
  await post(ada, `#${tag} close`, { visibility: 'FOLLOWERS' });
  const open = await post(ada, `#${tag} open`);
  const heard = { change: 'ADDED', removedPostId: null, postEdge: { node: { id: open } } };
  expect(await home.next()).toEqual(heard);
  expect(await page.next()).toEqual(heard);
  await ada.graphql(
    'mutation ($id: ID!) { deletePost(input: { postId: $id }) { deletedPostId } }',
    {
      id: open,
    },
  );
  await world.settle();
  expect(await page.next()).toEqual({ change: 'REMOVED', removedPostId: open, postEdge: null });
  await mute(other, ada, false);
  const last = await post(ada, `#${tag} last`);
  expect(await muting.next()).toMatchObject({ postEdge: { node: { id: last } } });
  const refused = await connectSocket(world.origin, null);
  subscribe(
    refused,
    'live',
    'subscription { timelineChanged(timeline: { hashtag: "2026" }) { change } }',
  );
  const { type, payload } = await refused.next();
  expect([type, JSON.stringify(payload)]).toEqual(['error', expect.stringContaining('hashtag')]);
  await refused[Symbol.asyncDispose]();
});

test('hashtag pages leave out whom the viewer mutes', async () => {
  const [ben, tag] = [await reader(), freshTag()];
  const id = await post(ada, `#${tag}`);
  const page = async () =>
    (
      await ben.graphql<{ hashtag: { posts: { nodes: object[] } } }>(
        'query ($name: String!) { hashtag(name: $name) { posts(first: 5) { nodes { id } } } }',
        { name: tag },
      )
    ).data.hashtag.posts.nodes;
  expect(await page()).toEqual([{ id }]);
  await mute(ben, ada);
  expect(await page()).toEqual([]);
});

const LIST = `query ($first: Int, $after: String) { viewer { followedHashtags(first: $first, after: $after) {
  nodes { name displayName viewerIsFollowing } pageInfo { hasNextPage endCursor } } } }`;

interface Followed {
  readonly nodes: { name: string; displayName: string }[];
  readonly pageInfo: { hasNextPage: boolean; endCursor: string };
}

async function followed(who: Person, variables: object = { first: 100 }): Promise<Followed> {
  const answer = await who.graphql<{ viewer: { followedHashtags: Followed } }>(LIST, {
    ...variables,
  });
  expect(answer.errors).toBeUndefined();
  return answer.data.viewer.followedHashtags;
}

test('the list has what is followed, the last first, page by page, for its owner only', async () => {
  const ben = await reader();
  const names = [freshTag(), freshTag(), freshTag()];
  for (const name of names) {
    await set(ben, name);
    world.clock.advance(1);
  }
  await set(ben, names[0]!);
  const first = await followed(ben, { first: 2 });
  expect(first.nodes).toEqual([
    { name: names[2]!.toLowerCase(), displayName: names[2], viewerIsFollowing: true },
    { name: names[1]!.toLowerCase(), displayName: names[1], viewerIsFollowing: true },
  ]);
  expect(first.pageInfo.hasNextPage).toBe(true);
  const rest = await followed(ben, { first: 2, after: first.pageInfo.endCursor });
  expect(rest.nodes.map(({ displayName }) => displayName)).toEqual([names[0]]);
  expect((await followed(await reader())).nodes).toEqual([]);
});

test('following a hashtag tells nothing of posts that one may not see', async () => {
  const [ben, tag] = [await reader(), freshTag()];
  await post(ada, `#${tag.toUpperCase()}`, { visibility: 'FOLLOWERS' });
  const ask = async (who: Person, name: string) =>
    (
      await who.graphql<{ hashtag: object | null }>(
        'query ($name: String!) { hashtag(name: $name) { name displayName postCount viewerIsFollowing } }',
        { name },
      )
    ).data.hashtag;
  expect(await ask(ben, tag)).toBeNull();
  const unused = freshTag();
  for (const name of [tag, unused]) {
    await set(ben, name);
    expect(await ask(ben, name)).toEqual({
      name: name.toLowerCase(),
      displayName: name,
      postCount: 0,
      viewerIsFollowing: true,
    });
    await set(ben, name, false);
    expect(await ask(ben, name)).toBeNull();
  }
  const open = freshTag();
  await post(ada, `#${open}`);
  expect(await ask(ben, open.toUpperCase())).toMatchObject({
    displayName: open,
    viewerIsFollowing: false,
  });
});

test('what can be no hashtag is refused, and one more than five hundred', async () => {
  const ben = await reader();
  const invalid = [{ code: 'INVALID_INPUT', path: ['name'] }];
  for (const name of ['', '#', 'two words', '2026', 'x'.repeat(101)])
    expect(await followHashtag(ben, name)).toEqual(invalid);
  expect(await followHashtag(ben, 'neverheardof', false)).toEqual([]);
  await world.services.database.pool.query(
    `with known as (insert into hashtags (id, name, display_name, created_at)
       select gen_random_uuid(), 'many' || n, 'many' || n, now() from generate_series(1, 498) n returning id)
     insert into followed_hashtags (follower_id, hashtag_id, id, display_name, followed_at)
     select $1, id, gen_random_uuid(), '', now() from known`,
    [ben.actorId],
  );
  const answers = await Promise.all(
    Array.from({ length: 6 }, (_, index) => followHashtag(ben, `${freshTag()}_${index}`)),
  );
  expect(answers.map(([refusal]) => refusal?.code ?? 'DONE').sort()).toEqual([
    ...Array<string>(2).fill('DONE'),
    ...Array<string>(4).fill('LIMIT_EXCEEDED'),
  ]);
});

test('twenty who follow a hashtag while it is used all have the post once', async () => {
  const tag = freshTag();
  const crowd: Person[] = [];
  while (crowd.length < 20) crowd.push(await reader());
  const [id] = await Promise.all([
    publish(world, ada, { caption: `#${tag}` }),
    ...crowd.map((who) => followHashtag(who, tag)),
  ]);
  await world.settle();
  await fanOutPost.run(
    { ...world.services, jobId: 'again', attempt: 2 },
    { postId: innerId(id) as PostId },
  );
  for (const who of crowd) expect(await homePosts(who)).toEqual([id]);
});

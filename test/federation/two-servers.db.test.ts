// Two servers of ours and their people: found, followed, read, answered, and taken back, over HTTP with signatures.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { meet, openNetwork, type FederatedNetwork } from '../support/federation.js';
import { comment, innerId, publish, react } from '../support/posts.js';
import { publishVideo, saveCaptions, webVtt } from '../support/videos.js';
import type { Person, World } from '../support/world.js';

let network: FederatedNetwork;
let a: World;
let b: World;
let ada: Person;
let ben: Person;
/** Ada as the server b knows her. */
let adaThere: string;

beforeAll(async () => {
  network = openNetwork();
  [a, b] = [await network.join('a.example'), await network.join('b.example')];
  [ada, ben] = [await a.local('ada'), await b.local('ben')];
  adaThere = await meet(ben, 'ada@a.example');
});

afterAll(async () => {
  await network[Symbol.asyncDispose]();
});

interface Relationship {
  readonly isFollowing: boolean;
  readonly isRequested: boolean;
}

async function follow(who: Person, actorId: string): Promise<void> {
  const answer = await who.graphql<{ followActor: { userErrors: unknown[] } }>(
    'mutation ($input: FollowActorInput!) { followActor(input: $input) { userErrors { code message } } }',
    { input: { actorId } },
  );
  expect(answer.data.followActor.userErrors).toEqual([]);
}

async function relationship(who: Person, actorId: string): Promise<Relationship> {
  const answer = await who.graphql<{ node: { viewerRelationship: Relationship } }>(
    'query ($id: ID!) { node(id: $id) { ... on Actor { viewerRelationship { isFollowing isRequested } } } }',
    { id: actorId },
  );
  expect(answer.errors).toBeUndefined();
  return answer.data.node.viewerRelationship;
}

interface SeenPost {
  readonly id: string;
  readonly uri: string;
  readonly caption: string;
  readonly author: { handle: string };
  readonly media: { altText: string | null; url: string | null }[];
  readonly counts: { likes: number; comments: number; reposts: number };
  readonly comments: { nodes: { content: string; author: { handle: string } }[] };
}

const POST = `id uri caption author { handle } media { altText url }
  counts { likes comments reposts } comments(first: 10) { nodes { content author { handle } } }`;

async function home(who: Person): Promise<SeenPost[]> {
  const answer = await who.graphql<{ viewer: { homeTimeline: { nodes: SeenPost[] } } }>(
    `{ viewer { homeTimeline(first: 10) { nodes { ... on PhotoPost { ${POST} } } } } }`,
  );
  expect(answer.errors).toBeUndefined();
  return answer.data.viewer.homeTimeline.nodes;
}

async function seen(who: Person, id: string): Promise<SeenPost | null> {
  const answer = await who.graphql<{ post: SeenPost | null }>(
    `query ($id: ID!) { post(by: { id: $id }) { ... on PhotoPost { ${POST} } } }`,
    { id },
  );
  expect(answer.errors).toBeUndefined();
  return answer.data.post;
}

test('a follow exists on both sides once the other server has accepted it', async () => {
  await follow(ben, adaThere);
  expect(await relationship(ben, adaThere)).toEqual({ isFollowing: false, isRequested: true });
  await network.settle();
  expect(await relationship(ben, adaThere)).toEqual({ isFollowing: true, isRequested: false });
  const followers = await ada.graphql<{ viewer: { actor: { followers: { nodes: unknown[] } } } }>(
    '{ viewer { actor { followers(first: 5) { nodes { handle } } } } }',
  );
  expect(followers.data.viewer.actor.followers.nodes).toEqual([{ handle: 'ben@b.example' }]);
});

test('a post, its reactions, comments, repost and deletion travel', async () => {
  const id = await publish(a, ada, { caption: 'Morning at the *lake* #water' });
  await network.settle();
  const [post] = await home(ben);
  expect(post).toMatchObject({
    author: { handle: 'ada@a.example' },
    caption: expect.stringContaining('<em>lake</em>'),
  });
  expect(post!.media).toHaveLength(1);

  expect(await react(ben, post!.id, '❤')).toEqual([]);
  await comment(ben, post!.id, 'How still it is.');
  await ben.graphql(
    'mutation ($input: SetRepostInput!) { setRepost(input: $input) { userErrors { code } } }',
    { input: { postId: post!.id, reposted: true } },
  );
  await network.settle();
  expect(await seen(ada, id)).toMatchObject({
    counts: { likes: 1, comments: 1, reposts: 1 },
    comments: { nodes: [{ author: { handle: 'ben@b.example' } }] },
  });
  expect((await seen(ada, id))!.comments.nodes[0]!.content).toContain('How still it is.');

  expect(await react(ben, post!.id, null)).toEqual([]);
  await network.settle();
  expect((await seen(ada, id))!.counts.likes).toBe(0);

  await ada.graphql(
    'mutation ($input: DeletePostInput!) { deletePost(input: $input) { userErrors { code } } }',
    { input: { postId: id } },
  );
  await network.settle();
  expect(await seen(ben, post!.id)).toBeNull();
  expect(await home(ben)).toEqual([]);
});

interface Track {
  readonly language: string;
  readonly label: string | null;
  readonly url: string;
}

test('captions of a video, their change and their end reach whoever follows its author', async () => {
  const { postId, mediaId } = await publishVideo(a, ada, {}, { title: 'Waves' });
  const save = async (text: string, more: object = {}): Promise<void> => {
    const { userErrors } = await saveCaptions(ada, mediaId, webVtt(text), { ...more });
    expect(userErrors).toEqual([]);
    await network.settle();
  };
  const shown = async (): Promise<readonly Track[]> => {
    const answer = await ben.graphql<{ post: { video: { captions: Track[] } } | null }>(
      `query ($url: URL!) { post(by: { url: $url }) { ... on VideoPost { video { captions { language label url } } } } }`,
      { url: `https://a.example/posts/${innerId(postId)}` },
    );
    expect(answer.errors).toBeUndefined();
    return answer.data.post!.video.captions;
  };
  const read = async ({ url }: Track): Promise<string> => (await fetch(b.reach(url))).text();
  await network.settle();
  expect(await shown()).toEqual([]);
  await save('The sea', { label: 'English' });
  const [first] = await shown();
  expect(first).toMatchObject({ language: 'en', label: 'English' });
  expect(await read(first!)).toContain('The sea');
  await save('The sea in the morning', { label: 'English' });
  await save('La mer', { language: 'fr' });
  const tracks = await shown();
  expect(tracks.map(({ language }) => language)).toEqual(['en', 'fr']);
  expect(await read(tracks[0]!)).toContain('in the morning');
  expect(await read(tracks[1]!)).toContain('La mer');
  await ada.graphql(
    'mutation ($input: DeleteCaptionTrackInput!) { deleteCaptionTrack(input: $input) { userErrors { code } } }',
    { input: { mediaId, kind: 'CAPTIONS', language: 'fr' } },
  );
  await network.settle();
  expect((await shown()).map(({ language }) => language)).toEqual(['en']);
});

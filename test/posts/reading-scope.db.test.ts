// An app whose token may not read posts reads what everybody reads, through every door; only the answer to what it does
// shows the subject.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { toGlobalId } from '../../src/platform/ids.js';
import { addPlaces } from '../contract/places.js';
import { tell } from '../support/stories.js';
import { startWorld, type Person, type World } from '../support/world.js';
import { comment, follow, publish, readyPicture } from '../support/posts.js';

const FEW = '(first: 5) { nodes { id } }';
const DOORS = [
  'post(by: { id: $post }) { id }',
  'nodes(ids: $ids) { id }',
  'node(id: $comment) { id }',
  `actor(by: { id: $ada }) { posts${FEW} pinnedPosts { id } reposts${FEW} taggedPosts${FEW} }`,
  `actor(by: { id: $ada }) { playlists${FEW} collections(first: 5) { nodes { id posts${FEW} } } }`,
  `actor(by: { id: $ada }) { stories { id } storyTray { id } highlights(first: 5) { nodes { id stories${FEW} } } }`,
  `hashtag(name: "light") { postCount posts${FEW} }`,
  `place(id: $place) { postCount posts${FEW} }`,
  'publicTimeline(first: 5, filter: { localOnly: true }) { nodes { id } }',
  `post(by: { id: $quoted }) { counts { quotes } quotes${FEW} comments${FEW} viewerState { isLiked } }`,
];
const VARIABLES = '$post: ID!, $quoted: ID!, $comment: ID!, $ids: [ID!]!, $ada: ID!, $place: ID!';

let world: World;
let ada: Person;
let ben: Person;
let quoted: string;
let variables: Record<string, unknown>;
let secret: string;
let secretComment: string;

beforeAll(async () => {
  world = await startWorld({ GRAPHQL_POINTS_PER_HOUR: '1000000' });
  [ada, ben] = [await world.local('ada'), await world.local('ben')];
  await follow(world, ben, ada);
  const [place] = await addPlaces(world, 'Lisbon', 1);
  const placeId = toGlobalId('place', place!);
  quoted = await publish(world, ada, { caption: 'In the open. #light' });
  const picture = await readyPicture(world, ada);
  const common = { visibility: 'FOLLOWERS', caption: 'Between us. #light', placeId };
  const { post } = await done<{ post: { id: string } }>(ada, 'publishPhotoPost', 'post { id }', {
    mediaIds: [picture],
    common,
  });
  secret = post.id;
  await done(ada, 'updatePost', 'post { id }', { postId: secret, caption: 'Among us. #light' });
  await done(ada, 'setPostPinned', 'post { id }', { postId: secret, pinned: true });
  secretComment = await comment(ada, secret, 'Nobody else hears this.');
  await publish(world, ada, { visibility: 'LOCAL', quotedPostId: quoted });
  const storyId = await tell(world, ada, { visibility: 'FOLLOWERS' });
  const highlight = await done<{ highlight: { id: string } }>(
    ada,
    'saveHighlight',
    'highlight { id }',
    { title: 'Kept', storyIds: [storyId] },
  );
  const collection = await done<{ collection: { id: string } }>(
    ada,
    'saveCollection',
    'collection { id }',
    { title: 'Journey', visibility: 'FOLLOWERS', postIds: [secret, quoted] },
  );
  const { data } = await ben.graphql<{ post: { revisions: { nodes: { id: string }[] } } }>(
    'query ($id: ID!) { post(by: { id: $id }) { revisions { nodes { id } } } }',
    { id: secret },
  );
  const revisions = data.post.revisions.nodes.map(({ id }) => id);
  expect(revisions).toHaveLength(1);
  variables = {
    post: secret,
    quoted,
    comment: secretComment,
    ids: [secret, picture, storyId, highlight.highlight.id, collection.collection.id, ...revisions],
    ada: ada.actorGlobalId,
    place: placeId,
  };
});

afterAll(() => world[Symbol.asyncDispose]());

async function done<Fields>(
  who: Pick<Person, 'graphql'>,
  mutation: string,
  fields: string,
  input: Record<string, unknown>,
): Promise<Fields> {
  const name = mutation[0]!.toUpperCase() + mutation.slice(1);
  const { data, errors } = await who.graphql<Record<string, Fields & { userErrors: object[] }>>(
    `mutation ($input: ${name}Input!) { ${mutation}(input: $input) { ${fields} userErrors { code path } } }`,
    { input },
  );
  expect(errors).toBeUndefined();
  expect(data[mutation]!.userErrors).toEqual([]);
  return data[mutation]!;
}

/** Somebody's app, with a token of these scopes. */
async function appOf(who: Person, scopes: readonly string[]): Promise<Pick<Person, 'graphql'>> {
  const { data } = await who.graphql<{ createPersonalAccessToken: { token: string } }>(
    'mutation ($scopes: [String!]!) { createPersonalAccessToken(input: { name: "App", scopes: $scopes }) { token } }',
    { scopes },
  );
  const { token } = data.createPersonalAccessToken;
  return { graphql: (document, values) => world.graphql(document, values, token) };
}

const OTHERS = [
  'read:feeds',
  'read:notifications',
  'read:relationships',
  'read:search',
  'write:interactions',
  'write:posts',
];

/** What somebody reads through each door. */
async function readDoors(who: Pick<Person, 'graphql'>): Promise<unknown[]> {
  const read: unknown[] = [];
  for (const door of DOORS) {
    const used = VARIABLES.split(', ').filter((part) => door.includes(part.split(':')[0]!));
    const answer = await who.graphql(
      `query${used.length > 0 ? `(${used.join(', ')})` : ''} { ${door} }`,
      variables,
    );
    expect(answer.errors).toBeUndefined();
    read.push([door, answer.data]);
  }
  return read;
}

test('without read:posts an app reads what somebody reads who is not signed in', async () => {
  const everybody = await readDoors(world);
  expect(await readDoors(await appOf(ben, OTHERS))).toEqual(everybody);
  expect(await readDoors(await appOf(ada, OTHERS))).toEqual(everybody);
});

test('with it, the app reads what its owner reads', async () => {
  const seen = await readDoors(await appOf(ben, ['read:posts']));
  expect(seen).toEqual(await readDoors(ben));
  const everybody = await readDoors(world);
  for (const [index, door] of seen.entries()) expect(door).not.toEqual(everybody[index]);
});

test('an app that may react sees what it reacted to, and nothing around it', async () => {
  const app = await appOf(ben, ['write:interactions']);
  const { subject } = await done<{ subject: object }>(
    app,
    'setReaction',
    `subject { ... on PhotoPost { id caption viewerState { reaction }
       author { posts { nodes { id } } } } }`,
    { subjectId: secret, content: '❤' },
  );
  expect(subject).toEqual({
    id: secret,
    caption: expect.stringContaining('Among us.'),
    viewerState: { reaction: '❤' },
    author: { posts: { nodes: [{ id: quoted }] } },
  });
});

/** Lists around a post, and around a comment. */
const AROUND = `pinnedComments { id } comments${FEW} revisions${FEW} likedBy${FEW} repostedBy${FEW} quotes${FEW} reactions { reactors${FEW} }`;
const BELOW = `replies${FEW} reactions { reactors${FEW} }`;

/** How many things each list holds, also those inside of others. */
function sizes(shown: unknown): number[] {
  if (typeof shown !== 'object' || shown === null) return [];
  const nodes = Array.isArray(shown) ? shown : (shown as { nodes?: unknown[] }).nodes;
  const isList = nodes?.every((one) => 'id' in (one as object));
  return nodes && isList ? [nodes.length] : Object.values(shown).flatMap(sizes);
}

test('an app that may react sees nobody else’s words and deeds around what not everybody sees', async () => {
  await comment(ben, secret, 'An answer.', secretComment);
  const pin = { commentId: secretComment, pinned: true };
  await done(ada, 'setCommentPinned', 'comment { id }', pin);
  for (const subjectId of [secret, secretComment])
    await done(ada, 'setReaction', 'subject { __typename }', { subjectId, content: '❤' });
  const [app, reader] = [
    await appOf(ben, ['write:interactions']),
    await appOf(ben, ['write:interactions', 'read:posts']),
  ];
  const around = async (who: Pick<Person, 'graphql'>): Promise<number[][]> => {
    const lists: number[][] = [];
    for (const subjectId of [secret, secretComment]) {
      const fields = `subject { ... on PhotoPost { ${AROUND} } ... on Comment { ${BELOW} } }`;
      const { subject } = await done<{ subject: object }>(who, 'setReaction', fields, {
        subjectId,
        content: '❤',
      });
      lists.push(sizes(subject));
    }
    return lists;
  };
  const seen = await around(reader);
  expect(seen.flat().filter((size) => size > 0).length).toBeGreaterThan(4);
  expect((await around(app)).flat().every((size) => size === 0)).toBe(true);
  const { subject } = await done<{ subject: object }>(
    app,
    'setReaction',
    `subject { ... on PhotoPost { comments${FEW} } }`,
    { subjectId: quoted, content: '❤' },
  );
  const everybody = await world.graphql<{ post: object }>(
    `query ($id: ID!) { post(by: { id: $id }) { comments${FEW} } }`,
    { id: quoted },
  );
  expect(subject).toEqual(everybody.data.post);
});

test('an app that may comment is shown what it wrote, with its post', async () => {
  const app = await appOf(ben, ['write:interactions']);
  const { comment: written } = await done<{ comment: object }>(
    app,
    'addComment',
    'comment { content post { id } }',
    { postId: secret, content: 'So I heard.' },
  );
  expect(written).toMatchObject({ post: { id: secret } });
});

test('an app that may only look things up is not shown what only followers see', async () => {
  const app = await appOf(ben, ['read:search']);
  const { data } = await ben.graphql<{ post: { url: string } }>(
    'query ($id: ID!) { post(by: { id: $id }) { url } }',
    { id: secret },
  );
  const looked = await app.graphql<{ fetchRemoteObject: { object: object | null } }>(
    'mutation ($url: URL!) { fetchRemoteObject(input: { url: $url }) { object { id } userErrors { code } } }',
    { url: data.post.url },
  );
  expect(looked.data.fetchRemoteObject.object ?? null).toBeNull();
  const found = await app.graphql<{ search: { posts: { nodes: object[] } } }>(
    '{ search(query: "among") { posts { nodes { id } } } }',
  );
  expect(found.data.search.posts.nodes).toEqual([]);
});

// Bookmarks and their folders through the public API: private, in order, and never more than the viewer may see.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { block, comment, follow, publish, unfollow, type Answered } from '../support/posts.js';
import { startWorld, type Person, type World } from '../support/world.js';

interface Bookmarks {
  readonly edges: { cursor: string; node: { id: string } }[];
  readonly pageInfo: { hasNextPage: boolean; endCursor: string };
}

let world: World;
let ada: Person;
let ben: Person;

beforeAll(async () => {
  world = await startWorld();
  [ada, ben] = [await world.local('ada'), await world.local('ben')];
});

afterAll(() => world[Symbol.asyncDispose]());

async function send(who: Person, name: string, input: Record<string, unknown>, fields: string) {
  const type = name[0]!.toUpperCase() + name.slice(1);
  const answer = await who.graphql<Record<string, Answered<Record<string, unknown>>>>(
    `mutation ($input: ${type}Input!) { ${name}(input: $input) { ${fields} userErrors { code path } } }`,
    { input },
  );
  expect(answer.errors).toBeUndefined();
  return answer.data[name]!;
}

const mark = async (who: Person, postId: string, bookmarked = true, more = {}) =>
  (await send(who, 'setBookmark', { postId, bookmarked, ...more }, 'post { id }')).userErrors;

async function folder(who: Person, title: string): Promise<string> {
  const { folder: made } = await send(who, 'saveBookmarkFolder', { title }, 'folder { id title }');
  expect(made).toMatchObject({ title });
  return (made as { id: string }).id;
}

async function bookmarks(who: Person, args: Record<string, unknown> = {}): Promise<Bookmarks> {
  const answer = await who.graphql<{ viewer: { bookmarks: Bookmarks } }>(
    `query ($folderId: ID, $first: Int, $after: String) { viewer { bookmarks(folderId: $folderId, first: $first, after: $after) {
      edges { cursor node { id } } pageInfo { hasNextPage endCursor } } } }`,
    args,
  );
  expect(answer.errors).toBeUndefined();
  return answer.data.viewer.bookmarks;
}

const ids = async (who: Person, args: Record<string, unknown> = {}) =>
  (await bookmarks(who, args)).edges.map(({ node }) => node.id);

async function folders(who: Person): Promise<{ id: string; title: string }[]> {
  const answer = await who.graphql<{
    viewer: { bookmarkFolders: { id: string; title: string }[] };
  }>('{ viewer { bookmarkFolders { id title } } }');
  expect(answer.errors).toBeUndefined();
  return answer.data.viewer.bookmarkFolders;
}

async function isBookmarked(who: Person, id: string): Promise<boolean> {
  const answer = await who.graphql<{ post: { viewerState: { isBookmarked: boolean } } }>(
    'query ($id: ID!) { post(by: { id: $id }) { viewerState { isBookmarked } } }',
    { id },
  );
  return answer.data.post.viewerState.isBookmarked;
}

test('bookmarks are listed by when they were made, in pages, and are the viewer’s alone', async () => {
  const cleo = await world.local('cleo');
  const posts: string[] = [];
  for (let index = 0; index < 5; index++) {
    world.clock.advance(1);
    posts.push(await publish(world, ada));
  }
  for (const id of posts) {
    world.clock.advance(1);
    expect(await mark(cleo, id)).toEqual([]);
  }
  expect(await mark(cleo, posts[0]!)).toEqual([]);
  const newest = posts.toReversed();
  expect(await ids(cleo)).toEqual(newest);
  const first = await bookmarks(cleo, { first: 3 });
  const rest = await bookmarks(cleo, { first: 3, after: first.pageInfo.endCursor });
  expect([...first.edges, ...rest.edges].map(({ node }) => node.id)).toEqual(newest);
  expect([first.pageInfo.hasNextPage, rest.pageInfo.hasNextPage]).toEqual([true, false]);
  expect([await isBookmarked(cleo, posts[0]!), await isBookmarked(ada, posts[0]!)]).toEqual([
    true,
    false,
  ]);
  expect(await ids(ada)).toEqual([]);
  expect(await mark(cleo, posts[0]!, false)).toEqual([]);
  expect(await mark(cleo, posts[0]!, false)).toEqual([]);
  expect(await ids(cleo)).toEqual(newest.slice(0, 4));
  expect(await isBookmarked(cleo, posts[0]!)).toBe(false);
});

async function folderOf(who: Person, id: string): Promise<unknown> {
  const answer = await who.graphql<{ post: { viewerState: { bookmarkFolder: unknown } } }>(
    'query ($id: ID!) { post(by: { id: $id }) { viewerState { bookmarkFolder { id title } } } }',
    { id },
  );
  expect(answer.errors).toBeUndefined();
  return answer.data.post.viewerState.bookmarkFolder;
}

test('a post tells its viewer, and nobody else, in which folder they have it', async () => {
  const kim = await world.local('kim');
  const post = await publish(world, ada);
  const walls = await folder(kim, 'Walls');
  await mark(kim, post);
  expect(await folderOf(kim, post)).toBeNull();
  await mark(kim, post, true, { folderId: walls });
  expect(await folderOf(kim, post)).toEqual({ id: walls, title: 'Walls' });
  expect(await folderOf(ada, post)).toBeNull();
  await mark(kim, post, false);
  expect(await folderOf(kim, post)).toBeNull();
});

test('a bookmark is in one folder; a deleted folder leaves its bookmarks', async () => {
  const dan = await world.local('dan');
  const [one, two] = [await publish(world, ada), await publish(world, ada)];
  const [light, trips] = [await folder(dan, 'Light'), await folder(dan, 'Trips')];
  expect(await folders(dan)).toEqual([
    { id: light, title: 'Light' },
    { id: trips, title: 'Trips' },
  ]);
  await mark(dan, one, true, { folderId: light });
  await mark(dan, two);
  expect(await ids(dan, { folderId: light })).toEqual([one]);
  expect((await ids(dan)).sort()).toEqual([one, two].sort());
  await mark(dan, one);
  expect(await ids(dan, { folderId: light })).toEqual([one]);
  await mark(dan, one, true, { folderId: trips });
  expect([await ids(dan, { folderId: light }), await ids(dan, { folderId: trips })]).toEqual([
    [],
    [one],
  ]);
  await mark(dan, one, true, { folderId: null });
  expect(await ids(dan, { folderId: trips })).toEqual([]);
  await mark(dan, one, true, { folderId: trips });
  expect(
    await send(dan, 'deleteBookmarkFolder', { folderId: trips }, 'deletedFolderId'),
  ).toMatchObject({ deletedFolderId: trips, userErrors: [] });
  expect((await ids(dan)).sort()).toEqual([one, two].sort());
  expect(await folders(dan)).toEqual([{ id: light, title: 'Light' }]);
});

test('posts that the viewer sees no more vanish from the list, and can still be removed from it', async () => {
  const eve = await world.local('eve');
  await follow(world, eve, ada);
  const open = await publish(world, ada);
  const friendly = await publish(world, ada, { visibility: 'FOLLOWERS' });
  const gone = await publish(world, ben);
  for (const id of [open, friendly, gone]) expect(await mark(eve, id)).toEqual([]);
  await ben.graphql(
    'mutation ($id: ID!) { deletePost(input: { postId: $id }) { userErrors { code } } }',
    { id: gone },
  );
  await unfollow(world, eve, ada);
  expect(await ids(eve)).toEqual([open]);
  expect(await mark(eve, friendly, false)).toEqual([]);
  expect(await mark(eve, friendly, false)).toEqual([{ code: 'NOT_FOUND', path: ['postId'] }]);
  await follow(world, eve, ada);
  expect(await ids(eve)).toEqual([open]);
  await block(world, ada, eve);
  expect(await ids(eve)).toEqual([]);
  expect(await mark(eve, open, true)).toEqual([{ code: 'NOT_FOUND', path: ['postId'] }]);
});

test('folders of others do not exist, and each rule is refused with its path', async () => {
  const fay = await world.local('fay');
  const post = await publish(world, ada);
  const [mine, yours] = [await folder(fay, 'Mine'), await folder(ben, 'Yours')];
  const save = async (input: Record<string, unknown>) =>
    (await send(fay, 'saveBookmarkFolder', input, 'folder { id }')).userErrors;
  expect(await save({ title: ' ' })).toEqual([{ code: 'INVALID_INPUT', path: ['title'] }]);
  expect(await save({ title: 'x'.repeat(101) })).toEqual([
    { code: 'INVALID_INPUT', path: ['title'] },
  ]);
  expect(await save({ title: ' MINE ' })).toEqual([{ code: 'ALREADY_EXISTS', path: ['title'] }]);
  expect(await save({ folderId: mine, title: 'MINE' })).toEqual([]);
  expect(await save({ title: 'Yours' })).toEqual([]);
  for (const folderId of [yours, post]) {
    const refused = [{ code: 'NOT_FOUND', path: ['folderId'] }];
    expect(await save({ folderId, title: 'Stolen' })).toEqual(refused);
    expect(await mark(fay, post, true, { folderId })).toEqual(refused);
    expect(
      (await send(fay, 'deleteBookmarkFolder', { folderId }, 'deletedFolderId')).userErrors,
    ).toEqual(refused);
  }
  await mark(ben, post, true, { folderId: yours });
  expect(await ids(fay, { folderId: yours })).toEqual([]);
  const nodes = await fay.graphql<{ nodes: unknown[] }>(
    'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on BookmarkFolder { title } } }',
    { ids: [mine, yours] },
  );
  expect(nodes.data.nodes).toEqual([{ title: 'MINE' }, null]);
  const remark = await comment(ben, post, 'hi');
  expect(await mark(fay, remark)).toEqual([{ code: 'NOT_FOUND', path: ['postId'] }]);
});

test('the same bookmark and the same folder at once are made once', async () => {
  const gil = await world.local('gil');
  const post = await publish(world, ada);
  const answers = await Promise.all([
    ...Array.from({ length: 10 }, () => mark(gil, post)),
    ...Array.from(
      { length: 10 },
      async () =>
        (await send(gil, 'saveBookmarkFolder', { title: 'Once' }, 'folder { id }')).userErrors,
    ),
  ]);
  const codes = answers.map(([error]) => error?.code ?? 'OK');
  expect(codes.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 'OK'));
  expect(codes.slice(10).sort()).toEqual([
    ...Array.from({ length: 9 }, () => 'ALREADY_EXISTS'),
    'OK',
  ]);
  expect(await ids(gil)).toEqual([post]);
  expect(await folders(gil)).toHaveLength(1);
});

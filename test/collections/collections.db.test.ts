// Collections through the public API: making, ordering, and who sees what in them.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { block, follow, publish, type Answered } from '../support/posts.js';
import { startWorld, type Person, type World } from '../support/world.js';

let world: World;
let ada: Person;
let ben: Person;
let mallory: Person;
let open: string;
let close: string;

beforeAll(async () => {
  world = await startWorld();
  [ada, ben, mallory] = [
    await world.local('ada'),
    await world.local('ben'),
    await world.local('mallory'),
  ];
  await follow(world, ben, ada);
  await block(world, ada, mallory);
  open = await publish(world, ada);
  close = await publish(world, ada, { visibility: 'FOLLOWERS' });
});

afterAll(() => world[Symbol.asyncDispose]());

const FIELDS = `id title description descriptionSource visibility isHighlighted postCount owner { username }
  posts(first: 10) { nodes { id } }`;
const SAVE = `mutation ($input: SaveCollectionInput!) { saveCollection(input: $input) {
  collection { ${FIELDS} } userErrors { code path } } }`;
const NODE = `query ($id: ID!) { node(id: $id) { ... on Collection { ${FIELDS} } } }`;

interface SeenCollection {
  readonly id: string;
  readonly title: string;
  readonly postCount: number;
  readonly posts: { readonly nodes: readonly { readonly id: string }[] };
}

type Saved = Answered<{ collection: SeenCollection | null }>;

async function save(who: Person, input: Record<string, unknown>): Promise<Saved> {
  const answer = await who.graphql<{ saveCollection: Saved }>(SAVE, { input });
  expect(answer.errors).toBeUndefined();
  return answer.data.saveCollection;
}

async function make(who: Person, input: Record<string, unknown> = {}): Promise<string> {
  const { collection, userErrors } = await save(who, { title: 'Journey', ...input });
  expect(userErrors).toEqual([]);
  return collection!.id;
}

async function see(who: Person | null, id: string): Promise<SeenCollection | null> {
  const answer = await (who ?? world).graphql<{ node: SeenCollection | null }>(NODE, { id });
  expect(answer.errors).toBeUndefined();
  return answer.data.node;
}

const postsOf = (collection: SeenCollection | null) => collection?.posts.nodes.map(({ id }) => id);

test('a collection is made, changed and deleted by its owner', async () => {
  const { collection } = await save(ada, {
    title: ' Norway ',
    description: 'Two *weeks*',
    postIds: [close, open],
    isHighlighted: true,
  });
  expect(collection).toMatchObject({
    title: 'Norway',
    description: '<p>Two <em>weeks</em></p>',
    descriptionSource: 'Two *weeks*',
    visibility: 'PUBLIC',
    isHighlighted: true,
    postCount: 2,
    owner: { username: 'ada' },
  });
  expect(postsOf(collection)).toEqual([close, open]);
  const collectionId = collection!.id;
  const changed = await save(ada, { collectionId, postIds: [open, close], description: null });
  expect(changed.collection).toMatchObject({ title: 'Norway', description: '' });
  expect(postsOf(changed.collection)).toEqual([open, close]);
  const DELETE = `mutation ($input: DeleteCollectionInput!) { deleteCollection(input: $input) {
    deletedCollectionId userErrors { code path } } }`;
  const remove = async (who: Person) =>
    (await who.graphql(DELETE, { input: { collectionId } })).data['deleteCollection'];
  const refused = {
    deletedCollectionId: null,
    userErrors: [{ code: 'NOT_FOUND', path: ['collectionId'] }],
  };
  expect(await remove(ben)).toEqual(refused);
  expect(await remove(ada)).toEqual({ deletedCollectionId: collectionId, userErrors: [] });
  expect(await remove(ada)).toEqual(refused);
  expect(await see(ada, collectionId)).toBeNull();
});

test('everybody sees of a collection only the posts that they may see', async () => {
  const id = await make(ada, { postIds: [close, open] });
  expect(postsOf(await see(ben, id))).toEqual([close, open]);
  expect(await see(null, id)).toMatchObject({ postCount: 1, posts: { nodes: [{ id: open }] } });
  expect(await see(mallory, id)).toBeNull();
  expect((await see(ben, id))!).toMatchObject({ descriptionSource: null });
});

test.each([
  ['PUBLIC', { ada: true, ben: true, carl: true, nobody: true, mallory: false }],
  ['UNLISTED', { ada: true, ben: true, carl: true, nobody: true, mallory: false }],
  ['FOLLOWERS', { ada: true, ben: true, carl: false, nobody: false, mallory: false }],
  ['LOCAL', { ada: true, ben: true, carl: true, nobody: false, mallory: false }],
  ['MENTIONED', { ada: true, ben: false, carl: false, nobody: false, mallory: false }],
])('a collection that is %s is seen by its audience', async (visibility, audience) => {
  const id = await make(ada, { visibility });
  for (const [name, maySee] of Object.entries(audience)) {
    const who = name === 'nobody' ? null : await world.local(name);
    expect([name, (await see(who, id)) !== null]).toEqual([name, maySee]);
  }
});

const PROFILE = `query ($highlighted: Boolean, $first: Int, $after: String) { actor(by: { handle: "eva" }) {
  collections(isHighlighted: $highlighted, first: $first, after: $after) {
    nodes { title } pageInfo { endCursor hasNextPage } } } }`;

test('a profile shows its collections page by page, unlisted ones to the owner only', async () => {
  const eva = await world.local('eva');
  await make(eva, { title: 'One' });
  await make(eva, { title: 'Two', visibility: 'UNLISTED' });
  await make(eva, { title: 'Three', isHighlighted: true });
  interface Profile {
    actor: { collections: { nodes: { title: string }[]; pageInfo: { endCursor: string } } };
  }
  const list = async (who: Person, variables: Record<string, unknown> = {}) =>
    (await who.graphql<Profile>(PROFILE, variables)).data.actor.collections;
  const titles = async (who: Person, variables?: Record<string, unknown>) =>
    (await list(who, variables)).nodes.map(({ title }) => title);
  expect(await titles(eva)).toEqual(['Three', 'Two', 'One']);
  expect(await titles(ben)).toEqual(['Three', 'One']);
  expect(await titles(ben, { highlighted: true })).toEqual(['Three']);
  const { pageInfo } = await list(ben, { first: 1 });
  expect(pageInfo).toMatchObject({ hasNextPage: true });
  expect(await titles(ben, { first: 1, after: pageInfo.endCursor })).toEqual(['One']);
});

test('posts of a collection come page by page, in its order', async () => {
  const posts: string[] = [];
  for (let index = 0; index < 5; index++) posts.push(await publish(world, ada));
  const order = [posts[3]!, posts[0]!, posts[4]!, posts[1]!, posts[2]!];
  const id = await make(ada, { postIds: order });
  const PAGE = `query ($id: ID!, $after: String) { node(id: $id) { ... on Collection {
    posts(first: 2, after: $after) { nodes { id } pageInfo { endCursor hasNextPage } } } } }`;
  const seen: string[] = [];
  interface PostPage {
    node: {
      posts: { nodes: { id: string }[]; pageInfo: { endCursor: string; hasNextPage: boolean } };
    };
  }
  for (let after: string | null = null, isLast = false; !isLast;) {
    const answer: { data: PostPage } = await ben.graphql<PostPage>(PAGE, { id, after });
    const { nodes, pageInfo } = answer.data.node.posts;
    seen.push(...nodes.map((node) => node.id));
    [after, isLast] = [pageInfo.endCursor, !pageInfo.hasNextPage];
  }
  expect(seen).toEqual(order);
});

const SET = `mutation ($input: SetInCollectionInput!) { setInCollection(input: $input) {
  collection { postCount posts(first: 10) { nodes { id } } } userErrors { code path } } }`;

test('one post is put in and taken out, however often, and a deleted one is gone', async () => {
  const collectionId = await make(ada, { postIds: [open] });
  const set = async (postId: string, included: boolean) =>
    (
      await ada.graphql<{ setInCollection: Saved }>(SET, {
        input: { collectionId, postId, included },
      })
    ).data.setInCollection;
  const extra = await publish(world, ada);
  expect(postsOf((await set(extra, true)).collection)).toEqual([open, extra]);
  expect(postsOf((await set(extra, true)).collection)).toEqual([open, extra]);
  expect(postsOf((await set(open, false)).collection)).toEqual([extra]);
  expect(postsOf((await set(open, false)).collection)).toEqual([extra]);
  await ada.graphql(
    'mutation ($id: ID!) { deletePost(input: { postId: $id }) { deletedPostId } }',
    {
      id: extra,
    },
  );
  expect(await see(ada, collectionId)).toMatchObject({ postCount: 0, posts: { nodes: [] } });
  const foreign = await publish(world, ben);
  expect(await set(foreign, true)).toEqual({
    collection: null,
    userErrors: [{ code: 'NOT_FOUND', path: ['postId'] }],
  });
});

test('twenty posts put in at once all have a place of their own', async () => {
  const collectionId = await make(ada);
  const posts = await Promise.all(Array.from({ length: 20 }, () => publish(world, ada)));
  await Promise.all(
    posts.map((postId) => ada.graphql(SET, { input: { collectionId, postId, included: true } })),
  );
  expect(await see(ada, collectionId)).toMatchObject({ postCount: 20 });
});

test('what is wrong is refused with its place, and nothing of it is kept', async () => {
  const foreign = await publish(world, ben);
  const refusal = async (input: Record<string, unknown>) => (await save(ada, input)).userErrors;
  expect(await refusal({})).toEqual([{ code: 'INVALID_INPUT', path: ['title'] }]);
  expect(await refusal({ title: '  ' })).toEqual([{ code: 'INVALID_INPUT', path: ['title'] }]);
  expect(await refusal({ title: 'x'.repeat(101) })).toEqual([
    { code: 'INVALID_INPUT', path: ['title'] },
  ]);
  expect(await refusal({ title: 'x', description: 'x'.repeat(1001) })).toEqual([
    { code: 'INVALID_INPUT', path: ['description'] },
  ]);
  expect(await refusal({ title: 'x', postIds: [open, open] })).toEqual([
    { code: 'INVALID_INPUT', path: ['postIds', '1'] },
  ]);
  const id = await make(ada, { postIds: [open] });
  expect(await refusal({ collectionId: id, title: 'New', postIds: [close, foreign] })).toEqual([
    { code: 'NOT_FOUND', path: ['postIds', '1'] },
  ]);
  expect(await see(ada, id)).toMatchObject({ title: 'Journey', posts: { nodes: [{ id: open }] } });
  const benRefused = await save(ben, { collectionId: id, title: 'Mine' });
  expect(benRefused.userErrors).toEqual([{ code: 'NOT_FOUND', path: ['collectionId'] }]);
});

test('the hundred and first collection is refused, also when made at once', async () => {
  const fay = await world.local('fay');
  for (let count = 0; count < 95; count++) await make(fay);
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => save(fay, { title: 'Journey' })),
  );
  const codes = answers.map(({ userErrors }) => userErrors[0]?.code ?? null);
  expect(codes.filter((code) => code === null)).toHaveLength(5);
  expect(codes.filter((code) => code === 'LIMIT_EXCEEDED')).toHaveLength(5);
});

test('a post names the collections that it is in, as far as its viewer may see them there', async () => {
  const ivo = await world.local('ivo');
  const [one, other] = [await publish(world, ivo), await publish(world, ivo)];
  const collectionsOf = async (who: Person | null, id: string) => {
    const answer = await (who ?? world).graphql<{
      post: { collections: { nodes: { title: string; owner: { username: string } }[] } };
    }>(
      'query ($id: ID!) { post(by: { id: $id }) { collections { nodes { title owner { username } } } } }',
      { id },
    );
    expect(answer.errors).toBeUndefined();
    const { nodes } = answer.data.post.collections;
    for (const { owner } of nodes) expect(owner.username).toBe('ivo');
    return nodes.map(({ title }) => title);
  };
  for (const visibility of ['PUBLIC', 'UNLISTED', 'FOLLOWERS', 'MENTIONED']) {
    world.clock.advance(1);
    await make(ivo, { title: visibility, visibility, postIds: [one] });
  }
  await make(ivo, { title: 'Other', postIds: [other] });
  expect(await collectionsOf(ivo, one)).toEqual(['MENTIONED', 'FOLLOWERS', 'UNLISTED', 'PUBLIC']);
  for (const who of [null, ben]) expect(await collectionsOf(who, one)).toEqual(['PUBLIC']);
  await follow(world, ben, ivo);
  expect(await collectionsOf(ben, one)).toEqual(['FOLLOWERS', 'PUBLIC']);
  expect(await collectionsOf(ben, other)).toEqual(['Other']);
});

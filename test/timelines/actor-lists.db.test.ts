// Lists of actors through the public API: who is in them, what their timelines show, and who stays out of home.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { block, follow, innerId, mute, publish, type Answered } from '../support/posts.js';
import { homePosts, makeList, saveList, watchTimeline } from '../support/timelines.js';
import { startWorld, type Person, type World } from '../support/world.js';

let world: World;
let ada: Person;
let cem: Person;
let dan: Person;
let people = 0;

beforeAll(async () => {
  world = await startWorld();
  [ada, cem, dan] = [await world.local('ada'), await world.local('cem'), await world.local('dan')];
});

afterAll(() => world[Symbol.asyncDispose]());

async function reader(...followed: Person[]): Promise<Person> {
  people += 1;
  const who = await world.local(`reader${people}`);
  for (const one of followed) await follow(world, who, one);
  return who;
}

const TIMELINE = `query ($id: ID!, $first: Int, $last: Int, $after: String, $before: String, $filter: TimelineFilter) { viewer {
  listTimeline(listId: $id, first: $first, last: $last, after: $after, before: $before, filter: $filter) {
    nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }`;

interface ListPage {
  readonly nodes: { id: string }[];
  readonly pageInfo: { hasNextPage: boolean; endCursor: string | null; startCursor: string | null };
}

async function listPage(
  who: Person,
  id: string,
  variables: Record<string, unknown> = { first: 100 },
): Promise<ListPage> {
  const answer = await who.graphql<{ viewer: { listTimeline: ListPage } }>(TIMELINE, {
    id,
    ...variables,
  });
  expect(answer.errors).toBeUndefined();
  return answer.data.viewer.listTimeline;
}

const timeline = async (who: Person, id: string, filter?: object): Promise<string[]> =>
  (await listPage(who, id, { first: 100, filter })).nodes.map((node) => node.id);

async function lists(who: Person) {
  const answer = await who.graphql<{ viewer: { lists: { id: string; title: string }[] } }>(
    '{ viewer { lists { id title isExclusive memberCount } } }',
  );
  expect(answer.errors).toBeUndefined();
  return answer.data.viewer.lists;
}

const remove = async (who: Person, listId: string) =>
  (
    await who.graphql<{ deleteList: Answered<{ deletedListId: string | null }> }>(
      'mutation ($input: DeleteListInput!) { deleteList(input: $input) { deletedListId userErrors { code path } } }',
      { input: { listId } },
    )
  ).data.deleteList;

test('a list is made, renamed, filled, emptied and deleted by its owner', async () => {
  const ben = await reader();
  const { list } = await saveList(ben, {
    title: ' Near friends ',
    addActorIds: [ada.actorGlobalId, cem.actorGlobalId, ada.actorGlobalId],
  });
  expect(list).toMatchObject({ title: 'Near friends', isExclusive: false, memberCount: 2 });
  expect(list!.members.nodes.map(({ username }) => username)).toEqual(['cem', 'ada']);
  const listId = list!.id;
  const changed = await saveList(ben, {
    listId,
    title: 'Friends',
    isExclusive: true,
    addActorIds: [dan.actorGlobalId, cem.actorGlobalId],
    removeActorIds: [ada.actorGlobalId, ben.actorGlobalId],
  });
  expect(changed.userErrors).toEqual([]);
  expect(changed.list).toMatchObject({ title: 'Friends', isExclusive: true, memberCount: 2 });
  expect(changed.list!.members.nodes.map(({ username }) => username)).toEqual(['dan', 'cem']);
  expect((await saveList(ben, { listId })).list).toEqual(changed.list);
  await saveList(ben, { title: 'all' });
  expect(await lists(ben)).toMatchObject([{ title: 'all' }, { title: 'Friends', memberCount: 2 }]);
  const inLists = await ben.graphql<{ actor: { viewerLists: object[] } }>(
    '{ actor(by: { handle: "dan" }) { viewerLists { title } } }',
  );
  expect(inLists.data.actor.viewerLists).toEqual([{ title: 'Friends' }]);
  const gone = { deletedListId: null, userErrors: [{ code: 'NOT_FOUND', path: ['listId'] }] };
  expect(await remove(ada, listId)).toEqual(gone);
  expect(await remove(ben, listId)).toEqual({ deletedListId: listId, userErrors: [] });
  expect(await remove(ben, listId)).toEqual(gone);
});

test('nobody but its owner ever sees a list, its members or its timeline', async () => {
  const ben = await reader();
  const id = await makeList(ben, [ada]);
  const postId = await publish(world, ada);
  expect(await timeline(ben, id)).toEqual([postId]);
  const node = 'query ($id: ID!) { node(id: $id) { __typename } }';
  for (const who of [ada, cem, await world.admin()]) {
    expect(await timeline(who, id)).toEqual([]);
    expect((await who.graphql(node, { id })).data).toEqual({ node: null });
    expect((await saveList(who, { listId: id, title: 'Mine' })).userErrors).toEqual([
      { code: 'NOT_FOUND', path: ['listId'] },
    ]);
  }
  expect((await ben.graphql(node, { id })).data).toEqual({ node: { __typename: 'ActorList' } });
  const notifications = await ada.graphql('{ viewer { notifications { nodes { kind } } } }');
  expect(notifications.data).toEqual({ viewer: { notifications: { nodes: [] } } });
});

test('the timeline of a list has of its members what the owner may see, followed or not', async () => {
  const ben = await reader(cem);
  const id = await makeList(ben, [ada, cem, dan]);
  const open = await publish(world, ada);
  await publish(world, ada, { visibility: 'FOLLOWERS' });
  const close = await publish(world, cem, { visibility: 'FOLLOWERS' });
  const named = await publish(world, dan, {
    visibility: 'MENTIONED',
    caption: `@${ben.username}`,
  });
  await publish(world, await reader());
  const sensitive = await publish(world, dan, { isSensitive: true });
  const before = await timeline(ben, id);
  expect(before.slice(0, 4)).toEqual([sensitive, named, close, open]);
  expect((await timeline(ben, id, { includeSensitive: false })).slice(0, 3)).toEqual([
    named,
    close,
    open,
  ]);
  await mute(ben, dan);
  expect((await timeline(ben, id)).slice(0, 2)).toEqual([close, open]);
  await mute(ben, dan, false);
  await block(world, dan, ben);
  expect((await timeline(ben, id)).slice(0, 2)).toEqual([close, open]);
  await block(world, dan, ben, false);
  await saveList(ben, { listId: id, removeActorIds: [dan.actorGlobalId] });
  expect((await timeline(ben, id)).slice(0, 2)).toEqual([close, open]);
});

test('the timeline of a list goes page by page, both ways', async () => {
  const ben = await reader();
  const [one, two] = [await reader(), await reader()];
  const id = await makeList(ben, [one, two]);
  const posts: string[] = [];
  for (let turn = 0; turn < 7; turn++) {
    posts.unshift(await publish(world, turn % 3 === 0 ? one : two));
    if (turn % 2 === 0) await publish(world, one, { visibility: 'FOLLOWERS' });
  }
  const seen: string[] = [];
  let page = await listPage(ben, id, { first: 3 });
  for (;;) {
    seen.push(...page.nodes.map((node) => node.id));
    if (!page.pageInfo.hasNextPage) break;
    page = await listPage(ben, id, { first: 3, after: page.pageInfo.endCursor });
  }
  expect(seen).toEqual(posts);
  const back = await listPage(ben, id, { last: 2, before: page.pageInfo.startCursor });
  expect(back.nodes.map((node) => node.id)).toEqual(posts.slice(4, 6));
  expect(back.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: true });
});

async function repost(who: Person, postId: string): Promise<void> {
  await who.graphql(
    'mutation ($id: ID!) { setRepost(input: { postId: $id, reposted: true }) { userErrors { code } } }',
    { id: postId },
  );
  await world.settle();
}

test('members of an exclusive list leave the home timeline, and come back with it', async () => {
  const [one, two, other] = [await reader(), await reader(), await reader()];
  const ben = await reader(one, two);
  const fromOne = await publish(world, one);
  const fromTwo = await publish(world, two);
  const byOther = await publish(world, other);
  const shown = await publish(world, other);
  await world.settle();
  await repost(one, byOther);
  await repost(one, shown);
  await repost(two, shown);
  const all = await homePosts(ben);
  expect([...all].sort()).toEqual([fromOne, fromTwo, byOther, shown].sort());
  const listId = await makeList(ben, [one], { isExclusive: true });
  expect((await homePosts(ben)).sort()).toEqual([fromTwo].sort());
  expect(await timeline(ben, listId)).toEqual([fromOne]);
  await saveList(ben, { listId, isExclusive: false });
  expect(await homePosts(ben)).toEqual(all);
  await saveList(ben, { listId, isExclusive: true });
  expect(await homePosts(ben)).toEqual([fromTwo]);
  await remove(ben, listId);
  expect(await homePosts(ben)).toEqual(all);
});

test('a followed reposter brings home what a member of an exclusive list published', async () => {
  const [one, two] = [await reader(), await reader()];
  const ben = await reader(one, two);
  await makeList(ben, [one], { isExclusive: true });
  const old = await publish(world, one);
  await world.settle();
  world.clock.advance(25 * 3600);
  expect(await homePosts(ben)).toEqual([]);
  await repost(two, old);
  expect(await homePosts(ben)).toEqual([old]);
});

test('live readers of the home timeline do not hear of members of an exclusive list', async () => {
  const [one, two] = [await reader(), await reader()];
  const ben = await reader(one, two);
  await makeList(ben, [one], { isExclusive: true });
  await using home = await watchTimeline(world, ben, { home: true });
  await publish(world, one);
  await world.settle();
  const heard = await publish(world, two);
  await world.settle();
  expect((await home.next()).postEdge!.node.id).toBe(heard);
});

test('the timeline of a list is live for its owner alone', async () => {
  const [one, two] = [await reader(), await reader()];
  const [ben, other] = [await reader(one), await reader(one)];
  const listId = await makeList(ben, [one]);
  await using own = await watchTimeline(world, ben, { listId });
  await using foreign = await watchTimeline(world, other, { listId });
  await using home = await watchTimeline(world, other, { home: true });
  await publish(world, two);
  await world.settle();
  const close = await publish(world, one, { visibility: 'FOLLOWERS' });
  await world.settle();
  expect(await own.next()).toMatchObject({ change: 'ADDED', postEdge: { node: { id: close } } });
  await one.graphql(
    'mutation ($id: ID!) { deletePost(input: { postId: $id }) { deletedPostId } }',
    {
      id: close,
    },
  );
  await world.settle();
  expect(await own.next()).toEqual({ change: 'REMOVED', removedPostId: close, postEdge: null });
  expect([(await home.next()).change, (await home.next()).change]).toEqual(['ADDED', 'REMOVED']);
  // All sockets hear one stream in one order: what is of the home timeline comes first.
  const listed = await makeList(other, [one]);
  await using late = await watchTimeline(world, other, { listId: listed });
  const last = await publish(world, one);
  await world.settle();
  expect((await late.next()).postEdge!.node.id).toBe(last);
  expect(foreign.waiting()).toBe(0);
});

test('what is wrong is refused with its place, and nothing of it is kept', async () => {
  const ben = await reader();
  const refusal = async (input: Record<string, unknown>) => (await saveList(ben, input)).userErrors;
  const invalid = (...path: string[]) => [{ code: 'INVALID_INPUT', path }];
  expect(await refusal({})).toEqual(invalid('title'));
  expect(await refusal({ title: '  ' })).toEqual(invalid('title'));
  expect(await refusal({ title: 'x'.repeat(101) })).toEqual(invalid('title'));
  const actors = Array.from({ length: 101 }, () => ada.actorGlobalId);
  expect(await refusal({ title: 'x', addActorIds: actors })).toEqual(invalid('addActorIds'));
  expect(await refusal({ title: 'x', removeActorIds: actors })).toEqual(invalid('removeActorIds'));
  expect(
    await refusal({ title: 'x', addActorIds: [ada.actorGlobalId, ben.actorGlobalId] }),
  ).toEqual(invalid('addActorIds', '1'));
  expect(await refusal({ title: 'x', addActorIds: [ada.actorGlobalId, 'nonsense'] })).toEqual([
    { code: 'NOT_FOUND', path: ['addActorIds', '1'] },
  ]);
  expect(await lists(ben)).toEqual([]);
});

/** Puts 498 actors of another server into a list. */
const FILL = `with crowd as (
    insert into actors (id, username, domain, uri, url, joined_at, updated_at)
    select gen_random_uuid(), 'far' || n, 'b.example', 'https://b.example/far' || n, 'https://b.example/far' || n, now(), now()
    from generate_series(1, 498) n returning id
  ) insert into actor_list_members (list_id, actor_id, id, added_at) select $1, id, gen_random_uuid(), now() from crowd`;

test('lists and members stay within their numbers, also when many are made at once', async () => {
  const ben = await reader();
  for (let count = 0; count < 96; count++) await saveList(ben, { title: `No. ${count}` });
  const made = await Promise.all(
    Array.from({ length: 10 }, () => saveList(ben, { title: 'At once' })),
  );
  const codes = made.map(({ userErrors }) => userErrors[0]?.code ?? 'DONE').sort();
  expect(codes).toEqual([...Array(4).fill('DONE'), ...Array(6).fill('LIMIT_EXCEEDED')]);
  expect(await lists(ben)).toHaveLength(100);
  const [listId] = (await lists(ben)).map(({ id }) => id);
  await world.services.database.pool.query(FILL, [innerId(listId!)]);
  const others = [ada, cem, dan, await reader(), await reader()];
  const saved = await Promise.all(
    others.map(({ actorGlobalId }) => saveList(ben, { listId, addActorIds: [actorGlobalId] })),
  );
  expect(saved.map(({ userErrors }) => userErrors[0]?.code ?? 'DONE').sort()).toEqual([
    ...Array<string>(2).fill('DONE'),
    ...Array<string>(3).fill('LIMIT_EXCEEDED'),
  ]);
  expect((await saveList(ben, { listId })).list!.memberCount).toBe(500);
});

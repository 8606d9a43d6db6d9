// Keyword filters through the public API: what they match, what they leave out, and that pages stay whole.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { addSeconds } from '../../src/platform/clock.js';
import {
  FILTER_FIELDS,
  filter,
  saveFilter,
  unfilter,
  type SeenFilter,
} from '../support/filters.js';
import {
  comment,
  follow,
  innerId,
  publish,
  react,
  readyPicture,
  sendPost,
} from '../support/posts.js';
import { connectSocket, subscribed, type TestSocket, type WireMessage } from '../support/socket.js';
import { homePosts, makeList } from '../support/timelines.js';
import { startWorld, type Person, type World } from '../support/world.js';

let world: World;
let ada: Person;
let people = 0;

beforeAll(async () => {
  world = await startWorld({ GRAPHQL_POINTS_PER_HOUR: '1000000' });
  ada = await world.local('ada');
});

afterAll(() => world[Symbol.asyncDispose]());

async function person(...followed: Person[]): Promise<Person> {
  people += 1;
  const who = await world.local(`person${people}`);
  for (const one of followed) await follow(world, who, one);
  return who;
}

async function post(author: Person, caption: string, common: object = {}): Promise<string> {
  const id = await publish(world, author, { caption, ...common });
  await world.settle();
  return id;
}

async function filters(who: Person): Promise<SeenFilter[]> {
  const answer = await who.graphql<{ viewer: { filters: SeenFilter[] } }>(
    `{ viewer { filters { ${FILTER_FIELDS} } } }`,
  );
  expect(answer.errors).toBeUndefined();
  return answer.data.viewer.filters;
}

test('a filter is made, changed and deleted by its owner, and nobody else ever sees it', async () => {
  const ben = await person();
  const expiresAt = addSeconds(world.clock.now(), 3_600).toISOString();
  const { filter: made } = await saveFilter(ben, {
    title: ' Sports ',
    keywords: [{ text: ' Final ' }, { text: 'goal', isWholeWord: false }],
    action: 'WARN',
    contexts: ['HOME', 'PUBLIC', 'HOME'],
    expiresAt,
  });
  expect(made).toEqual({
    id: expect.stringMatching(/^filter_/),
    title: 'Sports',
    action: 'WARN',
    contexts: ['HOME', 'PUBLIC'],
    keywords: [
      { text: 'Final', isWholeWord: true },
      { text: 'goal', isWholeWord: false },
    ],
    expiresAt,
  });
  const filterId = made!.id;
  const changed = await saveFilter(ben, { filterId, action: 'BLUR', keywords: [{ text: 'cup' }] });
  expect(changed.filter).toEqual({
    ...made,
    action: 'BLUR',
    keywords: [{ text: 'cup', isWholeWord: true }],
  });
  expect((await saveFilter(ben, { filterId, expiresAt: null })).filter).toEqual({
    ...changed.filter,
    expiresAt: null,
  });
  expect(await filters(ben)).toHaveLength(1);
  for (const who of [ada, await world.admin()]) {
    expect(await filters(who)).toEqual([]);
    expect((await saveFilter(who, { filterId, title: 'Mine' })).userErrors).toEqual([
      { code: 'NOT_FOUND', path: ['filterId'] },
    ]);
    const node = await who.graphql('query ($id: ID!) { node(id: $id) { id } }', { id: filterId });
    expect(node.data).toEqual({ node: null });
  }
  await unfilter(ben, filterId);
  expect(await filters(ben)).toEqual([]);
});

test('a muted word is a filter with nothing but a keyword: it hides everywhere, for good', async () => {
  const ben = await person();
  const { filter: made } = await saveFilter(ben, { keywords: [{ text: 'Spoiler' }] });
  expect(made).toMatchObject({
    title: 'Spoiler',
    action: 'HIDE',
    contexts: ['HOME', 'PUBLIC', 'NOTIFICATIONS', 'COMMENTS', 'PROFILE', 'SEARCH'],
    expiresAt: null,
  });
});

const MATCHES = `query ($id: ID!) { post(by: { id: $id }) { viewerState { matchedFilters {
  keywords filter { title action } } } } }`;

async function matches(who: Person, id: string): Promise<string[][]> {
  interface Seen {
    post: { viewerState: { matchedFilters: { keywords: string[]; filter: { title: string } }[] } };
  }
  const answer = await who.graphql<Seen>(MATCHES, { id });
  expect(answer.errors).toBeUndefined();
  return answer.data.post.viewerState.matchedFilters.map((match) => [
    match.filter.title,
    ...match.keywords,
  ]);
}

test.each<[keyword: string, isWholeWord: boolean, caption: string, isFound: boolean]>([
  ['kite', true, 'A Kite, at last', true],
  ['kite', true, 'kites', false],
  ['kite', false, 'kites', true],
  ['kite', true, '#kite', true],
  ['#kite', true, 'so #kite!', true],
  ['#kite', true, '#kites', false],
  ['#kite', true, 'a kite', false],
  ['kite', true, 'under_kite', false],
  ['red  kite', true, 'a red\nkite', true],
  ['red kite', true, 'a red  kite', true],
  ['red kite', true, 'a kite, red', false],
  ['kite', true, 'a **ki**te', true],
  ['c++', true, 'C++, and more', true],
  ['c++', true, 'abc++', false],
  ['50%', true, 'only 50% left', true],
  ['a_b', false, 'axb', false],
  ['.*', false, 'anything', false],
  ['<b>', false, '\\<b> and so on', true],
  ['a & b', true, 'it is a & b', true],
  ['ÉTÉ', true, 'un été', true],
  ['été', true, 'ete', false],
  ['straße', true, 'STRASSE', false],
  ['ｋｉｔｅ', true, 'kite', true],
  ['猫', false, '白い猫です', true],
  ['猫', true, '白い猫です', false],
  ['🪁', true, 'look🪁here', true],
  ['привет', true, 'ПРИВЕТ, мир', true],
])('%j (whole word: %j) in %j: %j', async (keyword, isWholeWord, caption, isFound) => {
  const ben = await person();
  await saveFilter(ben, { title: 'T', keywords: [{ text: keyword, isWholeWord }], action: 'WARN' });
  const id = await publish(world, ada, { caption });
  const kept = keyword.trim();
  expect(await matches(ben, id)).toEqual(isFound ? [['T', kept]] : []);
});

test('content warnings and descriptions of pictures are looked at, addresses of links are not', async () => {
  const ben = await person();
  await filter(ben, 'kite', { action: 'WARN', title: 'T' });
  const warned = await publish(world, ada, { contentWarning: 'Kite' });
  const described = await sendPost(ada, {
    mediaIds: [await readyPicture(world, ada, { altText: 'A kite' })],
  });
  const linked = await publish(world, ada, { caption: '[look](https://a.example/kite)' });
  expect(await matches(ben, warned)).toEqual([['T', 'kite']]);
  expect(await matches(ben, described.post!.id)).toEqual([['T', 'kite']]);
  expect(await matches(ben, linked)).toEqual([]);
});

test('every filter that matches is named with what it found, whatever it does; not on own posts', async () => {
  const ben = await person();
  await saveFilter(ben, {
    title: 'One',
    keywords: [{ text: 'sea' }, { text: 'sky' }, { text: 'wood' }],
    action: 'BLUR',
  });
  await filter(ben, 'sky', { title: 'Two', contexts: ['PROFILE'] });
  await filter(ben, 'rain', { title: 'Three' });
  const id = await publish(world, ada, { caption: 'Sky and sea' });
  expect(await matches(ben, id)).toEqual([
    ['One', 'sea', 'sky'],
    ['Two', 'sky'],
  ]);
  expect(await matches(ben, await publish(world, ben, { caption: 'sky' }))).toEqual([]);
  const anonymous = await world.graphql(MATCHES, { id });
  expect([anonymous.errors, anonymous.data]).toEqual([undefined, { post: { viewerState: null } }]);
  const made = await ben.graphql<{ createPersonalAccessToken: { token: string } }>(
    'mutation { createPersonalAccessToken(input: { name: "x", scopes: ["read:posts"] }) { token } }',
  );
  const narrow = await world.graphql(MATCHES, { id }, made.data.createPersonalAccessToken.token);
  expect(narrow.data).toEqual({ post: { viewerState: { matchedFilters: null } } });
});

interface Nodes {
  readonly nodes: { readonly id: string }[];
}

/** Where each context shows a post of the author, as a query for its `list`. */
const PLACES: Readonly<
  Record<string, readonly ((at: { author: Person; listId: string }) => string)[]>
> = {
  HOME: [
    () => '{ viewer { list: homeTimeline(first: 50) { nodes { id } } } }',
    ({ listId }) =>
      `{ viewer { list: listTimeline(listId: "${listId}", first: 50) { nodes { id } } } }`,
  ],
  PUBLIC: [
    () => '{ list: publicTimeline(first: 50) { nodes { id } } }',
    () => '{ list: publicTimeline(first: 50, filter: { localOnly: true }) { nodes { id } } }',
    () => '{ hashtag(name: "windy") { list: posts(first: 50) { nodes { id } } } }',
  ],
  PROFILE: [
    ({ author }) =>
      `{ actor(by: { handle: "${author.username}" }) { list: posts(first: 50) { nodes { id } } } }`,
    ({ author }) =>
      `{ actor(by: { handle: "${author.username}" }) { list: reposts(first: 50) { nodes { id } } } }`,
  ],
  SEARCH: [
    () => '{ search(query: "windy") { list: posts(first: 50) { nodes { id } } } }',
    () => '{ search(query: "#windy") { list: posts(last: 50) { nodes { id } } } }',
  ],
};

function listOf(value: unknown): string[] {
  const part = Object.values(value as object)[0] as object;
  return 'nodes' in part ? (part as Nodes).nodes.map(({ id }) => id) : listOf(part);
}

test.each(Object.keys(PLACES))(
  'HIDE leaves out what it matches in %s, and nowhere else, until it ends',
  async (context) => {
    const author = await person();
    await author.graphql(
      'mutation { updateProfile(input: { isIndexable: true }) { userErrors { code } } }',
    );
    const ben = await person(author);
    const listId = await makeList(ben, [author]);
    const hit = await post(author, '#windy storm');
    const kept = await post(author, '#windy calm');
    for (const id of [hit, kept])
      await author.graphql(
        'mutation ($id: ID!) { setRepost(input: { postId: $id, reposted: true }) { userErrors { code } } }',
        { id },
      );
    const shown = async (place: string, who = ben): Promise<boolean[]> => {
      const lists = PLACES[place]!.map(async (ask) => {
        const { data, errors } = await who.graphql(ask({ author, listId }));
        expect(errors).toBeUndefined();
        return listOf(data);
      });
      const found = await Promise.all(lists);
      for (const list of found) expect(list).toContain(kept);
      return found.map((list) => list.includes(hit));
    };
    const expiresAt = addSeconds(world.clock.now(), 600).toISOString();
    const filterId = await filter(ben, 'storm', { contexts: [context], expiresAt });
    for (const place of Object.keys(PLACES))
      expect([place, ...new Set(await shown(place))]).toEqual([place, place !== context]);
    await saveFilter(ben, { filterId, action: 'WARN' });
    expect(new Set(await shown(context))).toEqual(new Set([true]));
    await saveFilter(ben, { filterId, action: 'HIDE' });
    world.clock.advance(601);
    expect(new Set(await shown(context))).toEqual(new Set([true]));
  },
);

test('pages of a filtered timeline are as long as they were asked for', async () => {
  const author = await person();
  const ben = await person(author);
  const kept: string[] = [];
  for (let turn = 0; turn < 12; turn++) {
    const id = await publish(world, author, { caption: turn % 3 === 0 ? 'calm' : 'storm' });
    if (turn % 3 === 0) kept.unshift(id);
  }
  await world.settle();
  await filter(ben, 'storm');
  const PAGE = `query ($after: String) { viewer { homeTimeline(first: 2, after: $after) {
    nodes { id } pageInfo { hasNextPage endCursor } } } }`;
  interface Home {
    viewer: { homeTimeline: Nodes & { pageInfo: { hasNextPage: boolean; endCursor: string } } };
  }
  const first = (await ben.graphql<Home>(PAGE)).data.viewer.homeTimeline;
  expect(first).toMatchObject({
    nodes: kept.slice(0, 2).map((id) => ({ id })),
    pageInfo: { hasNextPage: true },
  });
  const { data } = await ben.graphql<Home>(PAGE, { after: first.pageInfo.endCursor });
  expect(data.viewer.homeTimeline).toMatchObject({
    nodes: kept.slice(2).map((id) => ({ id })),
    pageInfo: { hasNextPage: false },
  });
});

test('a search shows no more of what it hides when the viewer had to do with it; own posts it always shows', async () => {
  const [author, ben] = [await person(), await person()];
  const liked = await post(author, 'tempest in a teacup');
  await react(ben, liked, '❤');
  const own = await post(ben, 'my tempest');
  const find = async () => {
    const { data } = await ben.graphql(
      '{ search(query: "tempest") { list: posts { nodes { id } } } }',
    );
    return listOf(data);
  };
  expect(await find()).toEqual([own, liked]);
  await filter(ben, 'tempest', { action: 'WARN' });
  expect(await find()).toEqual([own, liked]);
  await filter(ben, 'tempest');
  expect(await find()).toEqual([own]);
});

const COMMENTS = `query ($id: ID!, $sort: CommentSort) { post(by: { id: $id }) {
  comments(first: 10, sort: $sort) { nodes { id matchedFilters { keywords } replies(first: 10) { nodes { id } } } } } }`;

test('comments and answers are filtered in every order, own ones never', async () => {
  const [ben, carl] = [await person(), await person()];
  const postId = await publish(world, ada);
  const kept = await comment(carl, postId, 'calm');
  await comment(carl, postId, 'a storm');
  const own = await comment(ben, postId, 'my storm');
  const answer = await comment(carl, postId, 'calm too', kept);
  await comment(carl, postId, 'storm there', kept);
  await filter(ben, 'storm', { contexts: ['COMMENTS'] });
  const ask = async (who: Person | null, sort: string) => {
    interface Seen {
      post: { comments: { nodes: { id: string; replies: Nodes; matchedFilters: object[] }[] } };
    }
    const { data, errors } = await (who ?? world).graphql<Seen>(COMMENTS, { id: postId, sort });
    expect(errors).toBeUndefined();
    return data.post.comments.nodes;
  };
  for (const sort of ['TOP', 'NEWEST', 'OLDEST']) {
    const nodes = await ask(ben, sort);
    expect(nodes.map(({ id }) => id).sort()).toEqual([kept, own].sort());
    expect(nodes.find(({ id }) => id === kept)!.replies.nodes).toEqual([{ id: answer }]);
    expect(nodes.map(({ matchedFilters }) => matchedFilters)).toEqual([[], []]);
    expect(await ask(carl, sort)).toHaveLength(3);
    expect((await ask(null, sort)).map(({ matchedFilters }) => matchedFilters)).toEqual([
      null,
      null,
      null,
    ]);
  }
});

async function notifications(who: Person): Promise<{ unread: number; kinds: string[] }> {
  const answer = await who.graphql<{
    viewer: { unreadNotificationCount: number; notifications: { nodes: { kind: string }[] } };
  }>('{ viewer { unreadNotificationCount notifications(first: 20) { nodes { kind } } } }');
  expect(answer.errors).toBeUndefined();
  const { unreadNotificationCount: unread, notifications: list } = answer.data.viewer;
  return { unread, kinds: list.nodes.map(({ kind }) => kind) };
}

test('what a filter hides notifies nobody, and leaves the list and the count of unread ones', async () => {
  const [ben, carl] = [await person(), await person()];
  const postId = await publish(world, ben, { caption: 'A storm of mine' });
  await comment(carl, postId, 'a storm');
  await world.settle();
  expect(await notifications(ben)).toEqual({ unread: 1, kinds: ['COMMENT'] });
  const filterId = await filter(ben, 'storm', { contexts: ['NOTIFICATIONS'] });
  expect(await notifications(ben)).toEqual({ unread: 0, kinds: [] });
  await comment(carl, postId, 'another storm');
  await react(carl, postId, '❤');
  await world.settle();
  // The like is about an own post, which is never filtered.
  expect(await notifications(ben)).toEqual({ unread: 1, kinds: ['LIKE'] });
  await unfilter(ben, filterId);
  expect((await notifications(ben)).kinds).toEqual(['LIKE', 'COMMENT']);
});

const LIVE = (timeline: string): string =>
  `subscription { timelineChanged(timeline: { ${timeline} }) { postEdge { node { id } } } }`;

async function nextPost(socket: TestSocket): Promise<string> {
  for (;;) {
    const message = (await socket.next()) as WireMessage & {
      payload: { data: { timelineChanged: { postEdge: { node: { id: string } } } } };
    };
    if (message.id === 'live') return message.payload.data.timelineChanged.postEdge.node.id;
  }
}

test.each(['home: true', 'public: {}'])(
  'live readers of %s do not hear of what they hide',
  async (timeline) => {
    const author = await person();
    const [ben, carl] = [await person(author), await person(author)];
    await filter(ben, 'storm');
    await using sockets = new AsyncDisposableStack();
    const watch = async (who: Person): Promise<TestSocket> => {
      const socket = sockets.use(await connectSocket(world.origin, who.token));
      await subscribed(socket, 'live', LIVE(timeline));
      return socket;
    };
    const [hiding, seeing] = [await watch(ben), await watch(carl)];
    const hit = await post(author, 'storm');
    const kept = await post(author, 'calm');
    expect([await nextPost(seeing), await nextPost(seeing)]).toEqual([hit, kept]);
    expect(await nextPost(hiding)).toBe(kept);
    expect(await homePosts(ben)).toEqual([kept]);
  },
);

test('what is wrong is refused with its place, and nothing of it is kept', async () => {
  const ben = await person();
  const refusal = async (input: Record<string, unknown>) =>
    (await saveFilter(ben, input)).userErrors;
  const invalid = (...path: string[]) => [{ code: 'INVALID_INPUT', path }];
  const keywords = [{ text: 'x' }];
  expect(await refusal({})).toEqual(invalid('keywords'));
  expect(await refusal({ keywords: [] })).toEqual(invalid('keywords'));
  expect(await refusal({ keywords: Array.from({ length: 51 }, () => ({ text: 'x' })) })).toEqual(
    invalid('keywords'),
  );
  expect(await refusal({ keywords: [...keywords, { text: ' ' }] })).toEqual(
    invalid('keywords', '1', 'text'),
  );
  expect(await refusal({ keywords: [{ text: 'x'.repeat(101) }] })).toEqual(
    invalid('keywords', '0', 'text'),
  );
  expect(await refusal({ keywords, title: ' ' })).toEqual(invalid('title'));
  expect(await refusal({ keywords, title: 'x'.repeat(101) })).toEqual(invalid('title'));
  expect(await refusal({ keywords, contexts: [] })).toEqual(invalid('contexts'));
  const past = addSeconds(world.clock.now(), -1).toISOString();
  expect(await refusal({ keywords, expiresAt: past })).toEqual(invalid('expiresAt'));
  expect(await filters(ben)).toEqual([]);
});

test('filters and keywords stay within their numbers, also when many are made at once', async () => {
  const ben = await person();
  const codes = (answers: readonly { userErrors: readonly { code: string }[] }[]) =>
    answers.map(({ userErrors }) => userErrors[0]?.code ?? 'DONE').sort();
  for (let count = 0; count < 48; count++) await filter(ben, 'x');
  const atOnce = Array.from({ length: 6 }, () => saveFilter(ben, { keywords: [{ text: 'x' }] }));
  expect(codes(await Promise.all(atOnce))).toEqual([
    ...Array<string>(2).fill('DONE'),
    ...Array<string>(4).fill('LIMIT_EXCEEDED'),
  ]);
  const many = Array.from({ length: 50 }, (_, index) => ({ text: `word${index}` }));
  const all = await filters(ben);
  expect(all).toHaveLength(50);
  const grown = all.slice(0, 12).map(({ id }) => saveFilter(ben, { filterId: id, keywords: many }));
  // Nine times fifty and forty-one of one each; a tenth would make five hundred and forty.
  expect(codes(await Promise.all(grown))).toEqual([
    ...Array<string>(9).fill('DONE'),
    ...Array<string>(3).fill('LIMIT_EXCEEDED'),
  ]);
  const { rows } = await world.services.database.pool.query(
    `select count(*)::int as count from content_filter_keywords keyword
     join content_filters f on f.id = keyword.filter_id where f.owner_id = $1`,
    [innerId(ben.actorGlobalId)],
  );
  expect(rows).toEqual([{ count: 491 }]);
});

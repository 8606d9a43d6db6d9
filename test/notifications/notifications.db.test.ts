// What people are told, through the public API: every kind from its cause, who is never told, reading, and requests.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { notificationsOf, settlePauses, summaryOf } from '../support/notifications.js';
import {
  block,
  comment,
  follow,
  mute,
  publish,
  react,
  readyPicture,
  unfollow,
  type Answered,
} from '../support/posts.js';
import { startWorld, type Person, type World } from '../support/world.js';

let world: World;
let count = 0;
/** The recipient, new for each test; ben and cem act. */
let ada: Person;
let ben: Person;
let cem: Person;

beforeAll(async () => {
  world = await startWorld({ GRAPHQL_POINTS_PER_HOUR: '1000000' });
  // Follows are grouped by day.
  world.clock.toMorning();
});

afterAll(() => world[Symbol.asyncDispose]());

beforeEach(async () => {
  count += 1;
  const names = ['ada', 'ben', 'cem'].map((name) => `${name}${count}`);
  [ada, ben, cem] = (await Promise.all(names.map((name) => world.local(name)))) as [
    Person,
    Person,
    Person,
  ];
});

async function send(person: Person, mutation: string, input: object): Promise<unknown[]> {
  const name = mutation.charAt(0).toUpperCase() + mutation.slice(1);
  const answer = await person.graphql<Record<string, Answered<object>>>(
    `mutation ($input: ${name}Input!) { ${mutation}(input: $input) { userErrors { code path } } }`,
    { input },
  );
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data[mutation]!.userErrors;
}

test('likes of one post are one notification, and a second like of one person changes nothing', async () => {
  const postId = await publish(world, ada);
  expect(await react(ben, postId, '❤')).toEqual([]);
  await settlePauses(world);
  await react(cem, postId, '❤');
  await react(ben, postId, '❤');
  await settlePauses(world);
  const { nodes, unread } = await notificationsOf(ada);
  expect(nodes).toMatchObject([
    {
      kind: 'LIKE',
      actorCount: 2,
      isRead: false,
      actors: [{ username: cem.username }, { username: ben.username }],
      subject: { __typename: 'PhotoPost', id: postId },
    },
  ]);
  expect(unread).toBe(1);
});

test('a like that is taken back leaves the notification, and coming back is no news', async () => {
  const postId = await publish(world, ada);
  await react(ben, postId, '❤');
  await react(cem, postId, '❤');
  await settlePauses(world);
  await react(cem, postId, null);
  await settlePauses(world);
  expect(await summaryOf(ada)).toEqual([`LIKE ${ben.username}`]);
  await send(ada, 'markNotificationsRead', { upTo: (await notificationsOf(ada)).cursors[0] });
  await react(cem, postId, '❤');
  await settlePauses(world);
  const back = await notificationsOf(ada);
  expect(back.nodes[0]).toMatchObject({ actorCount: 2, isRead: true });
  await react(ben, postId, null);
  await react(cem, postId, null);
  await settlePauses(world);
  expect(await notificationsOf(ada)).toEqual({ nodes: [], cursors: [], unread: 0 });
});

test('a like that becomes another emoji moves from the likes to the reactions', async () => {
  const postId = await publish(world, ada);
  await react(ben, postId, '❤');
  await settlePauses(world);
  await react(ben, postId, '🎉');
  await settlePauses(world);
  expect(await summaryOf(ada)).toEqual([`REACTION ${ben.username}`]);
});

test('reposts of one post are one notification, which a repost taken back leaves', async () => {
  const postId = await publish(world, ada);
  for (const person of [ben, cem]) await send(person, 'setRepost', { postId, reposted: true });
  await settlePauses(world);
  await send(cem, 'setRepost', { postId, reposted: false });
  await settlePauses(world);
  expect(await summaryOf(ada)).toEqual([`REPOST ${ben.username}`]);
});

test('whoever is tagged in a picture is told, once per post', async () => {
  const mediaIds = [await readyPicture(world, ada), await readyPicture(world, ada)];
  const tags = mediaIds.map((mediaId) => ({ actorId: ben.actorGlobalId, mediaId, x: 0.5, y: 0.5 }));
  const common = { visibility: 'PUBLIC' };
  expect(await send(ada, 'publishPhotoPost', { mediaIds, tags, common })).toEqual([]);
  await settlePauses(world);
  expect(await summaryOf(ben)).toEqual([`TAGGED ${ada.username}`]);
});

test('whoever is quoted is told, unless they cannot see the post that quotes', async () => {
  const quotedPostId = await publish(world, ada);
  await publish(world, ben, { quotedPostId });
  await publish(world, cem, { quotedPostId, visibility: 'FOLLOWERS' });
  await settlePauses(world);
  expect(await summaryOf(ada)).toEqual([`QUOTE ${ben.username}`]);
});

test('whoever the moderators write to is told why, unless the moderator chose otherwise', async () => {
  const moderator = await world.moderator();
  const act = { targetId: ada.actorGlobalId, kind: 'WARN', reason: 'Be kind.' };
  expect(await send(moderator, 'takeModerationAction', act)).toEqual([]);
  const silently = { ...act, reason: 'Silently.', notifyTarget: false };
  expect(await send(moderator, 'takeModerationAction', silently)).toEqual([]);
  await settlePauses(world);
  const { nodes } = await notificationsOf(ada);
  expect(nodes).toMatchObject([
    {
      kind: 'MODERATION',
      actors: [],
      actorCount: 0,
      fallbackTitle: 'A message from the moderators: \u2068Be kind.\u2069',
    },
  ]);
});

test('a comment tells the author of the post, the one that it answers, and who is mentioned; each once', async () => {
  const postId = await publish(world, ada);
  const first = await comment(ben, postId, 'good light');
  await comment(cem, postId, `so it is, @${ben.username} @${ada.username}`, first);
  await settlePauses(world);
  expect((await summaryOf(ada)).toSorted()).toEqual([
    `COMMENT ${ben.username}`,
    `COMMENT ${cem.username}`,
  ]);
  expect(await summaryOf(ben)).toEqual([`REPLY ${cem.username}`]);
  const { nodes } = await notificationsOf(ben);
  expect(nodes[0]?.subject?.__typename).toBe('Comment');
});

test('whoever is mentioned is told, also when an edit mentions them later', async () => {
  const postId = await publish(world, ada, { caption: `with @${ben.username}` });
  await settlePauses(world);
  const caption = `with @${ben.username} and @${cem.username}`;
  expect(await send(ada, 'updatePost', { postId, caption })).toEqual([]);
  await settlePauses(world);
  expect(await summaryOf(ben)).toEqual([`MENTION ${ada.username}`]);
  expect(await summaryOf(cem)).toEqual([`MENTION ${ada.username}`]);
});

test('new followers of one day are one notification, which they leave with the follow', async () => {
  await follow(world, ben, ada);
  await settlePauses(world);
  await follow(world, cem, ada);
  await settlePauses(world);
  expect(await summaryOf(ada)).toEqual([`FOLLOW ${cem.username}, ${ben.username}`]);
  await unfollow(world, cem, ada);
  await settlePauses(world);
  expect(await summaryOf(ada)).toEqual([`FOLLOW ${ben.username}`]);
});

test('a request to follow is told to the one and its acceptance to the other', async () => {
  await send(ada, 'updateProfile', { isLocked: true });
  await follow(world, ben, ada);
  await settlePauses(world);
  expect(await summaryOf(ada)).toEqual([`FOLLOW_REQUEST ${ben.username}`]);
  await send(ada, 'respondToFollowRequest', { actorId: ben.actorGlobalId, accept: true });
  await settlePauses(world);
  expect(await summaryOf(ada)).toEqual([]);
  expect(await summaryOf(ben)).toEqual([`FOLLOW_ACCEPTED ${ada.username}`]);
});

test('a new post is told to those who asked for it, and not twice to one who is mentioned', async () => {
  const wanted = { actorId: ada.actorGlobalId, notify: true };
  expect(await send(ben, 'followActor', wanted)).toEqual([]);
  expect(await send(cem, 'followActor', wanted)).toEqual([]);
  await publish(world, ada, { caption: `for @${cem.username}`, visibility: 'FOLLOWERS' });
  await settlePauses(world);
  expect(await summaryOf(ben)).toEqual([`NEW_POST ${ada.username}`]);
  expect(await summaryOf(cem)).toEqual([`MENTION ${ada.username}`]);
});

test('nobody is told of what they do themselves', async () => {
  const postId = await publish(world, ada, { caption: `I, @${ada.username}` });
  await react(ada, postId, '❤');
  await comment(ada, postId, 'me again');
  await settlePauses(world);
  expect(await summaryOf(ada)).toEqual([]);
});

test('blocked and muted people tell nothing, not even what they told before', async () => {
  const postId = await publish(world, ada);
  for (const person of [ben, cem]) await react(person, postId, '❤');
  await comment(ben, postId, 'hello');
  await settlePauses(world);
  await mute(ada, ben);
  expect(await summaryOf(ada)).toEqual([`LIKE ${cem.username}`]);
  expect(await notificationsOf(ada)).toMatchObject({ unread: 1, nodes: [{ actorCount: 1 }] });
  await block(world, cem, ada);
  expect(await notificationsOf(ada)).toEqual({ nodes: [], cursors: [], unread: 0 });
  await comment(ben, postId, 'hello again');
  await settlePauses(world);
  await mute(ada, ben, false);
  expect((await summaryOf(ada)).toSorted()).toEqual([
    `COMMENT ${ben.username}`,
    `LIKE ${ben.username}`,
  ]);
});

test('nobody is told of what they cannot see', async () => {
  const postId = await publish(world, ada, { visibility: 'FOLLOWERS' });
  await follow(world, ben, ada);
  await comment(ben, postId, 'seen by followers');
  const commentId = await comment(ben, postId, `do you see it, @${cem.username}?`);
  await settlePauses(world);
  expect(await summaryOf(cem)).toEqual([]);
  expect((await notificationsOf(ada, { filter: { kinds: ['COMMENT'] } })).nodes).toHaveLength(2);
  await send(ben, 'deleteComment', { commentId });
  expect((await notificationsOf(ada, { filter: { kinds: ['COMMENT'] } })).nodes).toHaveLength(1);
  await send(ada, 'deletePost', { postId });
  expect(await summaryOf(ada)).toEqual([`FOLLOW ${ben.username}`]);
});

test('a post that goes out of sight takes its notifications along, from list, count and node alike', async () => {
  await follow(world, ben, ada);
  const postId = await publish(world, ada, {
    visibility: 'MENTIONED',
    caption: `only @${ben.username}`,
  });
  await settlePauses(world);
  const [shown] = (await notificationsOf(ben)).nodes;
  expect(shown).toMatchObject({ kind: 'MENTION' });
  await send(ada, 'updatePost', { postId, caption: 'nobody now' });
  expect(await notificationsOf(ben)).toMatchObject({ nodes: [], unread: 0 });
  const node = await ben.graphql('query ($id: ID!) { node(id: $id) { id } }', { id: shown!.id });
  expect(node.data).toEqual({ node: null });
});

test('G17 a notification is a node for its recipient alone', async () => {
  const postId = await publish(world, ada);
  await react(ben, postId, '❤');
  await settlePauses(world);
  const { id } = (await notificationsOf(ada)).nodes[0]!;
  const query = 'query ($id: ID!) { node(id: $id) { id } }';
  expect((await ada.graphql(query, { id })).data).toEqual({ node: { id } });
  for (const other of [ben, cem]) {
    expect((await other.graphql(query, { id })).data).toEqual({ node: null });
  }
  expect((await world.graphql(query, { id })).data).toEqual({ node: null });
});

test('reading goes up to a place: what has moved above it since stays unread', async () => {
  const [older, newer] = [await publish(world, ada), await publish(world, ada)];
  await react(ben, older, '❤');
  await settlePauses(world);
  await react(ben, newer, '❤');
  await settlePauses(world);
  const seen = await notificationsOf(ada);
  await react(cem, older, '❤');
  await settlePauses(world);
  await send(ada, 'markNotificationsRead', { upTo: seen.cursors[0] });
  const after = await notificationsOf(ada);
  expect(after.nodes.map(({ subject, isRead }) => [subject?.id, isRead])).toEqual([
    [older, false],
    [newer, true],
  ]);
  expect(after.unread).toBe(1);
  expect((await notificationsOf(ada, { filter: { unreadOnly: true } })).nodes).toHaveLength(1);
  await send(ada, 'markNotificationsRead', { upTo: seen.cursors[1] });
  expect((await notificationsOf(ada)).unread).toBe(1);
  await send(ada, 'markNotificationsRead', { ids: [after.nodes[0]!.id] });
  expect((await notificationsOf(ada)).unread).toBe(0);
});

test('reading refuses both ways at once, none, too many ids, and what is no cursor', async () => {
  const refusal = (path: string) => [{ code: 'INVALID_INPUT', path: [path] }];
  const read = (input: object) => send(ada, 'markNotificationsRead', input);
  expect(await read({})).toEqual(refusal('upTo'));
  expect(await read({ upTo: 'x', ids: [] })).toEqual(refusal('upTo'));
  expect(await read({ upTo: 'x' })).toEqual(refusal('upTo'));
  expect(await read({ ids: Array.from({ length: 101 }, () => 'x') })).toEqual(refusal('ids'));
  expect(await read({ ids: ['x', ada.actorGlobalId] })).toEqual([]);
});

test('somebody else cannot read my notifications away', async () => {
  const postId = await publish(world, ada);
  await react(ben, postId, '❤');
  await settlePauses(world);
  const { nodes, cursors } = await notificationsOf(ada);
  expect(await send(cem, 'markNotificationsRead', { ids: [nodes[0]!.id] })).toEqual([]);
  expect(await send(cem, 'markNotificationsRead', { upTo: cursors[0] })).toEqual([]);
  expect((await notificationsOf(ada)).unread).toBe(1);
});

test('a kind that was silenced does not come any more', async () => {
  await send(ada, 'updateNotificationSettings', { silentKinds: ['LIKE', 'LIKE'] });
  const postId = await publish(world, ada);
  await react(ben, postId, '❤');
  await react(cem, postId, '🎉');
  await settlePauses(world);
  expect(await summaryOf(ada)).toEqual([`REACTION ${cem.username}`]);
  const settings = await ada.graphql(
    '{ viewer { notificationSettings { silentKinds policy { fromStrangers fromNotFollowed } } } }',
  );
  expect(settings.data).toEqual({
    viewer: {
      notificationSettings: {
        silentKinds: ['LIKE'],
        policy: { fromStrangers: 'ACCEPT', fromNotFollowed: 'ACCEPT' },
      },
    },
  });
});

const REQUESTS =
  '{ viewer { notificationRequests { nodes { id notificationCount actor { username } } } } }';

async function requestsOf(person: Person) {
  const { data } = await person.graphql<{
    viewer: {
      notificationRequests: {
        nodes: { id: string; notificationCount: number; actor: { username: string } }[];
      };
    };
  }>(REQUESTS);
  return data.viewer.notificationRequests.nodes;
}

test('what a policy keeps back waits behind a request, which can be accepted', async () => {
  await send(ada, 'updateNotificationSettings', { policy: { fromStrangers: 'REQUEST' } });
  await follow(world, cem, ada);
  const postId = await publish(world, ada);
  for (const person of [ben, cem]) await react(person, postId, '❤');
  await comment(ben, postId, 'may I?');
  await settlePauses(world);
  expect((await summaryOf(ada)).toSorted()).toEqual([
    `FOLLOW ${cem.username}`,
    `LIKE ${cem.username}`,
  ]);
  const [request, ...others] = await requestsOf(ada);
  expect(others).toEqual([]);
  expect(request).toMatchObject({ notificationCount: 2, actor: { username: ben.username } });
  const node = 'query ($id: ID!) { node(id: $id) { id } }';
  expect((await ben.graphql(node, { id: request!.id })).data).toEqual({ node: null });
  const answer = { requestId: request!.id, accept: true };
  const notFound = [{ code: 'NOT_FOUND', path: ['requestId'] }];
  expect(await send(cem, 'respondToNotificationRequest', answer)).toEqual(notFound);
  expect(await send(ada, 'respondToNotificationRequest', answer)).toEqual([]);
  expect(await send(ada, 'respondToNotificationRequest', answer)).toEqual(notFound);
  expect(await requestsOf(ada)).toEqual([]);
  expect((await summaryOf(ada)).toSorted()).toEqual([
    `COMMENT ${ben.username}`,
    `FOLLOW ${cem.username}`,
    `LIKE ${cem.username}, ${ben.username}`,
  ]);
  await react(ben, await publish(world, ada), '🎉');
  await settlePauses(world);
  expect((await summaryOf(ada))[0]).toBe(`REACTION ${ben.username}`);
});

test('a dismissed request forgets what waited; the strictest rule that applies holds', async () => {
  const policy = { fromNotFollowed: 'REQUEST', fromNewAccounts: 'DROP' };
  await send(ada, 'updateNotificationSettings', { policy });
  const postId = await publish(world, ada);
  await react(ben, postId, '❤');
  await settlePauses(world);
  expect([await summaryOf(ada), await requestsOf(ada)]).toEqual([[], []]);
  await send(ada, 'updateNotificationSettings', { policy: { fromNewAccounts: 'ACCEPT' } });
  await comment(ben, postId, 'hello?');
  await settlePauses(world);
  const [request] = await requestsOf(ada);
  const answer = { requestId: request!.id, accept: false };
  expect(await send(ada, 'respondToNotificationRequest', answer)).toEqual([]);
  expect([await summaryOf(ada), await requestsOf(ada)]).toEqual([[], []]);
});

test('a request goes with the last thing that waits behind it, and tells of nothing that is gone', async () => {
  await send(ada, 'updateNotificationSettings', { policy: { fromStrangers: 'REQUEST' } });
  const postId = await publish(world, ada);
  const remark = await comment(ben, postId, 'buy');
  await react(ben, postId, '❤');
  await settlePauses(world);
  const [request] = await requestsOf(ada);
  expect(request).toMatchObject({ notificationCount: 2 });
  await send(ben, 'deleteComment', { commentId: remark });
  expect(await requestsOf(ada)).toMatchObject([{ id: request!.id, notificationCount: 1 }]);
  await react(ben, postId, null);
  await settlePauses(world);
  expect(await requestsOf(ada)).toEqual([]);
  await comment(ben, postId, 'once more');
  await settlePauses(world);
  expect(await requestsOf(ada)).toMatchObject([{ id: request!.id, notificationCount: 1 }]);
});

test('whom the viewer follows is never kept back', async () => {
  const policy = { fromNotFollowed: 'DROP', fromStrangers: 'DROP', fromNewAccounts: 'DROP' };
  await send(ada, 'updateNotificationSettings', { policy });
  await follow(world, ada, ben);
  await react(ben, await publish(world, ada), '❤');
  await settlePauses(world);
  expect(await summaryOf(ada)).toEqual([`LIKE ${ben.username}`]);
});

test('a title speaks the language of the account and keeps names apart from the sentence', async () => {
  await send(ada, 'updateSettings', { language: 'fr-CA' });
  await send(ben, 'updateProfile', { displayName: 'بن' });
  const postId = await publish(world, ada);
  await react(ben, postId, '❤');
  await react(cem, postId, '🎉');
  await settlePauses(world);
  const titles = (await notificationsOf(ada)).nodes.map(({ fallbackTitle }) => fallbackTitle);
  expect(titles.toSorted()).toEqual([
    '\u2068@' + cem.username + '\u2069 a réagi à votre publication',
    '\u2068بن\u2069 aime votre publication',
  ]);
  const { nodes } = await notificationsOf(ada);
  expect(nodes[0]?.fallbackUrl).toMatch(/^https:\/\/a\.example\/posts\//);
});

test('pages go both ways and filters keep the number of statements', async () => {
  for (let index = 0; index < 5; index++) await comment(ben, await publish(world, ada), 'one');
  await settlePauses(world);
  const all = await notificationsOf(ada);
  expect(all.nodes).toHaveLength(5);
  const first = await notificationsOf(ada, { first: 2 });
  const rest = await notificationsOf(ada, { first: 10, after: first.cursors[1] });
  expect([...first.nodes, ...rest.nodes].map(({ id }) => id)).toEqual(
    all.nodes.map(({ id }) => id),
  );
  const few = await statementsOf(() => notificationsOf(ada, { first: 1 }));
  const many = await statementsOf(() => notificationsOf(ada, { first: 5 }));
  const filter = { kinds: ['COMMENT'], unreadOnly: true };
  const filtered = await statementsOf(() => notificationsOf(ada, { first: 5, filter }));
  expect([many, filtered]).toEqual([few, few]);
});

/** Statements that only some requests need: the budget of points is leased, and a token’s use noted once a minute. */
const NOW_AND_THEN = /rate_limits|rlflx|^sessions\.touch$/;

/** The least of three: now and then others ask through the same pool meanwhile. */
async function statementsOf(work: () => Promise<unknown>): Promise<number> {
  const counts: number[] = [];
  for (let round = 0; round < 3; round++) counts.push(await countStatements(work));
  return Math.min(...counts);
}

async function countStatements(work: () => Promise<unknown>): Promise<number> {
  const { pool } = world.services.database;
  const ask = pool.query.bind(pool) as (query: unknown) => unknown;
  let asked = 0;
  pool.query = ((query: unknown) => {
    const { name, text } = query as { readonly name?: string; readonly text?: string };
    if (!NOW_AND_THEN.test(name ?? text ?? '')) asked += 1;
    return ask(query);
  }) as typeof pool.query;
  try {
    await work();
    return asked;
  } finally {
    pool.query = ask as typeof pool.query;
  }
}

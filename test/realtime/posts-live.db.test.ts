// Timelines and open posts while somebody looks at them: who hears of what, and who does not any more.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { block, comment, follow, mute, publish, react, unfollow } from '../support/posts.js';
import {
  connectSocket,
  settledOn,
  subscribe,
  subscribed,
  type TestSocket,
} from '../support/socket.js';
import { startWorld, type Person, type World } from '../support/world.js';

const POST =
  '{ id caption publishedAt visibility author { id handle displayName avatar { thumbnailUrl } } media { url thumbnailUrl blurhash } }';
const OPEN_POST = `subscription ($id: ID!, $after: String) { postChanged(postId: $id, after: $after) {
  cursor change post ${POST} comment { id content author { username } } removedCommentId } }`;
const HOME = `subscription { timelineChanged(timeline: { home: true }) { cursor change postEdge { cursor node ${POST} } removedPostId } }`;
const PUBLIC = `subscription { timelineChanged(timeline: { public: {} }) { change postEdge { node { id } } removedPostId } }`;
const OWN = `subscription { viewerEvents(topics: [HOME]) { ... on TimelineEvent { change postEdge { node { id viewerState { isLiked } } } } } }`;

interface Seen {
  readonly cursor: string;
  readonly change: string;
  readonly post: { id: string } | null;
  readonly postEdge: { node: { id: string } } | null;
  readonly comment: { id: string; content: string } | null;
  readonly removedPostId: string | null;
  readonly removedCommentId: string | null;
}

let world: World;
let ada: Person;
let ben: Person;
let cem: Person;

beforeAll(async () => {
  world = await startWorld();
  [ada, ben, cem] = [await world.local('ada'), await world.local('ben'), await world.local('cem')];
  await follow(world, ben, ada);
});

afterAll(() => world[Symbol.asyncDispose]());

test('a post comes live to those who follow its author, and to the public timeline only when it is public', async () => {
  await using home = await watch(ben, HOME);
  await using own = await watch(ben, OWN);
  await using stranger = await watch(cem, HOME);
  await using anonymous = await watch(null, PUBLIC);
  const quiet = await publish(world, ada, { visibility: 'FOLLOWERS', caption: 'for friends' });
  await world.settle();
  const loud = await publish(world, ada, { caption: 'for all' });
  await world.settle();
  expect([await added(home), await added(home)]).toEqual([quiet, loud]);
  expect([await added(own), await added(own)]).toEqual([quiet, loud]);
  expect(await added(anonymous)).toBe(loud);
  await quietAfterwards(home, stranger, anonymous, own);
});

test('an edited post and a deleted one reach the home timelines that have them', async () => {
  const id = await publish(world, ada, { caption: 'first' });
  await world.settle();
  await using home = await watch(ben, HOME);
  await ada.graphql(
    'mutation ($id: ID!) { updatePost(input: { postId: $id, caption: "second" }) { userErrors { code } } }',
    { id },
  );
  expect(await home.next()).toMatchObject({
    payload: {
      data: {
        timelineChanged: {
          change: 'UPDATED',
          postEdge: { node: { id, caption: expect.stringContaining('second') } },
        },
      },
    },
  });
  await ada.graphql(
    'mutation ($id: ID!) { deletePost(input: { postId: $id }) { userErrors { code } } }',
    { id },
  );
  const removed = seenIn(await home.next());
  expect([removed.change, removed.removedPostId, removed.postEdge]).toEqual(['REMOVED', id, null]);
});

test('an open post tells of comments, reactions and its own end', async () => {
  const id = await publish(world, ada);
  await using open = await watch(cem, OPEN_POST, { id });
  const commentId = await comment(ben, id, 'nice light');
  expect(seenIn(await open.next())).toMatchObject({
    change: 'ADDED',
    post: { id },
    comment: { id: commentId, author: { username: 'ben' } },
  });
  await react(ben, id, '❤');
  expect(seenIn(await open.next())).toMatchObject({
    change: 'UPDATED',
    post: { id },
    comment: null,
  });
  await ben.graphql(
    'mutation ($id: ID!) { deleteComment(input: { commentId: $id }) { userErrors { code } } }',
    { id: commentId },
  );
  expect(seenIn(await open.next())).toMatchObject({
    change: 'REMOVED',
    post: { id },
    comment: null,
    removedCommentId: commentId,
  });
  await ada.graphql(
    'mutation ($id: ID!) { deletePost(input: { postId: $id }) { userErrors { code } } }',
    { id },
  );
  expect(seenIn(await open.next())).toMatchObject({
    change: 'REMOVED',
    post: null,
    removedCommentId: null,
  });
});

test('W04 who was blocked, has unfollowed or lost sight of a post hears nothing more of it', async () => {
  const [dan, eva] = [await world.local('dan'), await world.local('eva')];
  await follow(world, dan, ada);
  await follow(world, eva, ada);
  const open = await publish(world, ada);
  const friendly = await publish(world, ada, { visibility: 'FOLLOWERS' });
  await world.settle();
  await using blocked = await watch(dan, OPEN_POST, { id: open });
  await using estranged = await watch(eva, OPEN_POST, { id: friendly });
  await using estrangedHome = await watch(eva, HOME);
  await using witness = await watch(ben, OPEN_POST, { id: open });
  await block(world, ada, dan);
  await unfollow(world, eva, ada);
  await react(ben, open, '❤');
  await react(ben, friendly, '❤');
  await publish(world, ada);
  await world.settle();
  await ada.graphql(
    'mutation ($id: ID!) { deletePost(input: { postId: $id }) { userErrors { code } } }',
    { id: open },
  );
  expect(seenIn(await witness.next()).change).toBe('UPDATED');
  expect(seenIn(await witness.next()).change).toBe('REMOVED');
  await quietAfterwards(blocked, estranged, estrangedHome);
});

test('W04 a comment of somebody whom the subscriber has blocked does not come', async () => {
  const [fay, gil] = [await world.local('fay'), await world.local('gil')];
  const id = await publish(world, ada);
  await using open = await watch(fay, OPEN_POST, { id });
  await block(world, fay, gil);
  await comment(gil, id, 'hello?');
  const seen = await comment(ben, id, 'hello!');
  expect(seenIn(await open.next()).comment?.id).toBe(seen);
});

test('posts of a muted author do not come into the home timeline live', async () => {
  const hal = await world.local('hal');
  await follow(world, hal, ada);
  await follow(world, hal, cem);
  await mute(hal, ada);
  await using home = await watch(hal, HOME);
  await publish(world, ada);
  await world.settle();
  const seen = await publish(world, cem);
  await world.settle();
  expect(await added(home)).toBe(seen);
});

test('a post that is not visible looks like one that is not there', async () => {
  const id = await publish(world, ada, { visibility: 'FOLLOWERS' });
  await using socket = await connectSocket(world.origin, cem.token);
  const answers = [];
  for (const postId of [id, 'post_00000000000000000000000000']) {
    subscribe(socket, 'open', OPEN_POST, { id: postId });
    const { type, payload } = await socket.next();
    const [error] = payload as { message: string; extensions: Record<string, unknown> }[];
    answers.push([type, error?.message, error?.extensions['reason'], error?.extensions['path']]);
  }
  expect(answers[0]).toEqual(['error', 'Not found.', 'NOT_FOUND', ['postId']]);
  expect(answers[1]).toEqual(answers[0]);
});

test('a payload is built once per event when it is the same for all who see it', async () => {
  const id = await publish(world, ada);
  await using stack = new AsyncDisposableStack();
  const sockets: TestSocket[] = [];
  const cursor = (await connectSocket(world.origin, null)).ack['cursor'];
  for (const person of [ada, ben, cem, null]) {
    for (const after of [undefined, cursor])
      sockets.push(stack.use(await watch(person, OPEN_POST, { id, after })));
  }
  // Who came by a cursor moves to the others after an event behind which nothing was left: only then is it counted.
  for (const emoji of ['🎉', '🔥']) {
    await react(ben, id, emoji);
    await Promise.all(sockets.map((socket) => socket.next()));
    await world.settle();
  }
  const { pool } = world.services.database;
  const names: string[] = [];
  const ask = pool.query.bind(pool) as (query: { name?: string }) => unknown;
  pool.query = ((query: { name?: string }) => {
    names.push(query.name ?? '');
    return ask(query);
  }) as typeof pool.query;
  try {
    await react(ben, id, '❤');
    const frames = await Promise.all(sockets.map((socket) => socket.next()));
    expect(new Set(frames.map(({ payload }) => JSON.stringify(payload))).size).toBe(1);
  } finally {
    pool.query = ask as typeof pool.query;
  }
  expect(names.filter((name) => name === 'posts.open_to_onlookers')).toHaveLength(1);
  // One for the answer of the mutation itself, one for all eight sockets.
  expect(names.filter((name) => name === 'posts.by_ids')).toHaveLength(2);
});

/** A socket with one running subscription. */
async function watch(
  person: Person | null,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<TestSocket> {
  const socket = await connectSocket(world.origin, person?.token ?? null);
  await subscribed(socket, 'live', query, variables);
  return socket;
}

/** Nothing has come by the time that a later event has. */
async function quietAfterwards(...sockets: TestSocket[]): Promise<void> {
  await world.settle();
  for (const socket of sockets) {
    await settledOn(socket);
    expect(socket.waiting()).toBe(0);
  }
}

async function added(socket: TestSocket): Promise<string | undefined> {
  const { change, postEdge } = seenIn(await socket.next());
  expect(change).toBe('ADDED');
  return postEdge?.node.id;
}

function seenIn({ payload }: { payload?: unknown }): Seen {
  const [seen] = Object.values((payload as { data: Record<string, Seen> }).data);
  if (!seen) throw new Error(JSON.stringify(payload));
  return seen;
}

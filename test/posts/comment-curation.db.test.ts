// Pinned and hidden comments through the public API: who may, who sees what, and what is counted.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { CommentId } from '../../src/posts/post.entity.js';
import { setContentRemoved } from '../../src/posts/set-content-removed.js';
import { block, comment, innerId, publish, react, type Answered } from '../support/posts.js';
import { connectSocket, subscribed, type TestSocket } from '../support/socket.js';
import { startWorld, type Person, type World } from '../support/world.js';

const THREAD = `query ($id: ID!) { post(by: { id: $id }) { counts { comments }
  pinnedComments { id isPinned }
  comments(first: 12, sort: OLDEST) { nodes { id isHidden isPinned replyCount viewerCanHide viewerCanPin
    replies(first: 6) { nodes { id isHidden replyCount replies(first: 3) { nodes { id } } } } } } } }`;
const OPEN_POST = `subscription ($id: ID!) { postChanged(postId: $id) {
  change comment { id isHidden isPinned } removedCommentId post { counts { comments } } } }`;

interface SeenComment {
  readonly id: string;
  readonly isHidden: boolean;
  readonly isPinned: boolean;
  readonly replyCount: number;
  readonly viewerCanHide: boolean;
  readonly viewerCanPin: boolean;
  readonly replies: { nodes: SeenComment[] };
}

interface Thread {
  readonly counts: { comments: number };
  readonly pinnedComments: { id: string; isPinned: boolean }[];
  readonly comments: { nodes: SeenComment[] };
}

let world: World;
let ada: Person;
let ben: Person;
let cleo: Person;

beforeAll(async () => {
  // One person sends many changes at once here, and each of them takes a lease of the hourly points.
  const points = '100000000';
  world = await startWorld({
    GRAPHQL_POINTS_PER_HOUR: points,
    GRAPHQL_ANONYMOUS_POINTS_PER_HOUR: points,
  });
  [ada, ben, cleo] = [
    await world.local('ada'),
    await world.local('ben'),
    await world.local('cleo'),
  ];
});

afterAll(() => world[Symbol.asyncDispose]());

async function thread(who: Person | null, id: string): Promise<Thread> {
  const answer = await (who ?? world).graphql<{ post: Thread }>(THREAD, { id });
  expect(answer.errors).toBeUndefined();
  return answer.data.post;
}

/** The comments that somebody sees, as ids on all levels, and what is counted. */
async function seen(who: Person | null, id: string): Promise<{ ids: string[]; count: number }> {
  const { comments, counts } = await thread(who, id);
  const idsOf = (nodes: readonly SeenComment[]): string[] =>
    nodes.flatMap(({ id: one, replies, replyCount }) => {
      if (replyCount !== undefined) expect(replyCount).toBe(replies.nodes.length);
      return [one, ...idsOf(replies?.nodes ?? [])];
    });
  return { ids: idsOf(comments.nodes), count: counts.comments };
}

async function isThere(who: Person, id: string): Promise<boolean> {
  const { data } = await who.graphql('query ($id: ID!) { node(id: $id) { id } }', { id });
  return data['node'] !== null;
}

async function set(who: Person, what: 'Pinned' | 'Hidden', commentId: string, value: boolean) {
  const name = `setComment${what}`;
  const answer = await who.graphql<Record<string, Answered<{ comment: SeenComment | null }>>>(
    `mutation ($input: SetComment${what}Input!) { ${name}(input: $input) {
       comment { id isHidden isPinned } post { counts { comments } } userErrors { code path } } }`,
    { input: { commentId, [what.toLowerCase()]: value } },
  );
  expect(answer.errors).toBeUndefined();
  return answer.data[name]!;
}

const NOT_FOUND = [{ code: 'NOT_FOUND', path: ['commentId'] }];

test('a hidden comment and the answers below it are seen only by their authors and the author of the post', async () => {
  const id = await publish(world, ada);
  const other = await comment(cleo, id, 'other');
  const top = await comment(ben, id, 'top');
  const under = await comment(cleo, id, 'under', top);
  const below = await comment(ada, id, 'below', under);
  const all = [other, top, under, below];
  for (const who of [ada, ben, cleo, null])
    expect(await seen(who, id)).toEqual({ ids: all, count: 4 });
  const hidden = await set(ada, 'Hidden', top, true);
  expect(hidden).toEqual({
    comment: { id: top, isHidden: true, isPinned: false },
    post: { counts: { comments: 1 } },
    userErrors: [],
  });
  expect((await set(ada, 'Hidden', top, true)).userErrors).toEqual([]);
  expect(await seen(ada, id)).toEqual({ ids: all, count: 1 });
  expect(await seen(ben, id)).toEqual({ ids: [other, top], count: 1 });
  // Cleo still reaches her own answer by its id, but not from a thread that she does not see.
  expect(await seen(cleo, id)).toEqual({ ids: [other], count: 1 });
  expect(await seen(null, id)).toEqual({ ids: [other], count: 1 });
  for (const [who, ids] of [
    [ada, [top, under, below]],
    [ben, [top, null, null]],
    [cleo, [null, under, null]],
  ] as const) {
    const answer = await who.graphql<{ nodes: ({ id: string } | null)[] }>(
      'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }',
      { ids: [top, under, below] },
    );
    expect(answer.data.nodes.map((node) => node?.id ?? null)).toEqual(ids);
  }
  expect(await react(cleo, top, '❤')).toEqual([{ code: 'NOT_FOUND', path: ['subjectId'] }]);
  expect(await react(ben, top, '❤')).toEqual([]);
  expect((await set(ada, 'Hidden', top, false)).userErrors).toEqual([]);
  for (const who of [ada, ben, cleo, null])
    expect(await seen(who, id)).toEqual({ ids: all, count: 4 });
});

test('what is hidden by itself stays hidden when the comment above is hidden and shown', async () => {
  const id = await publish(world, ada);
  const top = await comment(ben, id, 'top');
  const kept = await comment(cleo, id, 'kept', top);
  const shown = await comment(cleo, id, 'shown', top);
  await set(ada, 'Hidden', kept, true);
  expect(await seen(null, id)).toEqual({ ids: [top, shown], count: 2 });
  await set(ada, 'Hidden', top, true);
  expect(await seen(null, id)).toEqual({ ids: [], count: 0 });
  // Below a hidden comment nothing is shown alone, and what is new is hidden, too.
  await set(ada, 'Hidden', kept, false);
  const late = await comment(ben, id, 'late', top);
  expect(await seen(null, id)).toEqual({ ids: [], count: 0 });
  await set(ada, 'Hidden', kept, true);
  await set(ada, 'Hidden', top, false);
  expect(await seen(null, id)).toEqual({ ids: [top, shown, late], count: 3 });
  await set(ada, 'Hidden', kept, false);
  expect(await seen(null, id)).toEqual({ ids: [top, kept, shown, late], count: 4 });
});

test('deleting hidden and shown comments keeps the counters right', async () => {
  const id = await publish(world, ada);
  const [top, other] = [await comment(ben, id, 'top'), await comment(ben, id, 'other')];
  const one = await comment(cleo, id, 'one', top);
  await comment(cleo, id, 'two', one);
  const three = await comment(cleo, id, 'three', top);
  const remove = (commentId: string) =>
    ada.graphql(
      'mutation ($id: ID!) { deleteComment(input: { commentId: $id }) { userErrors { code } } }',
      { id: commentId },
    );
  await set(ada, 'Hidden', one, true);
  expect(await seen(null, id)).toEqual({ ids: [top, three, other], count: 3 });
  await remove(one);
  expect(await seen(null, id)).toEqual({ ids: [top, three, other], count: 3 });
  await set(ada, 'Hidden', top, true);
  await remove(three);
  await set(ada, 'Hidden', top, false);
  expect(await seen(null, id)).toEqual({ ids: [top, other], count: 2 });
  await set(ada, 'Hidden', top, true);
  await remove(top);
  expect(await seen(ada, id)).toEqual({ ids: [other], count: 1 });
});

test('what staff removes and restores below a hidden comment stays hidden and is counted right', async () => {
  const id = await publish(world, ada);
  const top = await comment(ben, id, 'top');
  const [one, two] = [await comment(cleo, id, 'one', top), await comment(cleo, id, 'two', top)];
  const remove = (commentId: string, removedAt: Date | null) =>
    world.services.database.transaction((tx) =>
      setContentRemoved(tx, [innerId(commentId) as CommentId], removedAt),
    );
  await remove(one, world.clock.now());
  expect(await seen(null, id)).toEqual({ ids: [top, two], count: 2 });
  await set(ada, 'Hidden', top, true);
  await remove(one, null);
  await remove(two, world.clock.now());
  expect(await seen(null, id)).toEqual({ ids: [], count: 0 });
  expect(await seen(ada, id)).toEqual({ ids: [top, one], count: 0 });
  await set(ada, 'Hidden', top, false);
  await remove(two, null);
  expect(await seen(null, id)).toEqual({ ids: [top, one, two], count: 3 });
  await set(ada, 'Hidden', two, true);
  await remove(two, world.clock.now());
  await remove(two, null);
  expect(await seen(null, id)).toEqual({ ids: [top, one], count: 2 });
  await set(ada, 'Hidden', two, false);
  expect(await seen(null, id)).toEqual({ ids: [top, one, two], count: 3 });
});

test('many changes at once leave counters that are right', async () => {
  const id = await publish(world, ada);
  const tops = await Promise.all(
    Array.from({ length: 6 }, (_, index) => comment(index % 2 ? ben : cleo, id, `c${index}`)),
  );
  for (const some of [tops.slice(0, 3), tops.slice(3)]) {
    await Promise.all([
      ...some.flatMap((top) => [true, false, true].map((h) => set(ada, 'Hidden', top, h))),
      ...some.flatMap((top) => [comment(ada, id, 'x', top), comment(ada, id, 'y', top)]),
      ...some.flatMap((top) => [set(ada, 'Pinned', top, true), set(ada, 'Pinned', top, false)]),
    ]);
  }
  const { rows } = await world.services.database.pool.query(
    'select count(*)::int as count from posts where root_id = $1 and deleted_at is null and hidden_through is null',
    [innerId(id)],
  );
  const { ids, count } = await seen(null, id);
  expect([count, ids.length]).toEqual([rows[0].count, rows[0].count]);
  expect((await seen(ada, id)).ids).toHaveLength(18);
  expect((await thread(ada, id)).pinnedComments.length).toBeLessThanOrEqual(3);
});

test('at most three comments of the first level are pinned, the last first, and hiding or deleting lifts it', async () => {
  const id = await publish(world, ada);
  const made: string[] = [];
  for (const text of ['a', 'b', 'c', 'd']) made.push(await comment(ben, id, text));
  const answered = await comment(ben, id, 'answer', made[0]);
  for (const one of made.slice(0, 3)) {
    world.clock.advance(1);
    expect((await set(ada, 'Pinned', one, true)).comment).toMatchObject({ isPinned: true });
  }
  expect((await set(ada, 'Pinned', made[1]!, true)).userErrors).toEqual([]);
  expect((await set(ada, 'Pinned', made[3]!, true)).userErrors).toEqual([
    { code: 'LIMIT_EXCEEDED', path: ['commentId'] },
  ]);
  expect((await set(ada, 'Pinned', answered, true)).userErrors).toEqual([
    { code: 'INVALID_INPUT', path: ['commentId'] },
  ]);
  const pinned = async (who: Person | null) =>
    (await thread(who, id)).pinnedComments.map((one) => one.id);
  expect(await pinned(null)).toEqual([made[2], made[1], made[0]]);
  await set(ada, 'Hidden', made[2]!, true);
  expect((await set(ada, 'Pinned', made[2]!, true)).userErrors).toEqual([
    { code: 'INVALID_INPUT', path: ['commentId'] },
  ]);
  await set(ada, 'Pinned', made[1]!, false);
  await set(ada, 'Pinned', made[1]!, false);
  await set(ada, 'Pinned', made[3]!, true);
  expect(await pinned(null)).toEqual([made[3], made[0]]);
  const dot = await world.local('dot');
  await block(world, ben, dot);
  expect(await pinned(dot)).toEqual([]);
  await ben.graphql(
    'mutation ($id: ID!) { deleteComment(input: { commentId: $id }) { userErrors { code } } }',
    { id: made[3] },
  );
  expect(await pinned(ada)).toEqual([made[0]]);
});

test('only the author of the post pins and hides', async () => {
  const id = await publish(world, ada);
  const one = await comment(ben, id, 'one');
  for (const who of [ben, cleo]) {
    for (const what of ['Pinned', 'Hidden'] as const)
      expect((await set(who, what, one, true)).userErrors).toEqual(NOT_FOUND);
    const [node] = (await thread(who, id)).comments.nodes;
    expect(node).toMatchObject({ viewerCanHide: false, viewerCanPin: false });
  }
  expect((await thread(ada, id)).comments.nodes[0]).toMatchObject({
    viewerCanHide: true,
    viewerCanPin: true,
  });
  for (const what of ['Pinned', 'Hidden'] as const) {
    expect((await set(ada, what, id, true)).userErrors).toEqual(NOT_FOUND);
    expect((await set(ada, what, 'comment_00000000000000000000000000', true)).userErrors).toEqual(
      NOT_FOUND,
    );
  }
});

test('hiding is live a removal for those who lose sight of it, and a change for those who do not', async () => {
  const id = await publish(world, ada);
  await using sockets = new AsyncDisposableStack();
  const watch = async (who: Person | null): Promise<TestSocket> => {
    const socket = sockets.use(await connectSocket(world.origin, who?.token ?? null));
    await subscribed(socket, 'open', OPEN_POST, { id });
    return socket;
  };
  const author = await watch(ada);
  const top = await comment(ben, id, 'top');
  // One stream feeds all: who comes after it has told of the comment hears only of what follows.
  await author.next();
  const [commenter, reader, anonymous] = [await watch(ben), await watch(cleo), await watch(null)];
  await set(ada, 'Hidden', top, true);
  const change = async (socket: TestSocket) =>
    ((await socket.next()).payload as { data: { postChanged: object } }).data.postChanged;
  const post = { counts: { comments: 0 } };
  for (const socket of [author, commenter]) {
    expect(await change(socket)).toEqual({
      change: 'UPDATED',
      comment: { id: top, isHidden: true, isPinned: false },
      removedCommentId: null,
      post,
    });
  }
  for (const socket of [reader, anonymous]) {
    expect(await change(socket)).toEqual({
      change: 'REMOVED',
      comment: null,
      removedCommentId: top,
      post,
    });
  }
  const late = await comment(ben, id, 'late', top);
  expect(await change(author)).toMatchObject({ change: 'ADDED', comment: { id: late } });
  await set(ada, 'Hidden', top, false);
  for (const socket of [reader, anonymous]) {
    expect(await change(socket)).toMatchObject({
      change: 'ADDED',
      comment: { id: top, isHidden: false },
      post: { counts: { comments: 2 } },
    });
  }
});

test('a block hides what either wrote under posts of the other, with the answers, from everybody else', async () => {
  const [dan, eve] = [await world.local('dan'), await world.local('eve')];
  const [ofDan, ofEve] = [await publish(world, dan), await publish(world, eve)];
  const rude = await comment(eve, ofDan, 'rude');
  const answer = await comment(cleo, ofDan, 'do not', rude);
  const under = await comment(eve, ofDan, 'why', answer);
  const kept = await comment(cleo, ofDan, 'kept');
  const below = await comment(eve, ofDan, 'below', kept);
  const byDan = await comment(dan, ofEve, 'earlier');
  await set(dan, 'Pinned', rude, true);
  // Dan can no longer see, hide or delete what stands under his own post.
  await block(world, eve, dan);
  expect((await set(dan, 'Hidden', rude, true)).userErrors).toEqual(NOT_FOUND);
  for (const who of [null, ben, dan])
    expect(await seen(who, ofDan)).toEqual({ ids: [kept], count: 1 });
  expect((await thread(null, ofDan)).pinnedComments).toEqual([]);
  expect(await seen(null, ofEve)).toEqual({ ids: [], count: 0 });
  for (const id of [rude, under, below]) expect(await isThere(eve, id)).toBe(false);
  // When it is lifted, each sees their own again, and the authors of the posts decide.
  await block(world, eve, dan, false);
  for (const id of [rude, answer, under, below, byDan]) expect(await isThere(ben, id)).toBe(false);
  for (const id of [rude, answer, under, below, byDan]) expect(await isThere(dan, id)).toBe(true);
  expect((await set(dan, 'Hidden', rude, false)).userErrors).toEqual([]);
  for (const id of [rude, answer]) expect(await isThere(ben, id)).toBe(true);
  for (const id of [below, byDan]) expect(await isThere(ben, id)).toBe(false);
});

test('a deleted comment takes along what the staff removed below it, and what stands below that', async () => {
  const id = await publish(world, ada);
  const top = await comment(ben, id, 'top');
  const removed = await comment(ben, id, 'removed', top);
  const below = await comment(cleo, id, 'below', removed);
  const staff = (removedAt: Date | null) =>
    world.services.database.transaction((tx) =>
      setContentRemoved(tx, [innerId(removed) as CommentId], removedAt),
    );
  await staff(world.clock.now());
  await ben.graphql(
    'mutation ($id: ID!) { deleteComment(input: { commentId: $id }) { userErrors { code } } }',
    { id: top },
  );
  await staff(null);
  expect(await seen(cleo, id)).toEqual({ ids: [], count: 0 });
  for (const commentId of [removed, below]) expect(await isThere(cleo, commentId)).toBe(false);
});

test('pins of comments that the author of the post does not see any more give way to others', async () => {
  const loud = await world.local('loud');
  const id = await publish(world, ada);
  const gone = [];
  for (const text of ['one', 'two', 'three']) gone.push(await comment(loud, id, text));
  for (const one of gone) expect((await set(ada, 'Pinned', one, true)).userErrors).toEqual([]);
  const next = await comment(ben, id, 'next');
  const full = [{ code: 'LIMIT_EXCEEDED', path: ['commentId'] }];
  expect((await set(ada, 'Pinned', next, true)).userErrors).toEqual(full);
  const setStatus = (status: string) =>
    world.services.database.pool.query('update actors set status = $2 where id = $1', [
      loud.actorId,
      status,
    ]);
  await setStatus('SUSPENDED');
  expect((await set(ada, 'Pinned', gone[0]!, false)).userErrors).toEqual(NOT_FOUND);
  expect((await set(ada, 'Pinned', next, true)).userErrors).toEqual([]);
  await setStatus('ACTIVE');
  expect((await thread(null, id)).pinnedComments).toEqual([{ id: next, isPinned: true }]);
});

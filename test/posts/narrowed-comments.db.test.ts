// Comments for fewer people than see the post, through the public API: who sees them where, and what is counted.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { CommentId } from '../../src/posts/post.entity.js';
import { setContentRemoved } from '../../src/posts/set-content-removed.js';
import {
  block,
  follow,
  innerId,
  publish,
  react,
  unfollow,
  type Answered,
  type Refusal,
} from '../support/posts.js';
import { connectSocket, subscribed } from '../support/socket.js';
import { startWorld, type Person, type World } from '../support/world.js';

const THREAD = `query ($id: ID!) { post(by: { id: $id }) { counts { comments } pinnedComments { id }
  comments(first: 12, sort: OLDEST) { nodes { id visibility replyCount
    replies(first: 6) { nodes { id replies(first: 3) { nodes { id } } } } } } } }`;
const OPEN_POST = `subscription ($id: ID!) { postChanged(postId: $id) {
  change comment { id } removedCommentId post { counts { comments } } } }`;

interface SeenComment {
  readonly id: string;
  readonly visibility: string;
  readonly replyCount: number;
  readonly replies: { nodes: SeenComment[] } | undefined;
}

interface Thread {
  readonly counts: { comments: number };
  readonly pinnedComments: { id: string }[];
  readonly comments: { nodes: SeenComment[] };
}

let world: World;
/** Wrote the post. */
let ada: Person;
/** Comments. */
let ben: Person;
/** Follows Ben. */
let cleo: Person;
/** Follows nobody. */
let dan: Person;
let rounds = 0;

beforeAll(async () => {
  const points = '100000000';
  world = await startWorld({
    GRAPHQL_POINTS_PER_HOUR: points,
    GRAPHQL_ANONYMOUS_POINTS_PER_HOUR: points,
  });
});

beforeEach(async () => {
  rounds += 1;
  [ada, ben, cleo, dan] = (await Promise.all(
    ['ada', 'ben', 'cleo', 'dan'].map((name) => world.local(`${name}${rounds}`)),
  )) as [Person, Person, Person, Person];
  await follow(world, cleo, ben);
});

afterAll(() => world[Symbol.asyncDispose]());

async function add(
  who: Person,
  input: Record<string, unknown>,
): Promise<{ comment: { id: string; visibility: string } | null; userErrors: Refusal[] }> {
  const answer = await who.graphql<{
    addComment: Answered<{ comment: { id: string; visibility: string } | null }>;
  }>(
    `mutation ($input: AddCommentInput!) { addComment(input: $input) {
       comment { id visibility } userErrors { code path } } }`,
    { input: { content: 'Hm.', ...input } },
  );
  expect(answer.errors).toBeUndefined();
  return answer.data.addComment;
}

async function say(who: Person, postId: string, more: object = {}): Promise<string> {
  const { comment, userErrors } = await add(who, { postId, ...more });
  expect(userErrors).toEqual([]);
  return comment!.id;
}

async function thread(who: Person | null, id: string): Promise<Thread> {
  const answer = await (who ?? world).graphql<{ post: Thread }>(THREAD, { id });
  expect(answer.errors).toBeUndefined();
  return answer.data.post;
}

/** What somebody finds on all levels of a thread, and what is counted. */
async function seen(who: Person | null, id: string): Promise<{ ids: string[]; count: number }> {
  const { comments, counts } = await thread(who, id);
  const idsOf = (nodes: readonly SeenComment[]): string[] =>
    nodes.flatMap(({ id: one, replies }) => [one, ...idsOf(replies?.nodes ?? [])]);
  return { ids: idsOf(comments.nodes), count: counts.comments };
}

async function isThere(who: Person | null, id: string): Promise<boolean> {
  const { data } = await (who ?? world).graphql('query ($id: ID!) { node(id: $id) { id } }', {
    id,
  });
  return data['node'] !== null;
}

const told = async (who: Person): Promise<string[]> => {
  await world.settle();
  const answer = await who.graphql<{ viewer: { notifications: { nodes: { kind: string }[] } } }>(
    '{ viewer { notifications(first: 10) { nodes { kind } } } }',
  );
  expect(answer.errors).toBeUndefined();
  return answer.data.viewer.notifications.nodes.map(({ kind }) => kind).toSorted();
};

test('a comment for followers is seen by its author, accepted followers, and those whom it names', async () => {
  const id = await publish(world, ada);
  const open = await say(dan, id);
  const few = await say(ben, id, { visibility: 'FOLLOWERS', content: 'Among us.' });
  // Who wrote what it answers is named by that.
  for (const who of [ada, ben, cleo]) {
    expect(await seen(who, id)).toEqual({ ids: [open, few], count: 1 });
    expect(await isThere(who, few)).toBe(true);
  }
  for (const who of [dan, null]) {
    expect(await seen(who, id)).toEqual({ ids: [open], count: 1 });
    expect(await isThere(who, few)).toBe(false);
  }
  expect(await react(dan, few, '❤')).toEqual([{ code: 'NOT_FOUND', path: ['subjectId'] }]);
  expect((await add(dan, { postId: id, parentId: few })).userErrors).toEqual([
    { code: 'NOT_FOUND', path: ['parentId'] },
  ]);
  const report = await dan.graphql<{ report: Answered<object> }>(
    'mutation ($input: ReportInput!) { report(input: $input) { userErrors { code } } }',
    { input: { actorId: ben.actorGlobalId, subjectIds: [few], category: 'SPAM' } },
  );
  expect(report.data.report.userErrors).toEqual([{ code: 'NOT_FOUND' }]);

  await unfollow(world, cleo, ben);
  expect(await seen(cleo, id)).toEqual({ ids: [open], count: 1 });
  await follow(world, cleo, ben);
  await block(world, ben, cleo);
  expect(await isThere(cleo, few)).toBe(false);
});

test('one for named people is seen by them alone, and who is named no more sees it no more', async () => {
  const id = await publish(world, ada);
  const first = await say(dan, id);
  const few = await say(ben, id, {
    parentId: first,
    visibility: 'MENTIONED',
    content: `Look, @ada${rounds}`,
  });
  for (const who of [ada, ben, dan])
    expect(await seen(who, id)).toEqual({ ids: [first, few], count: 1 });
  for (const who of [cleo, null]) expect((await seen(who, id)).ids).toEqual([first]);
  expect((await thread(ada, id)).comments.nodes[0]!.replyCount).toBe(0);
  await ben.graphql(
    'mutation ($input: UpdateCommentInput!) { updateComment(input: $input) { userErrors { code } } }',
    { input: { commentId: few, content: 'Never mind.' } },
  );
  expect((await seen(ada, id)).ids).toEqual([first]);
  expect((await seen(dan, id)).ids).toEqual([first, few]);
});

test('who does not see the post does not see what is for them below it', async () => {
  const id = await publish(world, ada, { visibility: 'FOLLOWERS' });
  await follow(world, ben, ada);
  await follow(world, dan, ada);
  const few = await say(ben, id, { visibility: 'MENTIONED', content: `Look, @cleo${rounds}` });
  expect(await isThere(ada, few)).toBe(true);
  for (const who of [cleo, dan, null]) expect(await isThere(who, few)).toBe(false);
});

test('what answers a comment for few is for no more people, whatever its author wishes', async () => {
  const id = await publish(world, ada);
  const top = await say(ben, id, { visibility: 'FOLLOWERS' });
  const answer = { postId: id, parentId: top };
  const refused = [{ code: 'INVALID_INPUT', path: ['visibility'] }];
  for (const visibility of ['AS_POST', 'FOLLOWERS'])
    expect((await add(cleo, { ...answer, visibility })).userErrors).toEqual(refused);
  const { comment: below } = await add(cleo, answer);
  const { comment: own } = await add(ben, answer);
  expect([below!.visibility, own!.visibility]).toEqual(['MENTIONED', 'FOLLOWERS']);
  expect((await add(dan, { postId: id })).comment!.visibility).toBe('AS_POST');
  expect((await seen(ben, id)).ids).toEqual(expect.arrayContaining([top, below!.id, own!.id]));
  expect(await isThere(ada, below!.id)).toBe(false);
  // Its middle is out of sight, and so is what is below.
  await follow(world, dan, cleo);
  const end = await say(cleo, id, { parentId: own!.id, content: `Look, @dan${rounds}` });
  expect(await isThere(dan, end)).toBe(false);
  const closed = await publish(world, ada, { visibility: 'FOLLOWERS' });
  await follow(world, ben, ada);
  expect((await add(ben, { postId: closed, visibility: 'FOLLOWERS' })).userErrors).toEqual(refused);
  expect((await add(ada, { postId: closed, visibility: 'FOLLOWERS' })).userErrors).toEqual([]);
});

test('so many answers for few, one below the other, and no more', async () => {
  const id = await publish(world, ada);
  let parentId = await say(ada, id, { visibility: 'MENTIONED' });
  for (let depth = 1; depth < 50; depth++) parentId = await say(ada, id, { parentId });
  expect((await add(ada, { postId: id, parentId })).userErrors).toEqual([
    { code: 'INVALID_INPUT', path: ['parentId'] },
  ]);
});

test('counters hold those alone that all who see the post see, whatever becomes of the others', async () => {
  const id = await publish(world, ada);
  const open = await say(dan, id);
  const few = await say(ben, id, { parentId: open, visibility: 'FOLLOWERS' });
  const below = await say(ben, id, { parentId: few });
  const counted = async (): Promise<number[]> => {
    const { counts, comments } = await thread(ben, id);
    return [counts.comments, ...comments.nodes.map(({ replyCount }) => replyCount)];
  };
  const set = (hidden: boolean, commentId: string) =>
    ada.graphql(
      'mutation ($input: SetCommentHiddenInput!) { setCommentHidden(input: $input) { userErrors { code } } }',
      { input: { commentId, hidden } },
    );
  const remove = (removedAt: Date | null) =>
    world.services.database.transaction((tx) =>
      setContentRemoved(tx, [innerId(few) as CommentId], removedAt),
    );
  expect(await counted()).toEqual([1, 0]);
  await remove(world.clock.now());
  expect(await counted()).toEqual([1, 0]);
  await remove(null);
  expect(await counted()).toEqual([1, 0]);
  await set(true, open);
  expect((await thread(dan, id)).counts.comments).toBe(0);
  await set(false, open);
  expect(await counted()).toEqual([1, 0]);
  expect((await seen(ben, id)).ids).toEqual([open, few, below]);
  await block(world, dan, ben);
  await block(world, dan, ben, false);
  expect((await seen(dan, id)).count).toBe(1);
  await ben.graphql(
    'mutation ($id: ID!) { deleteComment(input: { commentId: $id }) { userErrors { code } } }',
    { id: few },
  );
  expect(await counted()).toEqual([1, 0]);
  expect(await isThere(ben, below)).toBe(false);
});

test('nobody hears of what is not for them: no notification, no live event', async () => {
  const id = await publish(world, ada);
  const first = await say(dan, id);
  await world.settle();
  const before = [await told(ada), await told(dan)];
  await using open = await connectSocket(world.origin, null);
  await using near = await connectSocket(world.origin, cleo.token);
  for (const socket of [open, near]) await subscribed(socket, 'open', OPEN_POST, { id });
  // Ada is in it for nobody: it answers Dan, and is for Ben's followers.
  const few = await say(ben, id, { parentId: first, visibility: 'FOLLOWERS' });
  expect([await told(ada), await told(dan)]).toEqual([before[0], [...before[1]!, 'REPLY']]);
  await ben.graphql(
    'mutation ($id: ID!) { deleteComment(input: { commentId: $id }) { userErrors { code } } }',
    { id: few },
  );
  const last = await say(dan, id);
  const next = async (socket: typeof open) => (await socket.next()).payload;
  expect(await next(near)).toMatchObject({
    data: { postChanged: { change: 'ADDED', comment: { id: few } } },
  });
  expect(await next(near)).toMatchObject({ data: { postChanged: { removedCommentId: few } } });
  for (const socket of [near, open])
    expect(await next(socket)).toMatchObject({
      data: { postChanged: { change: 'ADDED', comment: { id: last } } },
    });
});

// Reactions and comments through the public API: rules, counters, order, and who sees whom.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  block,
  comment,
  follow,
  innerId,
  publish,
  react,
  type Answered,
  type Refusal,
} from '../support/posts.js';
import { startWorld, type Person, type World } from '../support/world.js';

let world: World;
let ada: Person;
let ben: Person;
let cleo: Person;

beforeAll(async () => {
  world = await startWorld();
  [ada, ben, cleo] = [
    await world.local('ada'),
    await world.local('ben'),
    await world.local('cleo'),
  ];
  await follow(world, ben, ada);
});

afterAll(() => world[Symbol.asyncDispose]());

interface Groups {
  readonly counts: { likes: number; reactions: number; comments: number };
  readonly reactions: {
    content: string;
    count: number;
    viewerHasReacted: boolean;
    reactors: { nodes: { username: string }[] };
  }[];
  readonly likedBy: { nodes: { username: string }[] };
  readonly viewerState: { isLiked: boolean; reaction: string | null } | null;
}

async function groups(who: Person, id: string): Promise<Groups> {
  const answer = await who.graphql<{ post: Groups }>(
    `query ($id: ID!) { post(by: { id: $id }) { counts { likes reactions comments }
      reactions { content count viewerHasReacted reactors(first: 100) { nodes { username } } }
      likedBy(first: 100) { nodes { username } } viewerState { isLiked reaction } } }`,
    { id },
  );
  expect(answer.errors).toBeUndefined();
  return answer.data.post;
}

interface Thread {
  readonly edges: {
    cursor: string;
    node: {
      id: string;
      content: string;
      likeCount: number;
      replyCount: number;
      replies: { nodes: { id: string }[] };
    };
  }[];
  readonly pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

async function thread(who: Person | null, id: string, args = '', replies = 5): Promise<Thread> {
  const answer = await (who ?? world).graphql<{ post: { comments: Thread } }>(
    `query ($id: ID!) { post(by: { id: $id }) { comments${args} {
      edges { cursor node { id content likeCount replyCount replies(first: ${replies}) { nodes { id } } } } pageInfo { hasNextPage endCursor } } } }`,
    { id },
  );
  expect(answer.errors).toBeUndefined();
  return answer.data.post.comments;
}

async function send(
  who: Person,
  name: string,
  input: Record<string, unknown>,
  fields = '',
): Promise<Answered<Record<string, unknown>>> {
  const type = name[0]!.toUpperCase() + name.slice(1);
  const answer = await who.graphql<Record<string, Answered<Record<string, unknown>>>>(
    `mutation ($input: ${type}Input!) { ${name}(input: $input) { ${fields} userErrors { code path } } }`,
    { input },
  );
  expect(answer.errors).toBeUndefined();
  return answer.data[name]!;
}

const refused = (code: string, ...path: string[]): Refusal[] => [{ code, path }];

test('a reaction is one emoji per person; another one takes its place, null takes it back', async () => {
  const id = await publish(world, ada);
  expect(await react(ben, id, '❤️')).toEqual([]);
  expect(await react(cleo, id, '🎉')).toEqual([]);
  expect(await groups(ben, id)).toMatchObject({
    counts: { likes: 1, reactions: 2 },
    reactions: [
      { content: '❤', count: 1, viewerHasReacted: true },
      { content: '🎉', count: 1, viewerHasReacted: false },
    ],
    likedBy: { nodes: [{ username: 'ben' }] },
    viewerState: { isLiked: true, reaction: '❤' },
  });
  expect(await react(ben, id, '🎉')).toEqual([]);
  expect(await react(ben, id, '🎉')).toEqual([]);
  expect(await groups(ben, id)).toMatchObject({
    counts: { likes: 0, reactions: 2 },
    reactions: [
      {
        content: '🎉',
        count: 2,
        viewerHasReacted: true,
        reactors: { nodes: [{ username: 'ben' }, { username: 'cleo' }] },
      },
    ],
    likedBy: { nodes: [] },
    viewerState: { isLiked: false, reaction: '🎉' },
  });
  expect(await react(ben, id, null)).toEqual([]);
  expect(await react(ben, id, null)).toEqual([]);
  expect(await groups(ben, id)).toMatchObject({
    counts: { likes: 0, reactions: 1 },
    viewerState: { isLiked: false, reaction: null },
  });
});

test('setting what is set leaves no event', async () => {
  const id = await publish(world, ada);
  for (const content of ['❤', '❤️', '❤', null, null]) await react(ben, id, content);
  const { rows } = await world.services.database.pool.query(
    `select payload->>'content' as content from events where name = 'reactionSet' and payload->>'postId' = $1 order by seq`,
    [innerId(id)],
  );
  expect(rows).toEqual([{ content: '❤' }, { content: null }]);
});

test.each([
  '',
  'a',
  '❤❤',
  '❤a',
  ':heart:',
  '👍👍',
  ' 👍',
  '1',
  '#',
  '🇦',
  'x'.repeat(100),
  '👍'.repeat(40),
])('%j is no reaction', async (content) => {
  const id = await publish(world, ada);
  expect(await react(ben, id, content)).toEqual(refused('INVALID_INPUT', 'content'));
  expect((await groups(ben, id)).counts.reactions).toBe(0);
});

test('fifty people who react and take back at once leave counters that are right', async () => {
  const id = await publish(world, ada);
  const people = await Promise.all(
    Array.from({ length: 50 }, (_, index) => world.local(`fan${index}`)),
  );
  await Promise.all(
    people.flatMap((one, index) => [react(one, id, '❤'), react(one, id, index % 2 ? '🎉' : '❤')]),
  );
  await Promise.all(people.slice(0, 10).map((one) => react(one, id, null)));
  const { rows } = await world.services.database.pool.query(
    'select content, count(*)::int as count from reactions where post_id = $1 group by content',
    [innerId(id)],
  );
  const stored = Object.fromEntries(rows.map(({ content, count }) => [content, count]));
  expect((stored['❤'] ?? 0) + (stored['🎉'] ?? 0)).toBe(40);
  const seen = await groups(ada, id);
  expect(seen.counts).toMatchObject({ likes: stored['❤'], reactions: 40 });
  expect(Object.fromEntries(seen.reactions.map(({ content, count }) => [content, count]))).toEqual(
    stored,
  );
  expect(seen.likedBy.nodes.length).toBe(stored['❤']);
});

test('comments and answers are counted, and stand where they belong', async () => {
  const id = await publish(world, ada);
  const first = await comment(ben, id, 'first #tagged');
  const second = await comment(cleo, id, 'second');
  const answered = await comment(ada, id, 'answer', first);
  const deeper = await comment(ben, id, 'deeper', answered);
  expect((await groups(ben, id)).counts.comments).toBe(4);
  const oldest = await thread(ben, id, '(sort: OLDEST)');
  expect(oldest.edges.map(({ node }) => node.id)).toEqual([first, second]);
  expect(oldest.edges[0]!.node).toMatchObject({
    replyCount: 1,
    replies: { nodes: [{ id: answered }] },
  });
  expect((await thread(null, id, '(sort: NEWEST)')).edges.map(({ node }) => node.id)).toEqual([
    second,
    first,
  ]);
  const node = await ben.graphql(
    `query ($id: ID!) { node(id: $id) { ... on Comment { content contentSource isByPostAuthor viewerCanDelete viewerCanEdit parent { id } post { id } author { username } } } }`,
    { id: deeper },
  );
  expect(node.data).toEqual({
    node: {
      content: '<p>deeper</p>',
      contentSource: 'deeper',
      isByPostAuthor: false,
      viewerCanDelete: true,
      viewerCanEdit: true,
      parent: { id: answered },
      post: { id },
      author: { username: 'ben' },
    },
  });
});

test('TOP weighs likes against newness, and its pages follow each other without a gap', async () => {
  const id = await publish(world, ada);
  const old = await comment(ben, id, 'old and liked');
  for (const one of [ada, ben, cleo]) await react(one, old, '❤');
  world.clock.advance(3600);
  const others = [];
  for (const text of ['one', 'two', 'three']) {
    others.push(await comment(cleo, id, text));
    world.clock.advance(1);
  }
  const expected = [old, ...others.toReversed()];
  expect((await thread(ada, id)).edges.map(({ node }) => node.id)).toEqual(expected);
  const walked: string[] = [];
  let after: string | null = null;
  do {
    const page: Thread = await thread(ada, id, `(first: 2${after ? `, after: "${after}"` : ''})`);
    walked.push(...page.edges.map(({ node }) => node.id));
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
  } while (after);
  expect(walked).toEqual(expected);
  // Twelve and a half hours outweigh ten times the likes, but not more.
  world.clock.advance(14 * 3600);
  const newest = await comment(ben, id, 'late');
  expect((await thread(ada, id)).edges[0]!.node.id).toBe(newest);
});

test('each comment policy lets in exactly whom it names', async () => {
  const dan = await world.local('dan');
  const eve = await world.local('eve');
  await follow(world, dan, ada);
  await follow(world, ada, eve);
  const may: Record<string, Person[]> = {
    EVERYONE: [ada, dan, eve, cleo],
    FOLLOWERS: [ada, dan],
    FOLLOWING: [ada, eve],
    MENTIONED: [ada, cleo],
    NOBODY: [ada],
  };
  for (const [commentPolicy, allowed] of Object.entries(may)) {
    const id = await publish(world, ada, { commentPolicy, caption: '@cleo' });
    for (const who of [ada, dan, eve, cleo]) {
      const { userErrors } = await send(who, 'addComment', { postId: id, content: 'hello' });
      expect({ commentPolicy, who: who.username, userErrors }).toEqual({
        commentPolicy,
        who: who.username,
        userErrors: allowed.includes(who) ? [] : refused('FORBIDDEN', 'postId'),
      });
      const seen = await who.graphql<{ post: { viewerPermissions: { canComment: boolean } } }>(
        'query ($id: ID!) { post(by: { id: $id }) { viewerPermissions { canComment } } }',
        { id },
      );
      expect(seen.data.post.viewerPermissions.canComment).toBe(allowed.includes(who));
    }
    expect((await groups(ada, id)).counts.comments).toBe(allowed.length);
  }
});

test('a comment is refused when it is blank, too long, or answers a comment of another post', async () => {
  const [id, other] = [await publish(world, ada), await publish(world, ada)];
  const elsewhere = await comment(ben, other, 'elsewhere');
  const nothing = [' \n ', '\u200b\u2060', '\u3164', '&#8203;', '[](https://a.example/)', '> \n'];
  for (const content of nothing)
    expect((await send(ben, 'addComment', { postId: id, content })).userErrors).toEqual(
      refused('INVALID_INPUT', 'content'),
    );
  expect(
    (await send(ben, 'updateComment', { commentId: elsewhere, content: '&nbsp;' })).userErrors,
  ).toEqual(refused('INVALID_INPUT', 'content'));
  expect(
    (await send(ben, 'addComment', { postId: id, content: 'x'.repeat(2201) })).userErrors,
  ).toEqual(refused('INVALID_INPUT', 'content'));
  expect(
    (await send(ben, 'addComment', { postId: id, content: 'x', parentId: elsewhere })).userErrors,
  ).toEqual(refused('NOT_FOUND', 'parentId'));
  expect((await send(ben, 'addComment', { postId: elsewhere, content: 'x' })).userErrors).toEqual(
    refused('NOT_FOUND', 'postId'),
  );
  expect(
    (await send(ben, 'addComment', { postId: id, content: 'x'.repeat(2200) })).userErrors,
  ).toEqual([]);
  expect((await groups(ben, id)).counts.comments).toBe(1);
});

test('only its author edits a comment; its author and the author of the post delete it, with what answers it', async () => {
  const id = await publish(world, ada);
  const top = await comment(ben, id, 'top');
  const under = await comment(cleo, id, 'under', top);
  const below = await comment(ben, id, 'below', under);
  for (const who of [ada, cleo]) {
    expect(
      (await send(who, 'updateComment', { commentId: top, content: 'mine' })).userErrors,
    ).toEqual(refused('NOT_FOUND', 'commentId'));
  }
  expect((await send(cleo, 'deleteComment', { commentId: top })).userErrors).toEqual(
    refused('NOT_FOUND', 'commentId'),
  );
  const edited = await send(
    ben,
    'updateComment',
    { commentId: top, content: '*better*' },
    'comment { content editedAt }',
  );
  expect(edited['comment']).toMatchObject({
    content: '<p><em>better</em></p>',
    editedAt: expect.any(String),
  });
  const deleted = await send(
    ada,
    'deleteComment',
    { commentId: under },
    'deletedCommentId post { counts { comments } }',
  );
  expect(deleted).toEqual({
    deletedCommentId: under,
    post: { counts: { comments: 1 } },
    userErrors: [],
  });
  expect((await thread(ben, id)).edges[0]!.node).toMatchObject({
    id: top,
    replyCount: 0,
    replies: { nodes: [] },
  });
  const gone = await ben.graphql<{ nodes: unknown[] }>(
    'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }',
    { ids: [under, below] },
  );
  expect(gone.data.nodes).toEqual([null, null]);
  expect((await send(ada, 'deleteComment', { commentId: under })).userErrors).toEqual(
    refused('NOT_FOUND', 'commentId'),
  );
  expect((await send(ben, 'updateComment', { commentId: below, content: 'x' })).userErrors).toEqual(
    refused('NOT_FOUND', 'commentId'),
  );
  expect(
    (await send(ben, 'addComment', { postId: id, parentId: under, content: 'x' })).userErrors,
  ).toEqual(refused('NOT_FOUND', 'parentId'));
});

test('counters of comments are right when many come and go at once', async () => {
  const id = await publish(world, ada);
  const top = await comment(ben, id, 'top');
  const made = await Promise.all(
    Array.from({ length: 30 }, (_, index) =>
      comment(index % 2 ? ben : cleo, id, `c${index}`, index % 3 ? top : null),
    ),
  );
  await Promise.all([
    ...made.slice(0, 10).map((commentId) => send(ada, 'deleteComment', { commentId })),
    ...made.slice(0, 5).map((commentId) => send(ada, 'deleteComment', { commentId })),
    ...Array.from({ length: 10 }, () => comment(cleo, id, 'late', top)),
  ]);
  const {
    rows: [row],
  } = await world.services.database.pool.query(
    `select count(*)::int as comments, count(*) filter (where parent_id = $2)::int as replies from posts where root_id = $1 and deleted_at is null`,
    [innerId(id), innerId(top)],
  );
  expect(row.comments).toBe(31);
  expect((await groups(ada, id)).counts.comments).toBe(31);
  const shown = [
    ...(await thread(ada, id, '(sort: OLDEST, first: 1)', 100)).edges,
    ...(await thread(ada, id, '(sort: NEWEST, first: 50)')).edges.slice(0, -1),
  ];
  expect(shown[0]!.node).toMatchObject({ id: top, replyCount: row.replies });
  expect(shown.length + shown[0]!.node.replies.nodes.length).toBe(31);
});

test('an idempotency key comments once', async () => {
  const id = await publish(world, ada);
  const input = { postId: id, content: 'once', idempotencyKey: 'c-1' };
  const [one, other] = await Promise.all([
    send(ben, 'addComment', input, 'comment { id }'),
    send(ben, 'addComment', input, 'comment { id }'),
  ]);
  expect(one['comment']).toEqual(other['comment']);
  expect((await groups(ben, id)).counts.comments).toBe(1);
  expect((await send(ben, 'addComment', { ...input, content: 'twice' })).userErrors).toEqual(
    refused('IDEMPOTENCY_KEY_REUSED', 'idempotencyKey'),
  );
});

test('between two who block each other nothing of the other is seen, listed or counted under a third’s post', async () => {
  const [fay, gus] = [await world.local('fay'), await world.local('gus')];
  const id = await publish(world, ada);
  const [byFay, byGus] = [await comment(fay, id, 'fay'), await comment(gus, id, 'gus')];
  const underGus = await comment(fay, id, 'to gus', byGus);
  await react(fay, id, '❤');
  await react(gus, id, '❤');
  await react(gus, byFay, '❤');
  await react(cleo, byFay, '❤');
  await block(world, fay, gus);
  const forFay = await groups(fay, id);
  expect(forFay).toMatchObject({
    counts: { likes: 1, reactions: 1, comments: 2 },
    reactions: [{ content: '❤', count: 1 }],
    likedBy: { nodes: [{ username: 'fay' }] },
  });
  expect((await thread(fay, id)).edges.map(({ node }) => [node.id, node.likeCount])).toEqual([
    [byFay, 1],
  ]);
  const forGus = await groups(gus, id);
  expect(forGus).toMatchObject({
    counts: { likes: 1, reactions: 1, comments: 1 },
    likedBy: { nodes: [{ username: 'gus' }] },
  });
  expect(
    (await thread(gus, id)).edges.map(({ node }) => [node.id, node.replyCount, node.replies.nodes]),
  ).toEqual([[byGus, 0, []]]);
  expect((await groups(cleo, id)).counts).toEqual({ likes: 2, reactions: 2, comments: 3 });
  expect(await react(gus, underGus, '❤')).toEqual(refused('NOT_FOUND', 'subjectId'));
  expect(
    (await send(gus, 'addComment', { postId: id, parentId: byFay, content: 'x' })).userErrors,
  ).toEqual(refused('NOT_FOUND', 'parentId'));
  const node = await gus.graphql('query ($id: ID!) { node(id: $id) { id } }', { id: byFay });
  expect(node.data).toEqual({ node: null });
});

test('a page refuses a size or cursor that is not one of its own', async () => {
  const id = await publish(world, ada);
  const ask = async (args: string) =>
    (
      await ada.graphql(
        'query ($id: ID!) { post(by: { id: $id }) { comments' + args + ' { nodes { id } } } }',
        { id },
      )
    ).errors?.[0]?.extensions['code'];
  expect(await ask('(first: 101)')).toBe('BAD_USER_INPUT');
  expect(await ask('(first: 0)')).toBe('BAD_USER_INPUT');
  expect(await ask('(after: "nonsense")')).toBe('INVALID_CURSOR');
  const newest = Buffer.from(JSON.stringify(['1', innerId(id)])).toString('base64url');
  expect(await ask(`(sort: TOP, after: "${newest}")`)).toBe('INVALID_CURSOR');
  expect(await ask(`(sort: NEWEST, after: "${newest}")`)).toBeUndefined();
  expect(await ask('(first: 1, last: 1)')).toBe('BAD_USER_INPUT');
  for (const unused of ['before', 'first: 1, before', 'last: 1, after'])
    expect(await ask(`(sort: NEWEST, ${unused}: "${newest}")`)).toBe('BAD_USER_INPUT');
  const unstorable = Buffer.from(JSON.stringify(['1', '\0', innerId(id)])).toString('base64url');
  expect(await ask(`(sort: TOP, after: "${unstorable}")`)).toBe('INVALID_CURSOR');
});

test('comments in the order TOP are walked from both ends, those of equal rank, too', async () => {
  const id = await publish(world, ada);
  const commentIds: string[] = [];
  for (const content of ['a', 'b', 'c', 'd', 'e']) commentIds.push(await comment(ben, id, content));
  for (const commentId of commentIds.slice(1, 3)) await react(ada, commentId, '❤');
  const ids = async (args: string) =>
    (
      await ada.graphql<{ post: { comments: { nodes: { id: string }[] } } }>(
        'query ($id: ID!) { post(by: { id: $id }) { comments' + args + ' { nodes { id } } } }',
        { id },
      )
    ).data.post.comments.nodes.map((node) => node.id);
  const all = await ids('(sort: TOP)');
  expect(all.slice(0, 2).sort()).toEqual(commentIds.slice(1, 3).sort());
  expect(await ids('(sort: TOP, last: 2)')).toEqual(all.slice(-2));
  expect(await ids('(sort: OLDEST, last: 2)')).toEqual(commentIds.slice(-2));
});

test('what somebody did can be taken back when they do not see the post any more', async () => {
  const [ida, jon] = [await world.local('ida'), await world.local('jon')];
  const id = await publish(world, ida);
  const top = await comment(jon, id, 'top');
  const under = await comment(jon, id, 'under', top);
  const other = await comment(ida, id, 'other');
  await react(jon, id, '❤');
  await react(jon, other, '🔥');
  const repost = async (reposted: boolean): Promise<Refusal[]> =>
    (
      await jon.graphql<{ setRepost: Answered<object> }>(
        'mutation ($id: ID!, $reposted: Boolean!) { setRepost(input: { postId: $id, reposted: $reposted }) { userErrors { code path } } }',
        { id, reposted },
      )
    ).data.setRepost.userErrors;
  const remove = async (commentId: string): Promise<unknown> =>
    (
      await jon.graphql(
        'mutation ($id: ID!) { deleteComment(input: { commentId: $id }) { deletedCommentId post { id } userErrors { code path } } }',
        { id: commentId },
      )
    ).data['deleteComment'];
  expect(await repost(true)).toEqual([]);
  await block(world, ida, jon);
  const notFound = (path: string) => [{ code: 'NOT_FOUND', path: [path] }];
  // Nothing new, and nothing of others.
  expect(await react(jon, id, '🔥')).toEqual(notFound('subjectId'));
  expect(await repost(true)).toEqual(notFound('postId'));
  expect(await remove(other)).toMatchObject({ userErrors: notFound('commentId') });
  expect(await react(jon, id, null)).toEqual([]);
  expect(await react(jon, other, null)).toEqual([]);
  expect(await repost(false)).toEqual([]);
  expect(await remove(top)).toEqual({ deletedCommentId: top, post: null, userErrors: [] });
  // Twice is not found, as for whoever never did it.
  expect(await react(jon, id, null)).toEqual(notFound('subjectId'));
  expect(await repost(false)).toEqual(notFound('postId'));
  for (const commentId of [top, under])
    expect(await remove(commentId)).toMatchObject({ userErrors: notFound('commentId') });
  const { data } = await ida.graphql(
    `query ($id: ID!) { post(by: { id: $id }) { counts { likes reactions comments reposts }
      comments { nodes { id reactions { content } } } } }`,
    { id },
  );
  expect(data['post']).toEqual({
    counts: { likes: 0, reactions: 0, comments: 1, reposts: 0 },
    comments: { nodes: [{ id: other, reactions: [] }] },
  });
});

test('a made-up cursor is refused before the database meets what it cannot read', async () => {
  const id = await publish(world, ada);
  const cursor = (first: string): string =>
    Buffer.from(JSON.stringify(['1', first, innerId(id)])).toString('base64url');
  const ask = async (query: string, after: string) =>
    (await ada.graphql(query, { ...(query.includes('$id') && { id }), after })).errors?.[0]
      ?.extensions['code'];
  const top =
    'query ($id: ID!, $after: String) { post(by: { id: $id }) { comments(sort: TOP, after: $after) { nodes { id } } } }';
  const hashtags =
    'query ($after: String) { search(query: "any") { hashtags(after: $after) { nodes { id } } } }';
  const schedule =
    'query ($after: String) { viewer { scheduledPosts(after: $after) { nodes { id } } } }';
  expect(await ask(top, cursor('9'.repeat(400)))).toBe('INVALID_CURSOR');
  expect(await ask(hashtags, cursor('\0'))).toBe('INVALID_CURSOR');
  expect(await ask(schedule, cursor('2026-99-99T99:99:99Z'))).toBe('INVALID_CURSOR');
  expect(await ask(schedule, cursor('+010000-01-01T00:00:00.000Z'))).toBe('INVALID_CURSOR');
  expect(await ask(top, cursor('1767225600.123'))).toBeUndefined();
  expect(await ask(schedule, cursor('2026-03-01T12:00:00.000Z'))).toBeUndefined();
});

test('likes are listed by when they were set, without other reactions and what is not seen any more', async () => {
  const [una, vic] = [await world.local('una'), await world.local('vic')];
  const likes = async (who: Person) => {
    const answer = await who.graphql<{ viewer: { likes: { nodes: { id: string }[] } } }>(
      '{ viewer { likes { nodes { id } } } }',
    );
    expect(answer.errors).toBeUndefined();
    return answer.data.viewer.likes.nodes.map(({ id }) => id);
  };
  const posts: string[] = [];
  for (let index = 0; index < 4; index++) posts.push(await publish(world, vic));
  const [first, second, third, fourth] = posts as [string, string, string, string];
  for (const id of [third, first, second]) {
    world.clock.advance(1);
    expect(await react(una, id, '❤️')).toEqual([]);
  }
  expect(await react(una, fourth, '🔥')).toEqual([]);
  expect(await react(una, await comment(vic, first, 'mine'), '❤')).toEqual([]);
  expect([await likes(una), await likes(vic)]).toEqual([[second, first, third], []]);
  await react(una, first, '🔥');
  await react(una, second, null);
  expect(await likes(una)).toEqual([third]);
  await block(world, vic, una);
  expect(await likes(una)).toEqual([]);
});

// A hundred people who do the same at the same moment: every edge is there once, and every counter is the number of its edges.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { statement } from '../../src/platform/db/database.js';
import { comment, innerId, publish } from '../support/posts.js';
import { fromFreshAddress, startWorld, type Person, type World } from '../support/world.js';

const SIZE = 100;

let world: World;
let star: Person;
let crowd: readonly Person[];

beforeAll(async () => {
  world = await startWorld({ GRAPHQL_POINTS_PER_HOUR: '1000000' });
  star = await world.local('star');
  const people: Person[] = [];
  // Passwords are slow to hash: a few at a time.
  for (let first = 0; first < SIZE; first += 10)
    people.push(
      ...(await Promise.all(
        Array.from({ length: 10 }, (_, index) => world.local(`fan${first + index}`)),
      )),
    );
  crowd = people;
}, 300_000);

afterAll(() => world[Symbol.asyncDispose]());

/** Changes something as clients do: a server that has too much to do is asked again. */
async function change<Fields = object>(
  who: Person,
  name: string,
  input: object,
  fields = '',
): Promise<Fields> {
  const type = name[0]!.toUpperCase() + name.slice(1);
  for (;;) {
    const answer = await who.graphql<Record<string, Fields & { userErrors: object[] }>>(
      `mutation ($input: ${type}Input!) { ${name}(input: $input) { ${fields} userErrors { code } } }`,
      { input },
    );
    if (answer.errors?.every(({ extensions }) => extensions['code'] === 'SERVICE_UNAVAILABLE'))
      continue;
    expect([answer.errors, answer.data?.[name]?.userErrors]).toEqual([undefined, []]);
    return answer.data[name]!;
  }
}

const like = (fan: Person, subjectId: string, content: string | null) =>
  change(fan, 'setReaction', { subjectId, content });

async function say(fan: Person, postId: string, parentId: string | null): Promise<string> {
  const input = { postId, parentId, content: 'Ah', idempotencyKey: parentId ?? postId };
  type Added = { comment: { id: string } };
  return (await change<Added>(fan, 'addComment', input, 'comment { id }')).comment.id;
}

/** Every name in a list that is asked for page by page. */
async function names(list: string, id: string): Promise<string[]> {
  const found: string[] = [];
  let after: string | null = null;
  for (;;) {
    const answer: {
      data: {
        node: {
          list: {
            nodes: { username: string }[];
            pageInfo: { hasNextPage: boolean; endCursor: string };
          };
        };
      };
    } = await world.graphql(
      `query ($id: ID!, $after: String) { node(id: $id) { ${list} } }`,
      { id, after },
      null,
      fromFreshAddress(),
    );
    const { nodes, pageInfo } = answer.data.node.list;
    found.push(...nodes.map(({ username }) => username));
    if (!pageInfo.hasNextPage) return found.sort();
    after = pageInfo.endCursor;
  }
}

const PAGE = '(first: 30, after: $after) { nodes { username } pageInfo { hasNextPage endCursor } }';
const usernames = (people: readonly Person[]) => people.map(({ username }) => username).sort();

const LIKES = statement(
  'test.crowd.likes',
  `select likes, reactions, (select count(*)::int from reactions where post_id = $1) as edges,
     (select sum(count)::int from reaction_groups where post_id = $1) as grouped
   from post_counts where post_id = $1`,
);
const FOLLOWS = statement(
  'test.follows',
  `select c.followers, (select count(*)::int from follows where followee_id = $1 and state = 'ACCEPTED') as edges,
     (select sum(following)::int from actor_counts where actor_id <> $1) as following
   from actor_counts c where c.actor_id = $1`,
);
const COMMENTS = statement(
  'test.comments',
  `select c.comments, (select replies from post_counts where post_id = $2) as replies,
     (select count(*)::int from posts where root_id = $1 and deleted_at is null) as rows,
     (select count(*)::int from events where name = 'commentAdded' and payload->>'postId' = $1::text) as events
   from post_counts c where c.post_id = $1`,
);
const NOTIFIED = statement(
  'test.crowd.notified',
  `select actor_count as count from notifications where recipient_id = $1 and kind = $2 and post_id is not distinct from $3`,
);

const read = <Row>(query: ReturnType<typeof statement>, ...values: unknown[]) =>
  world.services.database.row<Row>(query, values);

test('a hundred likes at once, twice each, are a hundred; half taken back at once leave fifty', async () => {
  const postId = await publish(world, star);
  const id = innerId(postId);
  await Promise.all([...crowd, ...crowd].map((fan) => like(fan, postId, '❤')));
  expect(await read(LIKES, id)).toEqual({ likes: 100, reactions: 100, edges: 100, grouped: 100 });
  expect(await names(`... on PhotoPost { list: likedBy${PAGE} }`, postId)).toEqual(
    usernames(crowd),
  );
  await world.settle();
  expect(await read(NOTIFIED, star.actorId, 'LIKE', id)).toEqual({ count: 100 });
  const [half, others] = [crowd.slice(0, 50), crowd.slice(50)];
  await Promise.all([
    ...half.flatMap((fan) => [like(fan, postId, null), like(fan, postId, null)]),
    ...others.map((fan) => like(fan, postId, '❤')),
  ]);
  expect(await read(LIKES, id)).toEqual({ likes: 50, reactions: 50, edges: 50, grouped: 50 });
  expect(await names(`... on PhotoPost { list: likedBy${PAGE} }`, postId)).toEqual(
    usernames(others),
  );
});

test('a hundred follows at once, twice each, are a hundred; half ended at once leave fifty', async () => {
  const id = star.actorGlobalId;
  const follow = (fan: Person) => change(fan, 'followActor', { actorId: id });
  await Promise.all([...crowd, ...crowd].map(follow));
  expect(await read(FOLLOWS, star.actorId)).toEqual({ followers: 100, edges: 100, following: 100 });
  expect(await names(`... on Actor { list: followers${PAGE} }`, id)).toEqual(usernames(crowd));
  const [half, others] = [crowd.slice(0, 50), crowd.slice(50)];
  const unfollow = (fan: Person) => change(fan, 'unfollowActor', { actorId: id });
  await Promise.all([...half.map(unfollow), ...half.map(unfollow), ...others.map(follow)]);
  expect(await read(FOLLOWS, star.actorId)).toEqual({ followers: 50, edges: 50, following: 50 });
  expect(await names(`... on Actor { list: followers${PAGE} }`, id)).toEqual(usernames(others));
});

test('a hundred comments and a hundred answers at once are counted, listed and told once each', async () => {
  const postId = await publish(world, star);
  const top = await comment(star, postId, 'top');
  const made = await Promise.all(
    crowd.flatMap((fan) => [say(fan, postId, null), say(fan, postId, top)]),
  );
  expect(new Set(made).size).toBe(200);
  const ids = [innerId(postId), innerId(top)];
  expect(await read(COMMENTS, ...ids)).toEqual({
    comments: 201,
    replies: 100,
    rows: 201,
    events: 201,
  });
  const gone = made.slice(0, 60);
  const remove = (commentId: string) => change(star, 'deleteComment', { commentId });
  await Promise.all(gone.map(remove));
  expect(await read(COMMENTS, ...ids)).toEqual({
    comments: 141,
    replies: 70,
    rows: 141,
    events: 201,
  });
});

test('one who follows a hundred at once while these follow back has exact counters on both sides', async () => {
  const hub = await world.local('hub');
  await Promise.all(
    crowd.flatMap((fan) => [
      change(hub, 'followActor', { actorId: fan.actorGlobalId }),
      change(fan, 'followActor', { actorId: hub.actorGlobalId }),
    ]),
  );
  const { rows } = await world.services.database.pool.query(
    `select a.id from unnest($1::uuid[]) as a(id) left join actor_counts c on c.actor_id = a.id
     where coalesce(c.followers, 0) <> (select count(*) from follows where followee_id = a.id and state = 'ACCEPTED')
        or coalesce(c.following, 0) <> (select count(*) from follows where follower_id = a.id and state = 'ACCEPTED')`,
    [[hub, star, ...crowd].map(({ actorId }) => actorId)],
  );
  expect(rows).toEqual([]);
  expect((await names(`... on Actor { list: following${PAGE} }`, hub.actorGlobalId)).length).toBe(
    SIZE,
  );
});

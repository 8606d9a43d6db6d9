// Notifications while their recipient looks, and what a crowd at once costs.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { statement } from '../../src/platform/db/database.js';
import { notificationsOf, settlePauses } from '../support/notifications.js';
import { innerId, publish, react } from '../support/posts.js';
import { connectSocket, subscribe, subscribed, type TestSocket } from '../support/socket.js';
import { startWorld, type Person, type World } from '../support/world.js';

const OWN = `subscription { viewerEvents(topics: [NOTIFICATIONS]) { ... on NotificationEvent {
  unreadCount notification { kind actorCount actors { username } } } } }`;

interface Heard {
  readonly unreadCount: number;
  readonly notification: { kind: string; actorCount: number } | null;
}

let world: World;
let ada: Person;
let ben: Person;

beforeAll(async () => {
  world = await startWorld({ GRAPHQL_POINTS_PER_HOUR: '1000000' });
  [ada, ben] = [await world.local('ada'), await world.local('ben')];
});

afterAll(() => world[Symbol.asyncDispose]());

test('a notification comes live to its recipient alone, and reading it tells the other devices', async () => {
  await using own = await watch(ada);
  await using other = await watch(ben);
  await react(ben, await publish(world, ada), '❤');
  await world.settle();
  expect(await next(own)).toEqual({
    unreadCount: 1,
    notification: { kind: 'LIKE', actorCount: 1, actors: [{ username: 'ben' }] },
  });
  const { cursors } = await notificationsOf(ada);
  await ada.graphql(
    'mutation ($upTo: String!) { markNotificationsRead(input: { upTo: $upTo }) { unreadCount } }',
    { upTo: cursors[0] },
  );
  expect(await next(own)).toEqual({ unreadCount: 0, notification: null });
  // Ben's own notification comes first: nothing of Ada's was before it.
  await react(ada, await publish(world, ben), '🎉');
  await world.settle();
  expect(await next(other)).toMatchObject({ notification: { kind: 'REACTION' } });
});

test('without the scope the topic is left out, and asking for it is refused', async () => {
  const made = await ada.graphql<{ createPersonalAccessToken: { token: string } }>(
    `mutation { createPersonalAccessToken(input: { name: "x", scopes: ["read:posts", "read:account"] }) { token userErrors { message } } }`,
  );
  await using socket = await connectSocket(world.origin, made.data.createPersonalAccessToken.token);
  subscribe(socket, 'own', OWN);
  const { type, payload } = await socket.next();
  expect([type, JSON.stringify(payload)]).toEqual([
    'error',
    expect.stringContaining('INSUFFICIENT_SCOPE'),
  ]);
});

test('a hundred likes at once are one exact row, few jobs and few events', async () => {
  const crowd = await Promise.all(
    Array.from({ length: 10 }, (_, index) => world.local(`fan${index}`)),
  );
  const [first, ...posts] = await Promise.all(
    Array.from({ length: 10 }, () => publish(world, ada)),
  );
  await settlePauses(world);
  await Promise.all(
    [first!, ...posts].flatMap((postId) => crowd.map((fan) => react(fan, postId, '❤'))),
  );
  const waiting = await world.services.database.row<{ count: number }>(
    statement(
      'test.notifications_live.waiting',
      `select count(*)::int as count from graphile_worker.jobs where task_identifier = 'gatherReactions'`,
    ),
  );
  expect(waiting).toEqual({ count: 10 });
  await settlePauses(world);
  const { nodes } = await notificationsOf(ada, { filter: { kinds: ['LIKE'], unreadOnly: true } });
  expect(nodes.map(({ actorCount }) => actorCount)).toEqual(Array.from({ length: 10 }, () => 10));
  const told = await world.services.database.row<{ count: number }>(
    statement(
      'test.notifications_live.told',
      `select count(*)::int as count from events where name = 'notificationsReceived'
         and payload->'received' @> jsonb_build_array(jsonb_build_object('notificationId', $1::text))`,
    ),
    [innerId(nodes[0]!.id)],
  );
  expect(told).toEqual({ count: 1 });
});

test('what joins a notification right after it was told is told once more, when the pause is over', async () => {
  const [cem, dan, eva] = [
    await world.local('cem'),
    await world.local('dan'),
    await world.local('eva'),
  ];
  const postId = await publish(world, ben);
  await using own = await watch(ben);
  await react(cem, postId, '❤');
  await world.settle();
  expect(await next(own)).toMatchObject({ notification: { actorCount: 1 } });
  await react(dan, postId, '❤');
  await world.settle();
  await react(eva, postId, '❤');
  await settlePauses(world);
  expect(await next(own)).toMatchObject({ notification: { actorCount: 3 } });
});

async function watch(person: Person): Promise<TestSocket> {
  const socket = await connectSocket(world.origin, person.token);
  await subscribed(socket, 'own', OWN);
  return socket;
}

async function next(socket: TestSocket): Promise<Heard> {
  const { payload } = await socket.next();
  const { data } = payload as { data: { viewerEvents: Heard } | null };
  if (!data) throw new Error(JSON.stringify(payload));
  return data.viewerEvents;
}

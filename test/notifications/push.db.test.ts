// Web Push against a real push service: what arrives, who stops getting it, and what is refused.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { statement } from '../../src/platform/db/database.js';
import { notificationsOf, settlePauses } from '../support/notifications.js';
import { comment, publish, react, type Answered } from '../support/posts.js';
import {
  claimsOf,
  makePushClient,
  startPushService,
  type PushClient,
  type PushService,
} from '../support/push-service.js';
import { startWorld, type Person, type World } from '../support/world.js';

const ENDPOINT = 'https://fcm.push.example/send/abc';

let service: PushService;
let world: World;
let ada: Person;
let ben: Person;
let client: PushClient;
let count = 0;

beforeAll(async () => {
  service = await startPushService();
  world = await startWorld(
    { GRAPHQL_POINTS_PER_HOUR: '1000000' },
    {},
    { outside: service.outside },
  );
});

afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await service[Symbol.asyncDispose]();
});

beforeEach(async () => {
  count += 1;
  [ada, ben] = [await world.local(`ada${count}`), await world.local(`ben${count}`)];
  client = makePushClient();
  service.received.length = 0;
  service.answerWith(201);
});

interface Registered {
  readonly pushTarget: { id: string; endpoint: string; kinds: string[] | null } | null;
}

async function register(
  person: Person,
  webPush: Record<string, string> = {},
  kinds: string[] | null = null,
): Promise<Answered<Registered>> {
  const { p256dh, auth } = client;
  const target = { webPush: { endpoint: ENDPOINT, p256dh, auth, ...webPush } };
  const answer = await person.graphql<{ registerPushTarget: Answered<Registered> }>(
    `mutation ($input: RegisterPushTargetInput!) { registerPushTarget(input: $input) {
      pushTarget { id endpoint kinds } userErrors { code path } } }`,
    { input: { target, kinds } },
  );
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data.registerPushTarget;
}

async function targetsOf(person: Person): Promise<string[]> {
  const answer = await person.graphql<{ viewer: { pushTargets: { endpoint: string }[] } }>(
    '{ viewer { pushTargets { endpoint } } }',
  );
  return answer.data.viewer.pushTargets.map(({ endpoint }) => endpoint);
}

test('a push arrives encrypted for the client alone and signed by the server', async () => {
  const { pushTarget, userErrors } = await register(ada);
  expect([pushTarget?.endpoint, pushTarget?.kinds, userErrors]).toEqual([ENDPOINT, null, []]);
  const postId = await publish(world, ada);
  await comment(ben, postId, 'a secret between us');
  await settlePauses(world);
  const [push, ...others] = service.received;
  expect(others).toEqual([]);
  const { nodes } = await notificationsOf(ada);
  expect(client.open(push!)).toEqual({
    notificationId: nodes[0]!.id,
    kind: 'COMMENT',
    title: `\u2068@${ben.username}\u2069 commented on your post`,
    url: expect.stringContaining('https://a.example/comments/'),
    unreadCount: 1,
  });
  expect(() => makePushClient().open(push!)).toThrow();
  expect(push!.headers).toMatchObject({
    ttl: '86400',
    urgency: 'normal',
    'content-encoding': 'aes128gcm',
    topic: expect.stringMatching(/^[\da-f]{32}$/),
  });
  const instance = await world.graphql<{ instance: { vapidPublicKey: string } }>(
    '{ instance { vapidPublicKey } }',
  );
  expect(claimsOf(push!, instance.data.instance.vapidPublicKey)).toMatchObject({
    aud: 'https://fcm.push.example',
    sub: 'https://a.example',
  });
});

test('only the chosen kinds are pushed, and what is read already is not', async () => {
  await register(ada, {}, ['COMMENT']);
  const postId = await publish(world, ada);
  await react(ben, postId, '❤');
  await settlePauses(world);
  expect(service.received).toEqual([]);
  service.answerWith(503);
  await comment(ben, postId, 'hello');
  await world.settle();
  expect(service.received).toHaveLength(1);
  const { nodes } = await notificationsOf(ada);
  await ada.graphql(
    'mutation ($ids: [ID!]) { markNotificationsRead(input: { ids: $ids }) { unreadCount } }',
    { ids: nodes.map(({ id }) => id) },
  );
  await settlePauses(world);
  expect(service.received).toHaveLength(1);
});

test('a push service that is out of order is asked again', async () => {
  await register(ada);
  service.answerWith(503);
  await react(ben, await publish(world, ada), '❤');
  await settlePauses(world);
  const tried = service.received.length;
  expect(tried).toBeGreaterThan(1);
  service.answerWith(201);
  await settlePauses(world);
  expect(service.received).toHaveLength(tried + 1);
  await settlePauses(world);
  expect(service.received).toHaveLength(tried + 1);
});

test.each([404, 410])(
  'a target that the push service answers with %d is forgotten',
  async (status) => {
    await register(ada);
    service.answerWith(status);
    const postId = await publish(world, ada);
    await react(ben, postId, '❤');
    await settlePauses(world);
    expect(service.received).toHaveLength(1);
    expect(await targetsOf(ada)).toEqual([]);
    await comment(ben, postId, 'hello');
    await settlePauses(world);
    expect(service.received).toHaveLength(1);
  },
);

test('a push that is refused for good is not tried again', async () => {
  await register(ada);
  service.answerWith(400);
  await react(ben, await publish(world, ada), '❤');
  await settlePauses(world);
  expect(service.received).toHaveLength(1);
  expect(await targetsOf(ada)).toEqual([ENDPOINT]);
});

test('a target ends with its session, and when it is removed', async () => {
  const { pushTarget } = await register(ada);
  const removal = (person: Person) =>
    person.graphql<{ removePushTarget: Answered<{ removedTargetId: string | null }> }>(
      `mutation ($id: ID!) { removePushTarget(input: { targetId: $id }) { removedTargetId userErrors { code path } } }`,
      { id: pushTarget!.id },
    );
  expect((await removal(ben)).data.removePushTarget).toEqual({
    removedTargetId: null,
    userErrors: [{ code: 'NOT_FOUND', path: ['targetId'] }],
  });
  const node = await ben.graphql('query ($id: ID!) { node(id: $id) { id } }', {
    id: pushTarget!.id,
  });
  expect(node.data).toEqual({ node: null });
  expect((await removal(ada)).data.removePushTarget.removedTargetId).toBe(pushTarget!.id);
  expect(await targetsOf(ada)).toEqual([]);
  await register(ada);
  await ada.graphql('mutation { signOut { userErrors { code } } }');
  await react(ben, await publishAs(ada), '❤');
  await settlePauses(world);
  expect(service.received).toEqual([]);
});

test('the same endpoint is one target, and there are at most twenty', async () => {
  await register(ada);
  await register(ada, {}, ['MENTION']);
  expect(await targetsOf(ada)).toEqual([ENDPOINT]);
  for (let index = 1; index < 20; index++)
    await register(ada, { endpoint: `https://fcm.push.example/send/${index}` });
  const refused = await register(ada, { endpoint: 'https://fcm.push.example/send/last' });
  expect(refused.userErrors).toEqual([{ code: 'LIMIT_EXCEEDED', path: ['target'] }]);
  expect((await register(ada)).userErrors).toEqual([]);
});

test('S10 an endpoint that is not on the public internet is refused, and so are keys that are none', async () => {
  const invalid = (name: string) => [{ code: 'INVALID_INPUT', path: ['target', 'webPush', name] }];
  for (const endpoint of [
    'http://fcm.push.example/send',
    'https://127.0.0.1/send',
    'https://[::1]/send',
    'https://169.254.169.254/latest/meta-data',
    'https://[::ffff:10.0.0.1]/send',
  ]) {
    expect((await register(ada, { endpoint })).userErrors).toEqual(invalid('endpoint'));
  }
  expect((await register(ada, { auth: 'AAAA' })).userErrors).toEqual(invalid('auth'));
  expect((await register(ada, { p256dh: 'not a key' })).userErrors).toEqual(invalid('p256dh'));
  expect(await targetsOf(ada)).toEqual([]);
});

test('the private key is stored sealed', async () => {
  await world.graphql('{ instance { vapidPublicKey } }');
  const row = await world.services.database.row<{ value: Record<string, string> }>(
    statement('test.vapid', `select value from server_settings where key = 'vapid'`),
  );
  expect(Object.keys(row!.value).toSorted()).toEqual(['publicKey', 'sealed']);
  expect(row!.value['sealed']).toMatch(/^v1\./);
});

/** A post of somebody who has signed out just now. */
async function publishAs(author: Person): Promise<string> {
  const answer = await world.graphql<{ signIn: { token: string } }>(
    'mutation ($input: SignInInput!) { signIn(input: $input) { token } }',
    { input: { login: author.username, password: 'orange kite over water' } },
  );
  const { token } = answer.data.signIn;
  return publish(world, {
    ...author,
    token,
    graphql: (query, variables) => world.graphql(query, variables, token),
  });
}

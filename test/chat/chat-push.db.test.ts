// Devices that do not listen are woken by Web Push: what arrives, how often, and what a hostile service gets.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Chat } from '../../sdk/src/chat/chat.js';
import { statement } from '../../src/platform/db/database.js';
import { parseGlobalId } from '../../src/platform/ids.js';
import { settlePauses } from '../support/notifications.js';
import { block, type Answered } from '../support/posts.js';
import {
  claimsOf,
  makePushClient,
  startPushService,
  type PushClient,
  type PushService,
} from '../support/push-service.js';
import { startWorld, type World } from '../support/world.js';
import { deviceOf } from './sdk-people.js';

let service: PushService;
let world: World;
let count = 0;
let ada: Chat;
let ben: Chat;
let conversation: string;
let client: PushClient;

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
  [ada, ben] = [await deviceOf(world, `ada${count}`), await deviceOf(world, `ben${count}`)];
  conversation = await ada.openDirect(`ben${count}`);
  await ben.synchronise();
  await ben.sendText(conversation, 'Go on');
  client = makePushClient();
  await ben.enablePush(subscription(client));
  service.received.length = 0;
  service.answerWith(201);
});

const subscription = ({ p256dh, auth }: PushClient, endpoint = `/send/${count}`) => ({
  endpoint: new URL(endpoint, 'https://fcm.push.example').href,
  keys: { p256dh, auth },
});

const LATER = statement(
  '',
  `update chat_push_subscriptions set woken_at = woken_at - interval '1 hour'`,
);

/** Lets planned wake-ups begin. */
const settle = (): Promise<void> => settlePauses(world);

/** Says something, and lets what follows happen. */
async function say(text: string): Promise<void> {
  await ada.sendText(conversation, text);
  await settle();
}

test('E13 a wake-up says nothing: always the same bytes inside, of the same size, and a name that nothing is known by', async () => {
  await say('short');
  await ben.synchronise();
  await world.services.database.rows(LATER, []);
  await say('long '.repeat(2000));
  await ben.synchronise();
  await world.services.database.rows(LATER, []);
  await ada.send(conversation, { kind: 'title', title: 'A title' });
  await settle();
  expect(service.received).toHaveLength(3);
  expect(service.received.map((push) => client.open(push))).toEqual([{}, {}, {}]);
  expect(new Set(service.received.map(({ body }) => body.length)).size).toBe(1);
  const topics = service.received.map(({ headers }) => String(headers['topic']));
  expect(new Set(topics).size).toBe(3);
  for (const topic of topics) expect(topic).toMatch(/^[\w-]{32}$/);
  const [push] = service.received;
  expect(push!.headers).toMatchObject({ urgency: 'high', 'content-encoding': 'aes128gcm' });
  expect(claimsOf(push!, await ben.vapidPublicKey())).toMatchObject({
    aud: 'https://fcm.push.example',
    sub: 'https://a.example',
  });
  const everything = JSON.stringify(service.received.map(({ headers, path }) => [headers, path]));
  for (const { id } of [
    parseGlobalId(conversation)!,
    parseGlobalId(ben.self.actorId)!,
    parseGlobalId(ben.self.deviceId)!,
  ])
    for (const form of [id, id.replaceAll('-', ''), Buffer.from(id).toString('base64url')])
      expect(everything).not.toContain(form);
});

test('however much comes, a device that does not look is woken once, and again when it has looked', async () => {
  for (let index = 0; index < 5; index++) await ada.sendText(conversation, `No. ${index}`);
  await settle();
  await say('and another');
  expect(service.received).toHaveLength(1);
  await ben.synchronise();
  await world.services.database.rows(LATER, []);
  await say('news');
  expect(service.received).toHaveLength(2);
  await world.services.database.rows(LATER, []);
  await say('much later');
  expect(service.received).toHaveLength(3);
  // What still waits at the push service is replaced, as the device has not looked since.
  expect(service.received[2]!.headers['topic']).toBe(service.received[1]!.headers['topic']);
});

test('whoever listens, mutes, blocks or has only their own messages is left alone', async () => {
  await ada.sendText(conversation, 'heard live');
  await ben.synchronise();
  await settle();
  await ben.sendText(conversation, 'my own');
  await settle();
  expect(service.received).toEqual([]);
  const who = await world.local(`ben${count}`);
  await who.graphql(
    'mutation ($id: ID!) { updateConversation(input: { conversationId: $id, muted: true }) { userErrors { code } } }',
    { id: conversation },
  );
  await say('muted');
  expect(service.received).toEqual([]);
  await ben.synchronise();
  const group = await ada.createGroup([`ben${count}`], 'Kites');
  await settle();
  expect(service.received).toHaveLength(1);
  await ben.synchronise();
  await world.services.database.rows(LATER, []);
  await block(world, who, await world.local(`ada${count}`));
  await ada.sendText(group, 'from behind a block');
  await settle();
  expect(service.received).toHaveLength(1);
});

test('a service that is out of order is asked again, and one that does not know the place is not', async () => {
  service.answerWith(503);
  await say('first');
  expect(service.received.length).toBeGreaterThan(1);
  service.answerWith(410);
  await settle();
  const asked = service.received.length;
  service.answerWith(201);
  await say('second');
  expect(service.received).toHaveLength(asked);
});

test('a service that sends elsewhere, or refuses, is not asked again for the same', async () => {
  for (const status of [302, 400, 413]) {
    service.answerWith(status);
    await ben.synchronise();
    await say(`answered with ${status}`);
  }
  expect(service.received.map(({ path }) => path)).toEqual(Array(3).fill(`/send/${count}`));
  service.answerWith(201);
  await say('taken');
  expect(service.received).toHaveLength(4);
});

test('a device is woken no more when it asks so, when its session ends and when it is revoked', async () => {
  await ben.disablePush();
  await say('one');
  await ben.enablePush(subscription(client));
  await (
    await world.local(`ben${count}`)
  ).graphql(
    'mutation ($id: ID!) { revokeChatDevice(input: { deviceId: $id }) { userErrors { code } } }',
    {
      id: ben.self.deviceId,
    },
  );
  await settle();
  await say('two').catch(() => undefined);
  expect(service.received).toEqual([]);
});

test('only the public internet is reached, and only with real keys', async () => {
  const who = await world.local(`ben${count}`);
  const { p256dh, auth } = client;
  const register = async (deviceId: string, changes: Record<string, string>) => {
    const webPush = { endpoint: 'https://fcm.push.example/send', p256dh, auth, ...changes };
    const answer = await who.graphql<{ registerChatPush: Answered<object> }>(
      'mutation ($input: RegisterChatPushInput!) { registerChatPush(input: $input) { userErrors { code path } } }',
      { input: { deviceId, webPush } },
    );
    return answer.data.registerChatPush.userErrors;
  };
  const own = ben.self.deviceId;
  for (const endpoint of [
    'http://fcm.push.example/send',
    'https://127.0.0.1/send',
    'https://[::1]/send',
    'https://169.254.169.254/latest/meta-data',
    `https://fcm.push.example/${'x'.repeat(2000)}`,
  ])
    expect(await register(own, { endpoint })).toEqual([
      { code: 'INVALID_INPUT', path: ['webPush', 'endpoint'] },
    ]);
  expect(await register(own, { auth: 'AAAA' })).toMatchObject([{ path: ['webPush', 'auth'] }]);
  const noPoint = Buffer.alloc(65).toString('base64url');
  expect(await register(own, { p256dh: noPoint })).toMatchObject([{ path: ['webPush', 'p256dh'] }]);
  expect(await register(ada.self.deviceId, {})).toEqual([
    { code: 'NOT_FOUND', path: ['deviceId'] },
  ]);
  expect(await register(own, {})).toEqual([]);
});

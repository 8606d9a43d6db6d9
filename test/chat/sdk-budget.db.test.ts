// A person whose points of the hour are used up: the client package waits for more, and loses nothing meanwhile.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { setTimeout as wait } from 'node:timers/promises';
import { ChatEvents } from '../../sdk/src/api/operations.js';
import { Chat } from '../../sdk/src/chat/chat.js';
import type { TriptychClient } from '../../sdk/src/client/client.js';
import { RateLimitedError } from '../../sdk/src/client/errors.js';
import { MemoryStorage } from '../../sdk/src/store/storage.js';
import { Store } from '../../sdk/src/store/store.js';
import { statement } from '../../src/platform/db/database.js';
import { startWorld, type World } from '../support/world.js';
import { deviceOf, signedIn, STORE_KEY, textsOf } from './sdk-people.js';

const HOUR = 3600;
const USE_UP = statement(
  'test.use_up_points',
  `update rate_limits set points = 1000000 where key like 'graphql-viewer%'`,
);
const GIVE_BACK = statement(
  'test.give_points_back',
  `delete from rate_limits where key like 'graphql-viewer%'`,
);

let world: World;
let client: TriptychClient;
let ada: Chat;
let ben: Chat;
let id: string;
const refused: Response[] = [];

beforeAll(async () => {
  world = await startWorld();
  const counting: typeof fetch = async (url, init) => {
    const response = await fetch(url, init);
    if (response.status === 429) refused.push(response);
    return response;
  };
  client = await signedIn(world, 'ada', { fetch: counting });
  const store = await Store.open(new MemoryStorage(), STORE_KEY);
  ada = await Chat.open(client, store, { name: 'Test', platform: 'Node' });
  ben = await deviceOf(world, 'ben');
  id = await ben.openDirect('ada');
  await ada.synchronise();
});
afterAll(async () => {
  await client.close();
  await world[Symbol.asyncDispose]();
});

/** What is counted is kept in the database, and by the server for an hour. */
async function change(points: typeof USE_UP): Promise<void> {
  await world.services.database.rows(points);
  world.clock.advance(HOUR + 1);
}

test('a device that stays up to date waits for points, and then takes what came', async () => {
  await ben.send(id, { kind: 'text', html: '<p>early</p>', inReplyTo: null, attachments: [] });
  await change(USE_UP);
  const limited = await ada
    .send(id, { kind: 'text', html: '<p>kept</p>', inReplyTo: null, attachments: [] })
    .catch((fault: unknown) => fault);
  expect(limited).toBeInstanceOf(RateLimitedError);
  expect((limited as RateLimitedError).retryAfterSeconds).toBeGreaterThan(0);
  expect(ada.isWaiting).toBe(true);
  const before = refused.length;
  const stop = new AbortController();
  const running = ada.run(stop.signal);
  while (refused.length < before + 2) await Promise.race([wait(10), running]);
  await change(GIVE_BACK);
  while (ada.isWaiting) await Promise.race([wait(10), running]);
  await ben.synchronise();
  expect(textsOf(ben, id).map((text) => text.replace(/^.*?: /, ''))).toEqual(['early', 'kept']);
  stop.abort();
  await running;
});

test('a subscription that is refused for want of points begins when there are some', async () => {
  await change(USE_UP);
  const stop = new AbortController();
  const variables = { deviceId: ada.self.deviceId, after: '0' };
  const told = client.transport.subscribe(ChatEvents, variables, () => null, stop.signal).next();
  await Promise.race([wait(1000), told]);
  await change(GIVE_BACK);
  await ben.send(id, { kind: 'text', html: '<p>late</p>', inReplyTo: null, attachments: [] });
  expect((await told).value?.chatEvents.message?.conversationId).toBe(id);
  stop.abort();
});

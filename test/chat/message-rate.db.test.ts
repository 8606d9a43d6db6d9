// T32: how fast somebody may write inside the encryption, and that the client package waits.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Answered } from '../support/posts.js';
import { equippedPeople, talk, type ChatDevice } from '../support/encrypted-chat.js';
import { startWorld, type World } from '../support/world.js';
import { deviceOf, textsOf } from './sdk-people.js';

let world: World;

beforeAll(async () => {
  world = await startWorld({ CHAT_MESSAGE_BURST: '2', CHAT_BYTES_PER_DAY: '300KiB' });
});

afterAll(() => world[Symbol.asyncDispose]());

interface Sent {
  readonly sendChatMessage: Answered<{ message: object | null }>;
}

const SEND = `mutation ($input: SendChatMessageInput!) { sendChatMessage(input: $input) {
  message { id } userErrors { code ... on RateLimitError { retryAfterSeconds constraint limit } } } }`;
const DECLARE = `mutation { createChatAttachment(input: { sizeBytes: "0" }) { userErrors { code } } }`;

test('E11 T32: beyond a burst there is a second for each message, and whoever is faster is told when to go on', async () => {
  const [ada, ben] = (await equippedPeople(world, 2)) as [ChatDevice, ChatDevice];
  const [seat] = await talk(ada, [ben]);
  const written: string[] = [];
  for (let index = 0; index < 40; index++) {
    const { data, next } = await seat.group.write(`No. ${index}`);
    seat.group = next;
    written.push(data.toString('base64'));
  }
  const answers = await Promise.all(
    written.map((data) =>
      ada.who.graphql<{ sendChatMessage: Answered<{ message: object | null }> }>(SEND, {
        input: {
          conversationId: seat.conversationId,
          clientMessageId: randomUUID(),
          content: { mls: { deviceId: ada.id, data } },
        },
      }),
    ),
  );
  const told = answers.map(({ data }) => data.sendChatMessage);
  const refused = told.flatMap(({ userErrors }) => userErrors);
  expect(refused.length).toBeGreaterThan(0);
  for (const error of refused)
    expect(error).toEqual({
      code: 'RATE_LIMITED',
      retryAfterSeconds: 1,
      constraint: null,
      limit: null,
    });
  expect(told.filter(({ message }) => message).length).toBeGreaterThanOrEqual(3);
});

test('T32: beyond so many bytes in a day nothing large is taken, and the refusal names the limit', async () => {
  const [ada, ben] = (await equippedPeople(world, 2)) as [ChatDevice, ChatDevice];
  const [seat] = await talk(ada, [ben]);
  const send = async (text: string): Promise<Answered<{ message: object | null }>> => {
    const { data, next } = await seat.group.write(text);
    seat.group = next;
    const content = { mls: { deviceId: ada.id, data: data.toString('base64') } };
    const input = { conversationId: seat.conversationId, clientMessageId: randomUUID(), content };
    return (await ada.who.graphql<Sent>(SEND, { input })).data.sendChatMessage;
  };
  expect((await send('x'.repeat(200 * 1024))).userErrors).toEqual([]);
  expect((await send('x'.repeat(200 * 1024))).userErrors).toEqual([
    {
      code: 'RATE_LIMITED',
      retryAfterSeconds: expect.any(Number),
      constraint: 'BYTES_PER_DAY',
      limit: String(300 * 1024),
    },
  ]);
});

test('T32: of files 50 are declared at once, and from then on one in 1.2 seconds', async () => {
  const eve = await world.local('eve');
  const answers = await Promise.all(
    Array.from({ length: 100 }, () =>
      eve.graphql<{ createChatAttachment: Answered<object> }>(DECLARE),
    ),
  );
  const codes = answers.map(({ data }) => data.createChatAttachment.userErrors[0]!.code);
  const taken = codes.filter((code) => code === 'INVALID_INPUT').length;
  expect([taken >= 50, taken < 100]).toEqual([true, true]);
  expect(new Set(codes)).toEqual(new Set(['INVALID_INPUT', 'RATE_LIMITED']));
});

test('T32: the client package waits, and all arrives in its order', async () => {
  const [cat, dan] = [await deviceOf(world, 'cat'), await deviceOf(world, 'dan')];
  const id = await cat.openDirect('dan');
  await dan.synchronise();
  await dan.sendText(id, 'Hello');
  for (let index = 0; index < 6; index++) await cat.sendText(id, `No. ${index}`);
  await dan.synchronise();
  expect(textsOf(dan, id)).toEqual([
    'dan: Hello',
    ...Array.from({ length: 6 }, (_, index) => `cat: No. ${index}`),
  ]);
});

// Receipts inside the encryption: by choice, never from a request, and like everything else of a few lengths.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { NewPayload } from '../../sdk/src/chat/payload.js';
import { statement } from '../../src/platform/db/database.js';
import { parseGlobalId } from '../../src/platform/ids.js';
import { startWorld, type World } from '../support/world.js';
import { deviceOf } from './sdk-people.js';

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

afterAll(() => world[Symbol.asyncDispose]());

const SIZES = statement(
  '',
  `select sequence, octet_length(ciphertext) as size from chat_messages
   where conversation_id = $1 and kind = 'APPLICATION' order by sequence`,
);

/** Bytes of all that was sent for reading, in its order. */
async function sizesOf(conversationId: string): Promise<number[]> {
  const { id } = parseGlobalId(conversationId)!;
  const rows = await world.services.database.rows<{ size: number }>(SIZES, [id]);
  return rows.map(({ size }) => size);
}

test('what came and what was read is told once, where people want it', async () => {
  const [ada, ben] = [await deviceOf(world, 'ada'), await deviceOf(world, 'ben')];
  const id = await ada.openDirect('ben');
  const ids: string[] = [];
  for (let index = 0; index < 4; index++) ids.push(await ada.sendText(id, `No. ${index}`));
  await ben.synchronise();
  // A stranger learns nothing before the person has answered.
  expect(await ben.tell(id, 'delivered')).toBe(0);
  expect(await sizesOf(id)).toHaveLength(4);
  await ben.sendText(id, 'Hello');
  expect(await ben.tell(id, 'delivered')).toBe(4);
  expect(await ben.tell(id, 'delivered')).toBe(0);
  await ada.synchronise();
  const benUri = ben.self.actorUri;
  const told = () =>
    ada
      .messages(id)
      .filter(({ sender }) => sender === ada.self.actorUri)
      .map(({ deliveredTo, readBy }) => [deliveredTo.includes(benUri), readBy.includes(benUri)]);
  expect(told()).toEqual(Array.from({ length: 4 }, () => [true, false]));
  expect(await ben.tell(id, 'read')).toBe(4);
  await ada.synchronise();
  expect(told()).toEqual(Array.from({ length: 4 }, () => [true, true]));
  await ben.chooseReceipts(id, false);
  expect(ben.sendsReceipts(id)).toBe(false);
  await ada.sendText(id, 'And now?');
  await ben.synchronise();
  expect(await ben.tell(id, 'read')).toBe(0);
  await ben.chooseReceipts(id, true);
  expect(await ben.tell(id, 'read')).toBe(1);
});

test('T34: texts, receipts, reactions and all else that is short have one length', async () => {
  const [cat, dan] = [await deviceOf(world, 'cat'), await deviceOf(world, 'dan')];
  const id = await cat.openDirect('dan');
  const ids: string[] = [];
  await cat.sendText(id, 'a');
  await dan.synchronise();
  await dan.sendText(id, 'Hello');
  for (let index = 0; index < 9; index++) ids.push(await cat.sendText(id, 'x'.repeat(index * 20)));
  const target = ids[0]!;
  const short: NewPayload[] = [
    { kind: 'reaction', target, emoji: '🪁' },
    { kind: 'reaction', target, emoji: '❤' },
    { kind: 'edit', target, html: 'y' },
    { kind: 'delete', target },
    { kind: 'undo', target },
    { kind: 'title', title: 'Kites' },
    { kind: 'timer', seconds: null },
    { kind: 'location', latitude: 1, longitude: 2, name: null },
  ];
  for (const payload of short) await cat.send(id, payload);
  await dan.synchronise();
  await dan.tell(id, 'delivered');
  await dan.tell(id, 'read');
  const sizes = await sizesOf(id);
  expect(sizes.length).toBeGreaterThan(20);
  expect(new Set(sizes).size).toBe(1);
  await cat.sendText(id, 'z'.repeat(5000));
  // The length in front of the ciphertext has two bytes more.
  expect((await sizesOf(id)).at(-1)! - sizes[0]!).toBe(16_384 - 1024 + 2);
});

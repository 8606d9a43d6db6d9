// Devices that people take into use while they chat, as people of another server see them.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Chat } from '../../sdk/src/chat/chat.js';
import { MemoryStorage } from '../../sdk/src/store/storage.js';
import { openNetwork, type FederatedNetwork } from '../support/federation.js';
import { settlePauses } from '../support/notifications.js';
import type { World } from '../support/world.js';
import { deviceOf, textsOf } from './sdk-people.js';

let network: FederatedNetwork;
let [a, b]: World[] = [];
beforeAll(async () => {
  network = openNetwork();
  a = await network.join('a.example');
  b = await network.join('b.example');
});
afterAll(async () => {
  await network[Symbol.asyncDispose]();
});

async function exchange(...chats: readonly Chat[]): Promise<void> {
  await network.settle();
  for (const chat of chats) await chat.synchronise();
}

/** Somebody here and somebody of the other server, who talk. */
async function pair(one: string, other: string): Promise<{ here: Chat; there: Chat; id: string }> {
  const [here, there] = [await deviceOf(a!, one), await deviceOf(b!, other)];
  await network.settle();
  const id = await here.openDirect(`${other}@b.example`);
  await here.sendText(id, 'Hello');
  await exchange(here, there);
  await there.sendText(there.conversations()[0]!.id, 'Hello');
  await exchange(here, there);
  return { here, there, id };
}

/** One more device of somebody of the other server, which their first one lets in. */
async function another(name: string, { identitySeed }: Chat): Promise<Chat> {
  return deviceOf(b!, name, new MemoryStorage(), { identitySeed });
}

const doubtsOf = (chat: Chat): readonly unknown[] => chat.conversations()[0]!.doubts;

test('one device after the other, within a minute, makes nobody doubtful', async () => {
  const { here, there } = await pair('ada', 'ben');
  for (let count = 0; count < 2; count += 1) {
    await another('ben', there);
    await there.maintain();
    await exchange(here, there);
    expect(doubtsOf(here)).toEqual([]);
  }
  await here.sendText(here.conversations()[0]!.id, 'to all of you');
});

test('a device whose server was out of reach is doubtful until that shows it, and then by itself no more', async () => {
  const { here, there, id } = await pair('cyd', 'dan');
  await another('dan', there);
  const { port } = new URL(b!.origin);
  network.cut('b.example');
  await there.maintain();
  await here.synchronise();
  expect(doubtsOf(here)).toMatchObject([{ identity: there.self.actorUri, reason: 'unknown' }]);
  await expect(here.sendText(id, 'not yet')).rejects.toThrow('Not trusted');
  network.name('b.example', Number(port));
  a!.clock.advance(600);
  await settlePauses(a!);
  await here.sendText(id, 'here it is');
  expect(doubtsOf(here)).toEqual([]);
  await exchange(here, there);
  expect(textsOf(there, there.conversations()[0]!.id).at(-1)).toBe('cyd: here it is');
});

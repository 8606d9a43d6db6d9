import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Chat } from '../../sdk/src/chat/chat.js';
import { NetworkError } from '../../sdk/src/client/errors.js';
import { MemoryStorage } from '../../sdk/src/store/storage.js';
import { startWorld, type World } from '../support/world.js';
import { between, deviceOf, noticedIn, textsOf } from './sdk-people.js';

const PEOPLE = ['ada', 'ben', 'cyd', 'dan', 'eve', 'fay', 'gil', 'hal'];

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

it('T22: eight devices that commit at once, with one answer in ten lost, end in one state, and all get their turn', async () => {
  let seed = 7;
  let lost = 0;
  let isLossy = false;
  const losing = between((_name, answer) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    if (!isLossy || seed % 10 !== 0) return answer;
    lost += 1;
    throw new TypeError('the connection was lost');
  });
  const chats: Chat[] = [];
  for (const name of PEOPLE)
    chats.push(await deviceOf(world, name, new MemoryStorage(), {}, { fetch: losing }));
  const [ada] = chats;
  const id = await ada!.createGroup(PEOPLE.slice(1));
  for (const chat of chats) await chat.synchronise();
  isLossy = true;
  await Promise.all(
    chats.map(async (chat, index) => {
      await insist(() => chat.renewKeys(id));
      await insist(() => chat.sendText(id, `from ${PEOPLE[index]}`));
    }),
  );
  isLossy = false;
  for (const chat of chats) await chat.synchronise();
  for (const chat of chats) await chat.synchronise();
  expect(lost).toBeGreaterThan(5);
  expect(new Set(chats.map((chat) => chat.groupCode(id))).size).toBe(1);
  const [texts, ...others] = chats.map((chat) => textsOf(chat, id));
  for (const other of others) expect(other).toEqual(texts);
  // Whose answer was lost may have been told twice to say it.
  const said = PEOPLE.map((name) => `${name}: from ${name}`);
  expect(new Set(texts)).toEqual(new Set(said));
  for (const chat of chats) {
    expect(noticedIn(chat, id)).toEqual([]);
    expect(chat.conversations()[0]).toMatchObject({ isBroken: false, doubts: [] });
  }
});

/** Does it again while answers are lost. */
async function insist(work: () => Promise<unknown>): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    try {
      await work();
      return;
    } catch (fault) {
      if (!(fault instanceof NetworkError)) throw fault;
    }
  }
  throw new Error('never got through');
}

// Whoever is written to by a stranger sees it apart, accepts it, or blocks them.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startWorld, type World } from '../support/world.js';
import { deviceOf, textsOf } from './sdk-people.js';

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

afterAll(() => world[Symbol.asyncDispose]());

test('a request is listed until it is accepted, and only then tells that it was read', async () => {
  const [ada, ben] = [await deviceOf(world, 'ada'), await deviceOf(world, 'ben')];
  const id = await ada.openDirect('ben');
  await ada.sendText(id, 'Hello');
  await ben.synchronise();
  expect(textsOf(ben, id)).toEqual(['ada: Hello']);
  expect(await ben.requests.list()).toEqual([id]);
  expect(await ada.requests.list()).toEqual([]);
  expect(await ben.tell(id, 'read')).toBe(0);
  await ben.requests.accept(id);
  expect(await ben.requests.list()).toEqual([]);
  expect(await ben.tell(id, 'read')).toBe(1);
  await expect(ben.requests.accept('conversation_01m8kg5szzf069tnvcpsxemep0')).rejects.toThrow(
    /NOT_FOUND/,
  );
});

test('a stranger who is blocked writes no more, until the block is lifted', async () => {
  const [eve, fay] = [await deviceOf(world, 'eve'), await deviceOf(world, 'fay')];
  const id = await eve.openDirect('fay');
  await eve.sendText(id, 'Buy this');
  await fay.synchronise();
  const { sender } = fay.messages(id)[0]!;
  await fay.people.block(sender);
  await expect(eve.sendText(id, 'and that')).rejects.toThrow(/NOT_FOUND|BLOCKED|FORBIDDEN/);
  await fay.synchronise();
  expect(textsOf(fay, id)).toEqual(['eve: Buy this']);
  await fay.people.block(sender, false);
  await eve.sendText(id, 'Sorry');
  await fay.synchronise();
  expect(textsOf(fay, id)).toEqual(['eve: Buy this', 'eve: Sorry']);
  await expect(fay.people.block('https://nowhere.example/eve')).rejects.toThrow(RangeError);
});

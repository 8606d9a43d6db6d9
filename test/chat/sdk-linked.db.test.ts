// A device that is linked while somebody begins a conversation and does not know it yet is let in by the one that they know.
import { afterAll, beforeAll, expect, it, test } from '@jest/globals';
import type { Chat } from '../../sdk/src/chat/chat.js';
import { MemoryStorage } from '../../sdk/src/store/storage.js';
import { follow } from '../support/posts.js';
import { until } from '../support/until.js';
import { startWorld, type World } from '../support/world.js';
import { deviceOf, textsOf } from './sdk-people.js';

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

afterAll(() => world[Symbol.asyncDispose]());

/** Somebody who begins a conversation: between asking for key packages and using them something else happens. */
function slowly(username: string, meanwhile: () => Promise<void>): Promise<Chat> {
  let isDone = false;
  const slow: typeof fetch = async (url, init) => {
    const answer = await fetch(url, init);
    const isClaim = typeof init?.body === 'string' && init.body.includes('ClaimKeyPackages');
    if (!isClaim || isDone) return answer;
    isDone = true;
    await meanwhile();
    return answer;
  };
  return deviceOf(world, username, new MemoryStorage(), {}, { fetch: slow });
}

/** Another device of the person, which the first one lets into what it has. */
async function link(username: string, first: Chat): Promise<Chat> {
  const { identitySeed } = first;
  const second = await deviceOf(world, username, new MemoryStorage(), { identitySeed });
  await first.maintain();
  return second;
}

/** Has a device look until something holds of it. */
const lookUntil = (chat: Chat, holds: () => boolean): Promise<boolean> =>
  until(async () => {
    await chat.synchronise();
    return holds();
  });

it.each([
  ['looks', 'ada', 'ben'],
  ['listens', 'cyd', 'dan'],
])('while the first device %s', async (how, own, other) => {
  await follow(world, await world.local(own), await world.local(other));
  const first = await deviceOf(world, own);
  const stop = new AbortController();
  const running = how === 'listens' ? first.run(stop.signal) : null;
  let second: Chat | undefined;
  const writer = await slowly(other, async () => {
    second = await link(own, first);
  });
  const id = await writer.createGroup([own], 'Lake');
  const begun = writer.groupCode(id);
  if (!running) await first.synchronise();
  await lookUntil(writer, () => writer.groupCode(id) !== begun);
  await writer.sendText(id, 'for both');
  await lookUntil(second!, () => second!.conversations()[0]?.title === 'Lake');
  expect(second!.conversations()).toMatchObject([{ id, isMember: true, title: 'Lake' }]);
  expect(textsOf(second!, id)).toEqual([`${other}: for both`]);
  stop.abort();
  await running;
});

test('into a request of a stranger nobody is let in, as its beginner would learn of it', async () => {
  const first = await deviceOf(world, 'eve');
  let second: Chat | undefined;
  const stranger = await slowly('flo', async () => {
    second = await link('eve', first);
  });
  const id = await stranger.createGroup(['eve'], 'Lake');
  const begun = stranger.groupCode(id);
  await first.synchronise();
  await first.maintain();
  expect(await first.requests.list()).toEqual([id]);
  await stranger.synchronise();
  expect(stranger.groupCode(id)).toBe(begun);
  await first.requests.accept(id);
  await first.maintain();
  await second!.synchronise();
  expect(second!.conversations()).toMatchObject([{ id, isMember: true, title: 'Lake' }]);
});

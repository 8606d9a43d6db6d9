// T38: how long messages last, agreed inside the encryption and told to the servers, by the client package.
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { newRecoveryKey } from '../../sdk/src/chat/backup.js';
import { Chat } from '../../sdk/src/chat/chat.js';
import { NetworkError } from '../../sdk/src/client/errors.js';
import type { ChatNews } from '../../sdk/src/chat/records.js';
import { MemoryStorage } from '../../sdk/src/store/storage.js';
import { Store } from '../../sdk/src/store/store.js';
import { statement } from '../../src/platform/db/database.js';
import { openNetwork } from '../support/federation.js';
import { everythingAt, placesOf } from '../support/kept-rows.js';
import { runScheduled } from '../support/scheduled.js';
import { startWorld, type World } from '../support/world.js';
import { openedText } from './device-inside.js';
import { deviceOf, noticedIn, signedIn, STORE_KEY, textsOf } from './sdk-people.js';

const TERMS = statement(
  'test.terms',
  'select disappearing_seconds as seconds from conversations order by id desc limit 1',
);
const KEPT = statement(
  'test.kept_messages',
  `select count(*)::int as count from chat_messages where kind = 'APPLICATION'`,
);

const DISAPPEARING = statement(
  'test.disappearing',
  `select ciphertext from chat_messages where kind = 'APPLICATION' and expires_at is not null`,
);
const ALL_BUT_THE_DATE = [
  'hrtime',
  'nextTick',
  'performance',
  'queueMicrotask',
  'setImmediate',
  'clearImmediate',
  'setInterval',
  'clearInterval',
  'setTimeout',
  'clearTimeout',
] as const;

/** What is encrypted at the server and has a term. */
async function disappearingAt({ services }: World): Promise<Buffer[]> {
  const rows = await services.database.rows<{ ciphertext: Buffer }>(DISAPPEARING, []);
  return rows.map(({ ciphertext }) => ciphertext);
}

/** Those that stand in a text. */
const wordsIn = (words: readonly string[], text: string): string[] =>
  words.filter((word) => text.includes(word));

/** What the server knows of the conversation that began last. */
const termAt = async ({ services }: World): Promise<number | null> =>
  (await services.database.rows<{ seconds: number | null }>(TERMS, []))[0]!.seconds;

const keptAt = async ({ services }: World): Promise<number> =>
  (await services.database.rows<{ count: number }>(KEPT, []))[0]!.count;

afterEach(() => void jest.useRealTimers());

describe('people whose messages disappear', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world[Symbol.asyncDispose]());

  it('T38: let them go on all devices and on the server when their time is over', async () => {
    const [here, there] = [new MemoryStorage(), new MemoryStorage()];
    const [ada, ben] = [await deviceOf(world, 'ada', here), await deviceOf(world, 'ben', there)];
    const id = await ada.openDirect('ben');
    await ada.sendText(id, 'this one stays');
    await ada.setTimer(id, 60);
    expect(await termAt(world)).toBe(60);
    const first = await ada.sendText(id, 'for a minute');
    const ciphertexts = await disappearingAt(world);
    await ben.synchronise();
    const answer = await ben.sendText(id, 'and back', first);
    await ben.send(id, { kind: 'edit', target: answer, html: 'and forth' });
    ciphertexts.push(...(await disappearingAt(world)));
    await ada.synchronise();
    await ada.send(id, { kind: 'reaction', target: answer, emoji: '🪁' });
    ciphertexts.push(...(await disappearingAt(world)));
    const said = ['for a minute', 'and back', 'and forth', '🪁'];
    expect(ciphertexts.length).toBeGreaterThanOrEqual(said.length);
    expect(placesOf(ciphertexts, await everythingAt(world))).toContain('chat_messages');
    await ben.synchronise();
    // An own text is kept as it is now, one of others with what it was, which can be reported.
    expect(wordsIn(said, await openedText(here))).toEqual(said);
    expect(wordsIn(said, await openedText(there))).toEqual(['for a minute', 'and forth', '🪁']);
    for (const chat of [ada, ben]) {
      expect(noticedIn(chat, id)).toContainEqual({
        kind: 'timer',
        by: ada.self.actorUri,
        seconds: 60,
      });
      const gone: ChatNews[] = [];
      chat.onNews((news) => void (news.kind === 'gone' && gone.push(news)));
      const over = chat.messages(id).slice(1);
      await chat.forgetExpired(new Date(Date.parse(over[0]!.expiresAt!) - 1));
      expect(chat.messages(id)).toHaveLength(3);
      await chat.forgetExpired(new Date(Date.parse(over[1]!.expiresAt!)));
      expect(textsOf(chat, id)).toEqual(['ada: this one stays']);
      expect(gone).toEqual(over.map((it) => ({ kind: 'gone', conversationId: id, id: it.id })));
    }
    // Nothing is left in what the devices keep, nor in any table of the server.
    for (const storage of [here, there]) {
      const kept = await openedText(storage);
      expect(wordsIn(['this one stays', ...said], kept)).toEqual(['this one stays']);
    }
    world.clock.advance(61);
    await runScheduled(world, 'removeOldEnvelopes');
    expect(placesOf(ciphertexts, await everythingAt(world))).toEqual([]);
    await ada.setTimer(id, null);
    expect(await termAt(world)).toBeNull();
  });

  it('T38: do not come back with a backup that was made before', async () => {
    const ivy = await deviceOf(world, 'ivy');
    await deviceOf(world, 'kai');
    const id = await ivy.openDirect('kai');
    await ivy.sendText(id, 'this one stays');
    await ivy.setTimer(id, 10);
    await ivy.sendText(id, 'not for long');
    const key = await newRecoveryKey();
    await ivy.saveBackup(key);
    const [, short] = ivy.messages(id);
    const late = Date.parse(short!.expiresAt!);
    const restore = async (): Promise<string[]> => {
      const store = await Store.open(new MemoryStorage(), STORE_KEY);
      const about = { name: 'New', platform: 'Node' };
      const back = await Chat.restore(await signedIn(world, 'ivy'), store, about, key);
      return textsOf(back, id);
    };
    expect(await restore()).toEqual(['ivy: this one stays', 'ivy: not for long']);
    jest.useFakeTimers({ now: late, doNotFake: [...ALL_BUT_THE_DATE] });
    expect(await restore()).toEqual(['ivy: this one stays']);
  });

  it('hear of a shorter time, and of what goes after it, though they look seldom', async () => {
    const away = new MemoryStorage();
    const [cyd, dan] = [await deviceOf(world, 'cyd'), await deviceOf(world, 'dan', away)];
    const id = await cyd.openDirect('dan');
    await dan.synchronise();
    await cyd.setTimer(id, 10);
    await cyd.sendText(id, 'over before it is seen');
    world.clock.advance(11);
    await runScheduled(world, 'removeOldEnvelopes');
    await cyd.sendText(id, 'in time');
    await dan.synchronise();
    expect(textsOf(dan, id)).toEqual(['cyd: in time']);
    expect(dan.conversations()[0]).toMatchObject({ timerSeconds: 10 });
    expect(noticedIn(dan, id)).toContainEqual(
      expect.objectContaining({ kind: 'missing', isExpected: true }),
    );
  });

  it('agree on the shorter time when they choose at once', async () => {
    const [eve, fay] = [await deviceOf(world, 'eve'), await deviceOf(world, 'fay')];
    const id = await eve.openDirect('fay');
    await fay.synchronise();
    await eve.setTimer(id, 300);
    await fay.setTimer(id, 60);
    for (const chat of [eve, fay]) {
      await chat.synchronise();
      expect(chat.conversations()[0]).toMatchObject({ timerSeconds: 60, timerVersion: 1 });
    }
    expect(await termAt(world)).toBe(60);
  });

  it('say nothing where the server takes it of admins alone, or the time is none', async () => {
    const [gil, hal] = [await deviceOf(world, 'gil'), await deviceOf(world, 'hal')];
    const id = await gil.createGroup(['hal']);
    await hal.synchronise();
    await expect(hal.setTimer(id, 60)).rejects.toMatchObject({
      refusals: [{ code: 'FORBIDDEN' }],
    });
    await expect(gil.setTimer(id, 5)).rejects.toBeInstanceOf(RangeError);
    for (const chat of [gil, hal]) {
      await chat.synchronise();
      expect(chat.conversations()[0]).toMatchObject({ timerSeconds: null });
    }
    expect(await termAt(world)).toBeNull();
  });

  it('tell the server later where it was cut off meanwhile, and keep what was not sent', async () => {
    let isUp = true;
    const cutOff: typeof fetch = async (url, init) => {
      const isMessage = typeof init?.body === 'string' && init.body.includes('sendChatMessage');
      if (isUp || !isMessage) return fetch(url, init);
      throw new TypeError('cut off');
    };
    const [ida, jim] = [
      await deviceOf(world, 'ida', new MemoryStorage(), {}, { fetch: cutOff }),
      await deviceOf(world, 'jim'),
    ];
    const id = await ida.openDirect('jim');
    isUp = false;
    await expect(ida.setTimer(id, 60)).rejects.toBeInstanceOf(NetworkError);
    await expect(ida.sendText(id, 'waits')).rejects.toBeInstanceOf(NetworkError);
    await ida.forgetExpired(new Date(Date.now() + 3_600_000));
    expect(textsOf(ida, id)).toEqual(['ida: waits']);
    expect(await termAt(world)).toBeNull();
    isUp = true;
    await ida.synchronise();
    expect(await termAt(world)).toBe(60);
    await jim.synchronise();
    expect(textsOf(jim, id)).toEqual(['ida: waits']);
    for (const chat of [ida, jim]) expect(chat.messages(id)[0]!.expiresAt).not.toBeNull();
  });
});

it('T38: people of two servers agree on a time, whoever of them says so, and both servers let go', async () => {
  await using network = openNetwork();
  const [a, b] = [await network.join('a.example'), await network.join('b.example')];
  const [ada, ben] = [await deviceOf(a, 'ada'), await deviceOf(b, 'ben')];
  const only = (chat: Chat): string => chat.conversations()[0]!.id;
  const exchange = async (): Promise<void> => {
    await network.settle();
    for (const chat of [ada, ben]) await chat.synchronise();
  };
  await network.settle();
  await ada.openDirect('ben@b.example');
  await exchange();
  await ben.setTimer(only(ben), 60);
  await exchange();
  expect([await termAt(a), await termAt(b)]).toEqual([60, 60]);
  await ada.sendText(only(ada), 'for a minute');
  await exchange();
  await ben.sendText(only(ben), 'and back');
  await exchange();
  for (const chat of [ada, ben]) {
    expect(textsOf(chat, only(chat))).toEqual(['ada: for a minute', 'ben: and back']);
    const [end] = chat
      .messages(only(chat))
      .map(({ expiresAt }) => expiresAt!)
      .slice(-1);
    await chat.forgetExpired(new Date(Date.parse(end!)));
    expect(chat.messages(only(chat))).toEqual([]);
  }
  const ciphertexts = await disappearingAt(a);
  expect(ciphertexts.length).toBeGreaterThanOrEqual(2);
  for (const world of [a, b]) {
    world.clock.advance(61);
    for (const job of ['removeOldEnvelopes', 'pruneFederation']) await runScheduled(world, job);
  }
  for (const world of [a, b]) expect(placesOf(ciphertexts, await everythingAt(world))).toEqual([]);
  // What is left is the word of the shorter time, which lies as long as before; on the other server everybody has it.
  expect(await keptAt(a)).toBeLessThanOrEqual(1);
  expect(await keptAt(b)).toBeLessThanOrEqual(1);
  await ada.setTimer(only(ada), null);
  await exchange();
  expect([await termAt(a), await termAt(b)]).toEqual([null, null]);
  expect(ben.conversations()[0]).toMatchObject({ timerSeconds: null });
});

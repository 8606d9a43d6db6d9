// Messages, and that they were read, go over the socket that a device holds open, and over HTTP where there is none.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { SendChatSignal } from '../../sdk/src/api/operations.js';
import { Chat } from '../../sdk/src/chat/chat.js';
import type { TriptychClient } from '../../sdk/src/client/client.js';
import { MemoryStorage } from '../../sdk/src/store/storage.js';
import { Store } from '../../sdk/src/store/store.js';
import { statement } from '../../src/platform/db/database.js';
import { openLine, type Line } from '../support/line.js';
import { until } from '../support/until.js';
import { startWorld, WORLD_PASSWORD, type World } from '../support/world.js';
import { deviceOf, signedIn, STORE_KEY, textsOf } from './sdk-people.js';

const STORED = statement(
  'test.sdk_live_sending.stored',
  `select count(*)::int as stored from chat_messages where kind = 'APPLICATION'`,
);

const ACKNOWLEDGED = statement(
  'test.acknowledged',
  `select cursor.position = box.head as done from mailbox_cursors cursor join mailboxes box on box.actor_id = cursor.actor_id
   where box.actor_id = (select id from actors where uri = $1)`,
);

describe('a device that holds a socket open', () => {
  let world: World;
  let line: Line;
  let client: TriptychClient;
  let ada: Chat;
  let ben: Chat;
  let id: string;
  let byHttp: string[];
  let stop: AbortController;
  let running: Promise<void>;
  let round = 0;

  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world[Symbol.asyncDispose]());

  beforeEach(async () => {
    line = await openLine(world.origin);
    byHttp = [];
    const noting: typeof fetch = (url, init) => {
      const body = typeof init?.body === 'string' ? init.body : '';
      byHttp.push(/(?:query|mutation) (\w+)/.exec(body)?.[1] ?? '');
      return fetch(url, init);
    };
    const names = [`ada${(round += 1)}`, `ben${round}`] as const;
    client = await signedIn(world, names[0], { origin: line.origin, fetch: noting });
    ada = await open(client);
    ben = await deviceOf(world, names[1]);
    id = await ada.openDirect(names[1]);
    await ben.synchronise();
    stop = new AbortController();
    running = ada.run(stop.signal);
    await until(() => client.transport.isLive);
    byHttp.length = 0;
  });
  afterEach(async () => {
    stop.abort();
    line.release();
    await running.catch(() => undefined);
    await client.close();
    await line[Symbol.asyncDispose]();
  });

  const heard = (): string[] => textsOf(ben, id).map((text) => text.replace(/^.*?: /, ''));
  const stored = async (): Promise<number> =>
    (await world.services.database.row<{ stored: number }>(STORED))!.stored;

  const acknowledged = async (): Promise<boolean> => {
    const row = { done: false };
    const found = await world.services.database.row<typeof row>(ACKNOWLEDGED, [ada.self.actorUri]);
    return found!.done;
  };

  it('sends over it, says over it what it has, and over HTTP once it is closed', async () => {
    await ada.sendText(id, 'live');
    await ada.signal(id, 'typing');
    await ben.synchronise();
    await ben.sendText(id, 'I hear you');
    await until(() => textsOf(ada, id).length === 2);
    await until(acknowledged);
    expect(byHttp).toEqual([]);
    stop.abort();
    await running;
    await until(() => !client.transport.isLive);
    await ada.sendText(id, 'by HTTP');
    expect(byHttp).toContain('SendChatMessage');
    await ben.synchronise();
    expect(heard()).toEqual(['live', 'I hear you', 'by HTTP']);
  });

  it('sends again what had no answer when it was cut off, and it is there once', async () => {
    const before = await stored();
    line.hold();
    const sending = ada.sendText(id, 'one');
    const next = ada.sendText(id, 'two');
    await until(async () => (await stored()) === before + 1);
    line.cut();
    line.release();
    await Promise.all([sending, next]);
    expect(byHttp.filter((name) => name === 'SendChatMessage').length).toBeGreaterThan(0);
    await ben.synchronise();
    expect(heard()).toEqual(['one', 'two']);
    await until(() => client.transport.isLive);
    byHttp.length = 0;
    await ada.sendText(id, 'three');
    expect(byHttp).toEqual([]);
  });

  it('T20: loses nothing, and gets nothing twice, of what comes while its socket breaks again and again', async () => {
    await ada.sendText(id, 'hello');
    await ben.synchronise();
    const told: string[] = [];
    const shown: string[] = [];
    ada.onNews((news) => {
      if (news.kind === 'message') shown.push(news.message.id);
    });
    for (let time = 0; time < 3; time += 1) {
      // The socket is told one that never arrives, and the next is written while there is none.
      line.hold();
      told.push(await ben.sendText(id, `held ${time}`));
      line.cut();
      line.release();
      told.push(await ben.sendText(id, `cut ${time}`));
      await until(() => client.transport.isLive && ada.messages(id).length === told.length + 1);
    }
    expect(shown).toEqual(told);
    expect(
      ada
        .messages(id)
        .slice(1)
        .map((message) => message.id),
    ).toEqual(told);
  });

  it('waits for a slow server, asks nothing twice, and keeps the order', async () => {
    const before = await stored();
    line.hold();
    let isDone = false;
    const sending = Promise.all(['one', 'two', 'three'].map((text) => ada.sendText(id, text)));
    void sending.then(() => (isDone = true));
    await until(async () => (await stored()) === before + 1);
    expect(isDone).toBe(false);
    line.release();
    await sending;
    expect(byHttp).toEqual([]);
    await ben.synchronise();
    expect(heard()).toEqual(['one', 'two', 'three']);
  });

  it('sends nothing in the name of whoever has signed out, or is another one by now', async () => {
    const input = { deviceId: ada.self.deviceId, conversationId: id, payload: 'AAAA' };
    const signal = () => client.requestLive(SendChatSignal, { input });
    expect((await signal()).sendChatSignal.userErrors).toEqual([]);
    expect(byHttp).toEqual([]);
    await world.local('eve');
    const other = await signedIn(world, 'eve');
    client.transport.token = other.token;
    expect(client.transport.isLive).toBe(false);
    expect((await signal()).sendChatSignal.userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
    expect(byHttp).toEqual(['SendChatSignal']);
    await client.signIn(`ada${round}`, WORLD_PASSWORD);
    await client.signOut();
    await expect(signal()).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('tells whoever signs in next what is theirs, over a socket of their own', async () => {
    client.transport.token = (await signedIn(world, 'fay')).token;
    const fay = await open(client);
    const ofFay = fay.run(stop.signal);
    await Promise.race([ofFay, until(() => client.transport.isLive)]);
    const told = await ben.openDirect('fay');
    await ben.sendText(told, 'for Fay');
    await Promise.race([ofFay, until(() => fay.messages(told).length === 1)]);
    expect(textsOf(fay, told)).toEqual([expect.stringContaining('for Fay')]);
    expect(ada.conversations().map((one) => one.id)).not.toContain(told);
    stop.abort();
    await ofFay;
  });

  it('does not get a message out of whoever signs out before there is an answer', async () => {
    line.hold();
    const sending = ada.sendText(id, 'farewell');
    sending.catch(() => undefined);
    const before = await stored();
    await until(async () => (await stored()) >= before);
    await client.signOut();
    line.release();
    // It was taken before the session ended, or not at all; as nobody it is not sent again.
    await sending.catch((fault: unknown) => {
      expect(fault).toMatchObject({ code: 'UNAUTHENTICATED' });
    });
    await ben.synchronise();
    expect(heard().length).toBeLessThanOrEqual(1);
  });
});

async function open(client: TriptychClient): Promise<Chat> {
  const store = await Store.open(new MemoryStorage(), STORE_KEY);
  return Chat.open(client, store, { name: 'Test', platform: 'Node' });
}

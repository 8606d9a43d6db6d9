import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { setTimeout as wait } from 'node:timers/promises';
import { AttachmentError } from '../../sdk/src/chat/attachments.js';
import { Chat } from '../../sdk/src/chat/chat.js';
import { Files } from '../../sdk/src/chat/files.js';
import { openLink, requestLink } from '../../sdk/src/chat/linking.js';
import { NoDeviceError } from '../../sdk/src/chat/membership.js';
import { UntrustedDeviceError } from '../../sdk/src/chat/people.js';
import { TriptychClient } from '../../sdk/src/client/client.js';
import { NetworkError } from '../../sdk/src/client/errors.js';
import { TABLES, type ChatNews } from '../../sdk/src/chat/records.js';
import { obey } from '../../sdk/src/cli/terminal-commands.js';
import { Shown } from '../../sdk/src/cli/terminal-shown.js';
import { MemoryStorage } from '../../sdk/src/store/storage.js';
import { Store } from '../../sdk/src/store/store.js';
import { statement } from '../../src/platform/db/database.js';
import { parseGlobalId } from '../../src/platform/ids.js';
import { openLine } from '../support/line.js';
import { until } from '../support/until.js';
import { startWorld, type World } from '../support/world.js';
import { deviceOf, failingAfter, noticedIn, signedIn, STORE_KEY, textsOf } from './sdk-people.js';

const FORGE_DEVICE = statement(
  'test.forge_device',
  'update chat_devices set attestation = (select attestation from chat_devices where id = $2) where id = $1',
);

describe('people who chat encrypted by the client package', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world[Symbol.asyncDispose]());

  it('talk to each other, in one order', async () => {
    const [ada, ben] = [await deviceOf(world, 'ada'), await deviceOf(world, 'ben')];
    const id = await ada.openDirect('ben');
    const hello = await ada.sendText(id, 'Hello Ben');
    await ben.synchronise();
    expect(textsOf(ben, id)).toEqual(['ada: Hello Ben']);
    await ben.sendText(id, 'Hello Ada', hello);
    await ben.send(id, { kind: 'reaction', target: hello, emoji: '🪁' });
    await ada.synchronise();
    expect(textsOf(ada, id)).toEqual(['ada: Hello Ben', 'ben: Hello Ada']);
    expect(ada.messages(id)[0]!.reactions).toMatchObject([{ emoji: '🪁' }]);
    expect(ada.messages(id)[1]).toMatchObject({ content: { inReplyTo: hello } });
    expect(ada.people.safetyNumber(ben.self.actorUri)).toBe(
      ben.people.safetyNumber(ada.self.actorUri),
    );
  });

  it('in a group: come, talk, are sent away and read no more', async () => {
    const [eva, fay, gil] = [
      await deviceOf(world, 'eva'),
      await deviceOf(world, 'fay'),
      await deviceOf(world, 'gil'),
    ];
    const id = await eva.createGroup(['fay'], 'Kites');
    await fay.synchronise();
    await fay.sendText(id, 'before gil');
    await eva.synchronise();
    await eva.send(id, { kind: 'timer', seconds: 3600 });
    await eva.addMembers(id, ['gil']);
    await eva.sendText(id, 'with gil');
    for (const chat of [fay, gil]) await chat.synchronise();
    expect(textsOf(fay, id)).toEqual(['fay: before gil', 'eva: with gil']);
    expect(textsOf(gil, id)).toEqual(['eva: with gil']);
    expect(gil.conversations()[0]).toMatchObject({ title: 'Kites', timerSeconds: 3600 });
    await eva.removeMembers(id, [gil.self.actorUri]);
    await eva.sendText(id, 'without gil');
    for (const chat of [fay, gil]) await chat.synchronise();
    expect(textsOf(fay, id)).toHaveLength(3);
    expect(textsOf(gil, id)).toEqual(['eva: with gil']);
    expect(fay.conversations()[0]).toMatchObject({ title: 'Kites' });
    await expect(gil.sendText(id, 'let me in')).rejects.toThrow('not in the conversation');
    const sentAway = { added: [], removed: [gil.self.actorUri], by: eva.self.actorUri };
    for (const chat of [fay, gil])
      expect(noticedIn(chat, id).at(-1)).toEqual({ kind: 'members', ...sentAway });
  });

  it('begin no group with whoever does not chat encrypted', async () => {
    const fred = await deviceOf(world, 'fred');
    await world.local('silent');
    await deviceOf(world, 'gus');
    await expect(fred.createGroup(['silent', 'gus'])).rejects.toThrow('do not chat encrypted');
    const refused = await fred.openDirect('silent').catch((fault: unknown) => fault);
    expect(refused).toBeInstanceOf(NoDeviceError);
    expect((refused as NoDeviceError).handles).toEqual(['silent@a.example']);
    expect(fred.conversations()).toEqual([]);
  });

  it('edit and delete what they wrote, and nothing of others', async () => {
    const [hal, ida] = [await deviceOf(world, 'hal'), await deviceOf(world, 'ida')];
    const id = await hal.openDirect('ida');
    await hal.sendText(id, 'zeroth');
    await ida.synchronise();
    const [first, second] = [await hal.sendText(id, 'frist'), await hal.sendText(id, 'second')];
    // A device that has these messages would send nothing of the kind.
    await ida.send(id, { kind: 'edit', target: first, html: 'forged' });
    await ida.send(id, { kind: 'delete', target: second });
    await ida.synchronise();
    const forged = { kind: 'edit', target: first, html: 'forged' } as const;
    await expect(ida.send(id, forged)).rejects.toThrow(RangeError);
    await hal.send(id, { kind: 'edit', target: first, html: 'first' });
    await hal.synchronise();
    await ida.synchronise();
    for (const chat of [hal, ida])
      expect(textsOf(chat, id)).toEqual(['hal: zeroth', 'hal: first', 'hal: second']);
    await hal.send(id, { kind: 'delete', target: second });
    await ida.send(id, { kind: 'receipt', state: 'read', targets: [first] });
    for (const chat of [hal, ida]) {
      await chat.synchronise();
      expect(textsOf(chat, id)).toEqual(['hal: zeroth', 'hal: first', 'hal: (deleted)']);
      expect(chat.messages(id)[1]!.readBy).toEqual([ida.self.actorUri]);
    }
  });

  it('go on from what was stored, with the same device, and read everything once (T21)', async () => {
    const storage = new MemoryStorage();
    const jim = await deviceOf(world, 'jim');
    let kay = await deviceOf(world, 'kay', storage);
    const id = await jim.openDirect('kay');
    await jim.sendText(id, 'one');
    await kay.synchronise();
    for (const text of ['two', 'three', 'four']) await jim.sendText(id, text);
    const device = kay.self.deviceId;
    // Each storing fails once: as if the process had died between decrypting and storing, and again before acknowledging.
    for (let round = 0; round < 6; round += 1) {
      const dying = failingAfter(storage, round);
      kay = await deviceOf(world, 'kay', dying);
      await kay.synchronise().catch(() => undefined);
    }
    kay = await deviceOf(world, 'kay', storage);
    await kay.synchronise();
    expect(kay.self.deviceId).toBe(device);
    expect(textsOf(kay, id)).toEqual(['jim: one', 'jim: two', 'jim: three', 'jim: four']);
    await kay.sendText(id, 'all here');
    await jim.synchronise();
    expect(textsOf(jim, id).at(-1)).toBe('kay: all here');
  });

  it('hear live what others write, and lose nothing while the connection was gone (T20)', async () => {
    const [leo, mia] = [await deviceOf(world, 'leo'), await deviceOf(world, 'mia')];
    const id = await leo.openDirect('mia');
    const stop = new AbortController();
    const running = mia.run(stop.signal);
    await leo.sendText(id, 'live');
    await until(() => textsOf(mia, id).length === 1);
    await leo.sendText(id, 'again');
    await until(() => textsOf(mia, id).length === 2);
    stop.abort();
    await running;
    await leo.sendText(id, 'while away');
    const again = new AbortController();
    const resumed = mia.run(again.signal);
    await until(() => textsOf(mia, id).length === 3);
    expect(textsOf(mia, id)).toEqual(['leo: live', 'leo: again', 'leo: while away']);
    again.abort();
    await resumed;
  });

  it('send what waited once their own server is back, though nothing comes and nobody asks (T20)', async () => {
    await using line = await openLine(world.origin);
    const starting = { extensions: { code: 'SERVICE_UNAVAILABLE' }, message: 'Starting.' };
    const restarting: typeof fetch = async (url, init) =>
      line.isUp ? fetch(url, init) : Response.json({ errors: [starting] }, { status: 503 });
    const options = { fetch: restarting, origin: line.origin };
    const ollie = await deviceOf(world, 'ollie', new MemoryStorage(), {}, options);
    const petra = await deviceOf(world, 'petra');
    const id = await ollie.openDirect('petra');
    const stop = new AbortController();
    line.isUp = false;
    const running = [ollie, petra].map((chat) => chat.run(stop.signal));
    await expect(ollie.sendText(id, 'while it starts')).rejects.toBeInstanceOf(NetworkError);
    expect(ollie.isWaiting).toBe(true);
    line.isUp = true;
    await until(() => textsOf(petra, id).length === 1);
    line.isUp = false;
    await expect(ollie.sendText(id, 'and again')).rejects.toBeInstanceOf(NetworkError);
    line.isUp = true;
    await until(() => textsOf(petra, id).length === 2);
    stop.abort();
    await Promise.all(running);
    expect(ollie.isWaiting).toBe(false);
  });

  it('let their other devices in, which read on from there', async () => {
    const [ned, ola] = [await deviceOf(world, 'ned'), await deviceOf(world, 'ola')];
    const id = await ned.openDirect('ola');
    await ned.sendText(id, 'first device');
    const second = await deviceOf(world, 'ned', new MemoryStorage(), {
      identitySeed: ned.identitySeed,
    });
    await ned.maintain();
    await ola.synchronise();
    await ola.sendText(id, 'for both');
    for (const chat of [ned, second]) await chat.synchronise();
    expect(textsOf(second, id)).toEqual(['ola: for both']);
    await second.sendText(id, 'from the second');
    for (const chat of [ned, ola]) {
      await chat.synchronise();
      expect(textsOf(chat, id).at(-1)).toBe('ned: from the second');
    }
  });

  it('commit at the same time and end in one state', async () => {
    const people = ['pat', 'quy', 'rob', 'sue'];
    const chats = [];
    for (const name of people) chats.push(await deviceOf(world, name));
    const [pat] = chats;
    const id = await pat!.createGroup(people.slice(1));
    for (const chat of chats) await chat.synchronise();
    await Promise.all(chats.map((chat) => chat.renewKeys(id)));
    for (const chat of chats) await chat.synchronise();
    await Promise.all(chats.map((chat, index) => chat.sendText(id, people[index]!)));
    for (const chat of chats) await chat.synchronise();
    const [texts, ...others] = chats.map((chat) => textsOf(chat, id));
    for (const other of others) expect(other).toEqual(texts);
    expect(texts).toHaveLength(4);
  });

  it('T13: notice a device that their person did not vouch for, and send nothing', async () => {
    const [tim, una] = [await deviceOf(world, 'tim'), await deviceOf(world, 'una')];
    const id = await tim.openDirect('una');
    await una.synchronise();
    // Somebody with the session of una, as the server has all of them, puts another key in place of the known one.
    await deviceOf(world, 'una', new MemoryStorage(), { replacesIdentity: true });
    const vic = await deviceOf(world, 'vic');
    const group = await vic.createGroup(['tim', 'una']);
    await tim.synchronise();
    const doubts = () => tim.conversations().find((it) => it.id === group)!.doubts;
    const seen = doubts();
    expect(seen).toMatchObject([{ identity: una.self.actorUri, reason: 'identityChanged' }]);
    await expect(tim.sendText(group, 'secret')).rejects.toThrow('Not trusted');
    await expect(tim.signal(group, 'typing')).rejects.toThrow('Not trusted');
    const number = tim.people.safetyNumber(una.self.actorUri);
    // At a terminal on which nothing stands of it yet it is shown first.
    const written = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
    const { signal } = new AbortController();
    const talk = { chat: tim, signal, current: group, shown: new Shown(), kept: [] };
    await obey(talk, '/accept');
    expect(doubts()).toEqual(seen);
    // What is accepted is the key that was shown, not one that came since.
    await deviceOf(world, 'una', new MemoryStorage(), { replacesIdentity: true });
    await obey(talk, '/accept');
    expect(doubts()).toEqual([]);
    const lines = written.mock.calls.map(([line]) => String(line)).join('');
    written.mockRestore();
    const { key } = seen[0]!.newIdentity!;
    expect(tim.people.safetyNumber(una.self.actorUri)).not.toBe(number);
    expect(tim.people.safetyNumber(una.self.actorUri)).toBe(
      tim.people.safetyNumber(una.self.actorUri, key),
    );
    expect(lines).toContain(`${tim.people.safetyNumber(una.self.actorUri)}.\n`);
    await tim.sendText(group, 'now they know');
    expect(textsOf(tim, id)).toEqual([]);
  });

  it('T13: let no device in that the server made for somebody, and tell it nothing', async () => {
    const [zed, zia] = [await deviceOf(world, 'zed'), await deviceOf(world, 'zia')];
    const id = await zed.openDirect('zia');
    await zia.synchronise();
    await zia.sendText(id, 'just the two of us');
    const { identitySeed } = zia;
    const ghost = await deviceOf(world, 'zia', new MemoryStorage(), { identitySeed });
    // The server has no key with which to sign for zia, and shows what she signed for another device.
    const ids = [ghost, zia].map(({ self }) => parseGlobalId(self.deviceId)!.id);
    await world.services.database.rows(FORGE_DEVICE, ids);
    await expect(zia.maintain()).rejects.toBeInstanceOf(UntrustedDeviceError);
    await zed.synchronise();
    await zed.sendText(id, 'for zia alone');
    await zia.synchronise();
    expect(textsOf(zia, id)).toEqual(['zia: just the two of us', 'zed: for zia alone']);
    await ghost.synchronise();
    expect(ghost.conversations()).toEqual([]);
    const refused = await zed.createGroup(['zia']).catch((fault: unknown) => fault);
    expect(refused).toBeInstanceOf(UntrustedDeviceError);
    expect((refused as UntrustedDeviceError).doubts).toMatchObject([
      { identity: zia.self.actorUri, reason: 'unknown' },
    ]);
  });

  it('tell each other that they type, which is stored nowhere', async () => {
    const [wyn, xia] = [await deviceOf(world, 'wyn'), await deviceOf(world, 'xia')];
    const id = await wyn.openDirect('xia');
    await wyn.sendText(id, 'hello');
    await xia.synchronise();
    await xia.sendText(id, 'hello');
    await wyn.synchronise();
    const stop = new AbortController();
    const heard: ChatNews[] = [];
    xia.onNews((news) => {
      if (news.kind === 'signal') heard.push(news);
    });
    const running = xia.run(stop.signal);
    // What passes before somebody listens is not heard.
    while (heard.length === 0) {
      await wyn.signal(id, 'typing');
      await wait(50);
    }
    expect(heard[0]).toMatchObject({
      conversationId: id,
      signal: { kind: 'typing', sender: wyn.self.actorUri },
    });
    stop.abort();
    await running;
  });

  it('T27: leave, and get nothing more', async () => {
    const [yve, zoe] = [await deviceOf(world, 'yve'), await deviceOf(world, 'zoe')];
    const abe = await deviceOf(world, 'abe');
    const id = await yve.createGroup(['zoe', 'abe']);
    for (const chat of [zoe, abe]) await chat.synchronise();
    await zoe.leave(id);
    await yve.synchronise();
    await yve.maintain();
    await yve.sendText(id, 'two of us');
    for (const chat of [zoe, abe]) await chat.synchronise();
    expect(textsOf(abe, id)).toEqual(['yve: two of us']);
    expect(textsOf(zoe, id)).toEqual([]);
    expect(abe.conversations()[0]!.members).toHaveLength(2);
    expect(abe.groupCode(id)).toBe(yve.groupCode(id));
  });

  it('link another device, which has what was said before and reads on', async () => {
    const [tova, ulla] = [await deviceOf(world, 'tova'), await deviceOf(world, 'ulla')];
    const id = await tova.openDirect('ulla');
    await tova.sendText(id, 'before the link');
    await ulla.synchronise();
    await ulla.sendText(id, 'I read it');
    await tova.synchronise();
    await tova.people.verify(ulla.self.actorUri);
    const request = await requestLink();
    await expect(tova.answerLink('triptych-link:1:AAAA')).rejects.toThrow(RangeError);
    const linked = await openLink(request, await tova.answerLink(request.text));
    const sealed = await (await fetch(world.reach(linked.history!.url))).arrayBuffer();
    expect(sealed.byteLength).toBeGreaterThan(4000);
    for (const word of ['before', 'uri:uuid', 'https'])
      expect(Buffer.from(sealed).includes(word)).toBe(false);
    const client = await signedIn(world, 'tova');
    const storage = new MemoryStorage();
    const store = await Store.open(storage, STORE_KEY);
    const other = await Chat.openLinked(client, store, { name: 'Other', platform: 'Node' }, linked);
    const before = ['tova: before the link', 'ulla: I read it'];
    expect(textsOf(other, id)).toEqual(before);
    expect(other.people.standingOf(ulla.self.actorUri)).toBe('verified');
    await expect(other.sendText(id, 'too early')).rejects.toThrow('come back first');
    expect((await fetch(world.reach(linked.history!.url))).status).toBe(404);
    await tova.maintain();
    await other.synchronise();
    await other.sendText(id, 'from the other one');
    for (const chat of [tova, ulla, other]) {
      await chat.synchronise();
      expect(textsOf(chat, id)).toEqual([...before, 'tova: from the other one']);
      expect(chat.notices(id)).toEqual([]);
    }
    // With the same store and the same answer it is the same device, and nothing is asked for again.
    const again = await Store.open(storage, STORE_KEY);
    const same = await Chat.openLinked(client, again, { name: 'Other', platform: 'Node' }, linked);
    expect(same.self.deviceId).toBe(other.self.deviceId);
    const bare = await openLink(
      request,
      await tova.answerLink(request.text, { withHistory: false }),
    );
    expect(bare.history).toBeNull();
    const late = await openLink(request, await tova.answerLink(request.text));
    await new Files(client).delete(late.history!.mediaId);
    const fresh = await Store.open(new MemoryStorage(), STORE_KEY);
    const about = { name: 'Late', platform: 'Node' };
    await expect(Chat.openLinked(client, fresh, about, late)).rejects.toThrow(AttachmentError);
    expect((await Chat.open(client, fresh, { ...about, ...bare })).conversations()).toEqual([]);
  });

  it('are not taken for revoked because nobody is signed in', async () => {
    const storage = new MemoryStorage();
    const nia = await deviceOf(world, 'nia', storage);
    const store = await Store.open(storage, STORE_KEY);
    const about = { name: 'Test', platform: 'Node' };
    const nobody = new TriptychClient({ origin: world.origin });
    const unknown = { name: 'ApiError', code: 'UNAUTHENTICATED' };
    await expect(Chat.open(nobody, store, about)).rejects.toMatchObject(unknown);
    const client = await signedIn(world, 'nia');
    const same = await Chat.open(client, store, about);
    expect(same.self.deviceId).toBe(nia.self.deviceId);
    client.transport.token = null;
    await expect(same.synchronise()).rejects.toMatchObject(unknown);
    await expect(same.maintain()).rejects.toMatchObject(unknown);
    const pia = await signedIn(world, 'pia');
    client.transport.token = pia.token;
    await expect(same.maintain()).rejects.toMatchObject(unknown);
    await expect(same.sendText('conversation_x', 'hi')).rejects.not.toHaveProperty(
      'name',
      'DeviceRevokedError',
    );
    await expect(Chat.open(pia, await Store.open(storage, STORE_KEY), about)).rejects.toMatchObject(
      unknown,
    );
  });

  it('take nothing that another person was linked with', async () => {
    const ivo = await deviceOf(world, 'ivo');
    const kit = await signedIn(world, 'kit');
    const request = await requestLink();
    const linked = await openLink(request, await ivo.answerLink(request.text));
    const about = { name: 'Test', platform: 'Node' };
    for (const history of [linked.history!, null]) {
      const store = await Store.open(new MemoryStorage(), STORE_KEY);
      const opened = Chat.openLinked(kit, store, about, { ...linked, history });
      await expect(opened).rejects.toThrow('for another person');
      expect(store.all(TABLES.people)).toEqual([]);
      expect(store.all(TABLES.self)).toEqual([]);
    }
  });

  it('come back into a conversation whose state they lost', async () => {
    const storage = new MemoryStorage();
    const [bea, cal] = [await deviceOf(world, 'bea'), await deviceOf(world, 'cal', storage)];
    const id = await bea.openDirect('cal');
    await cal.synchronise();
    const old = new MemoryStorage();
    await old.write(await storage.read(''));
    for (const text of ['one', 'two']) {
      await bea.renewKeys(id);
      await bea.sendText(id, text);
      await cal.synchronise();
    }
    const back = await deviceOf(world, 'cal', old);
    await bea.renewKeys(id);
    await back.synchronise();
    expect(back.conversations()[0]!.isBroken).toBe(true);
    await expect(back.sendText(id, 'hello?')).rejects.toThrow('come back');
    expect(back.notices(id).map(({ noticed }) => noticed.kind)).toContain('stuck');
    expect(await back.repair(id)).toBe('returned');
    await bea.synchronise();
    await bea.sendText(id, 'welcome back');
    await back.synchronise();
    expect(textsOf(back, id)).toEqual(['bea: welcome back']);
    await back.sendText(id, 'here I am');
    await bea.synchronise();
    expect(textsOf(bea, id).at(-1)).toBe('cal: here I am');
    const returned = { kind: 'returned', identity: back.self.actorUri };
    expect(bea.notices(id).map(({ noticed }) => noticed)).toContainEqual(returned);
    expect(await back.repair(id)).toBe('nothing');
  });

  it('T38: let messages go when their time is over', async () => {
    const [dee, eli] = [await deviceOf(world, 'dee'), await deviceOf(world, 'eli')];
    const id = await dee.openDirect('eli');
    await dee.send(id, { kind: 'timer', seconds: 60 });
    await dee.sendText(id, 'for a minute');
    await eli.synchronise();
    for (const chat of [dee, eli]) {
      const [message] = chat.messages(id);
      const end = Date.parse(message!.expiresAt!);
      await chat.forgetExpired(new Date(end - 1));
      expect(chat.messages(id)).toHaveLength(1);
      await chat.forgetExpired(new Date(end));
      expect(chat.messages(id)).toEqual([]);
    }
  });
});

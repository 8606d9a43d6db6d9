import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { KeyBackup } from '../../sdk/src/api/operations.js';
import { NetworkError } from '../../sdk/src/client/errors.js';
import { newRecoveryKey } from '../../sdk/src/chat/backup.js';
import { Chat } from '../../sdk/src/chat/chat.js';
import { newId } from '../../sdk/src/chat/activity.js';
import { fetchBackup, keepBackup } from '../../sdk/src/chat/kept-backup.js';
import { UntrustedDeviceError } from '../../sdk/src/chat/people.js';
import { ONLY, TABLES } from '../../sdk/src/chat/records.js';
import { MemoryStorage } from '../../sdk/src/store/storage.js';
import { Store } from '../../sdk/src/store/store.js';
import { statement } from '../../src/platform/db/database.js';
import { startWorld, type World } from '../support/world.js';
import { between, deviceOf, noticedIn, signedIn, STORE_KEY, textsOf } from './sdk-people.js';

const FORGE = statement(
  'test.forge_entry',
  `update key_log_payloads set payload = convert_to(replace(convert_from(payload, 'UTF8'), '"attestedAt":"2', '"attestedAt":"3'), 'UTF8')
   where index = (select max(index) from key_log_payloads)`,
);

describe('keys of people who chat by the client package', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world[Symbol.asyncDispose]());

  it('T13: are proven by a log that goes on, in which everybody sees the same', async () => {
    const [ada, ben] = [await deviceOf(world, 'ada'), await deviceOf(world, 'ben')];
    expect(await ada.keyLog.check()).toEqual([]);
    await deviceOf(world, 'ada', new MemoryStorage(), { identitySeed: ada.identitySeed });
    expect(await ada.keyLog.check()).toEqual([]);
    expect(await ada.keyLog.devicesOf({ url: ada.self.actorUri })).toHaveLength(2);
    const id = await ada.openDirect('ben');
    await ada.shareKeyLogHead(id);
    await ben.synchronise();
    expect(await ben.keyLog.check()).toEqual([]);
    const head = ada.keyLog.head!;
    const rootHash = head.root.map((byte) => byte ^ 1);
    const server = new URL(ada.self.actorUri).origin;
    await ada.send(id, { kind: 'keyLogHead', treeSize: String(head.size), rootHash, server });
    await ben.synchronise();
    expect(await ben.keyLog.check()).toEqual([
      { kind: 'splitView', server, from: ada.self.actorUri },
    ]);
    expect(newId()).toMatch(/^uri:uuid:/);
  });

  it('T13: are believed anew by whoever decides so, where the own server has lost its log', async () => {
    const store = await Store.open(new MemoryStorage(), STORE_KEY);
    const about = { name: 'Test', platform: 'Node' };
    const eli = await Chat.open(await signedIn(world, 'eli'), store, about);
    const server = new URL(eli.self.actorUri).origin;
    expect(await eli.keyLog.check()).toEqual([]);
    const head = { ...eli.keyLog.head!, root: new Uint8Array(32) };
    await store.transaction((tx) => tx.put(TABLES.keyLog, ONLY, head));
    expect(await eli.keyLog.check()).toEqual([{ kind: 'rewritten', server }]);
    await eli.peerLogs.accept(server);
    expect(await eli.keyLog.check()).toEqual([]);
  });

  it('T13: that are replaced behind a person’s back, or differ from the log, are found', async () => {
    const cyd = await deviceOf(world, 'cyd');
    expect(await cyd.keyLog.check()).toEqual([]);
    await deviceOf(world, 'cyd', new MemoryStorage(), { replacesIdentity: true });
    const found = await cyd.keyLog.check();
    expect(found).toMatchObject([
      { kind: 'swappedKey', identity: cyd.self.actorUri, version: 2 },
      { kind: 'ghostDevice' },
    ]);
    const dan = await deviceOf(world, 'dan');
    await world.services.database.rows(FORGE, []);
    expect((await dan.keyLog.check()).map(({ kind }) => kind)).toEqual(['notInLog', 'ghostDevice']);
  });

  it('T37: bring the history back to a device that has the recovery key alone', async () => {
    const [gil, hal] = [await deviceOf(world, 'gil'), await deviceOf(world, 'hal')];
    const id = await gil.openDirect('hal');
    await gil.sendText(id, 'a kite over the orchard');
    await hal.synchronise();
    await hal.sendText(id, 'I saw it');
    await gil.synchronise();
    const key = await newRecoveryKey();
    const client = await signedIn(world, 'gil');
    const keptAt = async () =>
      (await client.request(KeyBackup, {})).viewer!.chat.keyBackup!.history!.url;
    await gil.saveBackup(key);
    const former = await keptAt();
    await gil.sendText(id, 'and then it fell');
    await gil.saveBackup(key);
    expect((await fetch(world.reach(former))).status).toBe(404);
    const sealed = Buffer.from(await (await fetch(world.reach(await keptAt()))).arrayBuffer());
    expect(sealed.length).toBeGreaterThan(1000);
    for (const word of ['orchard', 'uri:uuid', 'conversation'])
      expect(sealed.includes(word)).toBe(false);
    const about = { name: 'New', platform: 'Node' };
    const store = async () => Store.open(new MemoryStorage(), STORE_KEY);
    const restore = async (with_: Uint8Array) => Chat.restore(client, await store(), about, with_);
    await expect(restore(await newRecoveryKey())).rejects.toThrow('does not open');
    const back = await restore(key);
    expect(textsOf(back, id)).toEqual([
      'gil: a kite over the orchard',
      'hal: I saw it',
      'gil: and then it fell',
    ]);
    expect(back.people.safetyNumber(hal.self.actorUri)).toBe(
      hal.people.safetyNumber(gil.self.actorUri),
    );
    await gil.maintain();
    await hal.synchronise();
    await hal.sendText(id, 'and here you are');
    await back.synchronise();
    expect(textsOf(back, id).at(-1)).toBe('hal: and here you are');
    const alone = await restore(key);
    await expect(alone.sendText(id, 'too early')).rejects.toThrow('has to come back first');
    expect(await alone.repair(id)).toBe('returned');
    await alone.sendText(id, 'with no other device');
    await hal.synchronise();
    expect(textsOf(hal, id).at(-1)).toBe('gil: with no other device');
  });

  it('T37: bring somebody back into all conversations who lost all devices, and is admin of none', async () => {
    const [jan, kit] = [await deviceOf(world, 'jan'), await deviceOf(world, 'kit')];
    const lost = await deviceOf(world, 'leo');
    const group = await jan.createGroup(['kit', 'leo'], 'Kites');
    const pair = await kit.openDirect('leo');
    const request = await jan.openDirect('leo');
    await lost.synchronise();
    for (const id of [group, pair]) await lost.sendText(id, 'before');
    const key = await newRecoveryKey();
    await lost.saveBackup(key);
    const later = await kit.createGroup(['leo', 'jan']);
    await lost.synchronise();
    for (const id of [pair, later]) await lost.sendText(id, 'after the backup');
    let isUnreachable = true;
    const cut = between((name, answer, question) => {
      const isCut = isUnreachable && name === 'EncryptedConversation' && question.includes(later);
      return isCut ? Promise.reject(new TypeError('fetch failed')) : answer;
    });
    const client = await signedIn(world, 'leo', { fetch: cut });
    const store = await Store.open(new MemoryStorage(), STORE_KEY);
    const back = await Chat.restore(client, store, { name: 'New', platform: 'Node' }, key);
    await back.revokeDevice(lost.self.deviceId);
    await world.settle();
    await expect(back.comeBack()).rejects.toBeInstanceOf(NetworkError);
    isUnreachable = false;
    expect(await back.comeBack()).toEqual([later]);
    expect(await back.comeBack()).toEqual([]);
    for (const id of [group, pair, later]) await back.sendText(id, 'here again');
    for (const chat of [jan, kit]) await chat.synchronise();
    for (const chat of [jan, kit]) {
      const returned = { kind: 'returned', identity: back.self.actorUri };
      expect(noticedIn(chat, group)).toContainEqual(returned);
      expect(textsOf(chat, group)).toEqual(['leo: before', 'leo: here again']);
      expect(chat.groupCode(group)).toBe(back.groupCode(group));
      await chat.sendText(group, 'welcome back');
    }
    await back.synchronise();
    expect(textsOf(back, group).slice(2)).toEqual(['jan: welcome back', 'kit: welcome back']);
    expect(textsOf(back, later)).toEqual(['leo: here again']);
    for (const id of [group, pair, later])
      expect(noticedIn(back, id).map(({ kind }) => kind)).not.toContain('missing');
    await expect(back.sendText(request, 'not yet')).rejects.toThrow('come back first');
    const over = expect.objectContaining({ name: 'DeviceRevokedError' }) as unknown;
    await expect(lost.synchronise()).rejects.toEqual(over);
    await expect(lost.run(new AbortController().signal)).rejects.toEqual(over);
    await expect(lost.maintain()).rejects.toEqual(over);
    await expect(lost.sendText(pair, 'from a thief')).rejects.toEqual(over);
    expect(textsOf(lost, pair)).toContain('leo: before');
  });

  it('let anybody of a group in again who lost all devices, and the key that stands for them', async () => {
    const [mae, nan] = [await deviceOf(world, 'mae'), await deviceOf(world, 'nan')];
    const lost = await deviceOf(world, 'oli');
    const id = await mae.createGroup(['nan', 'oli']);
    for (const chat of [nan, lost]) await chat.synchronise();
    const fresh = await deviceOf(world, 'oli', new MemoryStorage(), { replacesIdentity: true });
    await world.settle();
    await nan.maintain();
    expect(await fresh.comeBack()).toEqual([]);
    const refused = await nan.addMembers(id, ['oli']).catch((fault: unknown) => fault);
    expect(refused).toBeInstanceOf(UntrustedDeviceError);
    await nan.people.accept((refused as UntrustedDeviceError).doubts);
    await nan.addMembers(id, ['oli']);
    await fresh.synchronise();
    await fresh.sendText(id, 'with a new key');
    await nan.synchronise();
    expect(textsOf(nan, id)).toEqual(['oli: with a new key']);
    await mae.synchronise();
    expect(mae.conversations()[0]!.doubts).toMatchObject([{ reason: 'identityChanged' }]);
    await expect(nan.addMembers(id, ['gil'])).rejects.toThrow('FORBIDDEN');
  });

  it('T37: come back with the recovery key, and the server could not have read them', async () => {
    const [eve, fay] = [await deviceOf(world, 'eve'), await deviceOf(world, 'fay')];
    const id = await eve.openDirect('fay');
    await eve.sendText(id, 'before');
    await fay.synchronise();
    await eve.people.verify(fay.self.actorUri);
    const client = await signedIn(world, 'eve');
    const key = await newRecoveryKey();
    await keepBackup(client, eve.backup(), key);
    await keepBackup(client, eve.backup(), key);
    await expect(fetchBackup(client, await newRecoveryKey())).rejects.toThrow('does not open');
    const kept = (await fetchBackup(client, key))!;
    const back = await deviceOf(world, 'eve', new MemoryStorage(), {
      identitySeed: kept.identitySeed,
    });
    await back.restorePeople(kept);
    expect(back.people.safetyNumber(fay.self.actorUri)).toBe(
      fay.people.safetyNumber(eve.self.actorUri),
    );
    await eve.maintain();
    await fay.synchronise();
    await fay.sendText(id, 'you are back');
    await back.synchronise();
    expect(textsOf(back, id)).toEqual(['fay: you are back']);
  });
});

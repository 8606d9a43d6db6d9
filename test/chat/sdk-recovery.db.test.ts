import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TABLES } from '../../sdk/src/chat/records.js';
import type { MlsEngine } from '../../sdk/src/mls/engine.js';
import { MemoryStorage } from '../../sdk/src/store/storage.js';
import { Store } from '../../sdk/src/store/store.js';
import { statement } from '../../src/platform/db/database.js';
import { runScheduled } from '../support/scheduled.js';
import { startWorld, type World } from '../support/world.js';
import { deviceOf as deviceKeysOf, trustingEngine } from '../sdk/groups.js';
import { commitDamaged, inside } from './device-inside.js';
import { between, deviceOf, noticedIn, signedIn, STORE_KEY, textsOf } from './sdk-people.js';

const TAKE_PACKAGES = statement(
  'test.take_packages',
  `delete from chat_key_packages where not is_last_resort and device_id in (
     select device.id from chat_devices device join actors actor on actor.id = device.actor_id where actor.username = $1)`,
);

describe('conversations of the client package that cannot go on', () => {
  let world: World;
  let engine: MlsEngine;
  beforeAll(async () => {
    world = await startWorld();
    engine = await trustingEngine();
  });
  afterAll(() => world[Symbol.asyncDispose]());

  it('T25: a commit that nobody can follow stops all, is seen by all, and the group is begun anew', async () => {
    const storage = new MemoryStorage();
    const [ada, cyd] = [await deviceOf(world, 'ada'), await deviceOf(world, 'cyd')];
    const ben = await deviceOf(world, 'ben', storage);
    const all = [ada, ben, cyd];
    const id = await ada.createGroup(['ben', 'cyd'], 'Kites');
    for (const chat of all) await chat.synchronise();
    await cyd.sendText(id, 'before');
    for (const chat of all) await chat.synchronise();
    await commitDamaged(await signedIn(world, 'ben'), ben, storage, id);
    for (const chat of all) {
      await chat.synchronise();
      expect(noticedIn(chat, id).at(-1)).toEqual({ kind: 'stuck' });
      await expect(chat.sendText(id, 'anybody?')).rejects.toThrow('come back');
    }
    await expect(cyd.repair(id)).rejects.toThrow('FORBIDDEN');
    expect(await ada.repair(id)).toBe('reset');
    for (const chat of [ben, cyd]) {
      await chat.synchronise();
      expect(noticedIn(chat, id)).toContainEqual({ kind: 'reset', added: [], removed: [] });
      expect(chat.groupCode(id)).toBe(ada.groupCode(id));
    }
    await cyd.sendText(id, 'after');
    for (const chat of all) {
      await chat.synchronise();
      expect(textsOf(chat, id)).toEqual(['cyd: before', 'cyd: after']);
      expect(chat.conversations().find((it) => it.id === id)!.title).toBe('Kites');
    }
  });

  it('T25: what was on its way to the old group is encrypted for the new one', async () => {
    const [dan, eve] = [await deviceOf(world, 'dan'), await deviceOf(world, 'eve')];
    const id = await dan.openDirect('eve');
    await eve.synchronise();
    await dan.resetConversation(id);
    await eve.sendText(id, 'to whom it may concern');
    await dan.synchronise();
    expect(textsOf(dan, id)).toEqual(['eve: to whom it may concern']);
  });

  it('T8: a device that a last resort let in renews its keys at once, and lays out another', async () => {
    const storage = new MemoryStorage();
    const fay = await deviceOf(world, 'fay');
    const gil = await deviceOf(world, 'gil', storage);
    const lastResorts = async () =>
      (await inside(storage)).packages().filter(({ isLastResort }) => isLastResort);
    const [first] = await lastResorts();
    await world.services.database.rows(TAKE_PACKAGES, ['gil']);
    const id = await fay.openDirect('gil');
    await gil.synchronise();
    const code = gil.groupCode(id);
    expect(code).toBe(fay.groupCode(id));
    // Whoever has not accepted yet tells nothing of being there.
    await gil.synchronise();
    expect(gil.groupCode(id)).toBe(code);
    await gil.sendText(id, 'Hello');
    await gil.synchronise();
    expect(gil.groupCode(id)).not.toBe(code);
    await fay.synchronise();
    expect(gil.groupCode(id)).toBe(fay.groupCode(id));
    expect(await lastResorts()).toMatchObject([{ ref: first!.ref, isUsed: true }]);
    await gil.maintain();
    expect((await lastResorts()).map(({ isUsed }) => isUsed).toSorted()).toEqual([false, true]);
    const store = await Store.open(storage, STORE_KEY);
    for (const each of await lastResorts()) {
      const days = each.isUsed ? 10 : 8;
      const madeAt = new Date(Date.now() - days * 24 * 3600 * 1000).toISOString();
      await store.transaction((tx) => tx.put(TABLES.packages, each.ref, { ...each, madeAt }));
    }
    await deviceOf(world, 'gil', storage);
    const kept = await lastResorts();
    expect(kept).toHaveLength(2);
    expect(kept.map(({ ref }) => ref)).not.toContain(first!.ref);
  });

  it('T26: a server that withholds, swaps or repeats is noticed', async () => {
    let swapped: readonly string[] | null = null;
    const hal = await deviceOf(world, 'hal');
    const ida = await deviceOf(
      world,
      'ida',
      new MemoryStorage(),
      {},
      {
        fetch: between((name, answer) => {
          if (name !== 'ChatMailbox' || !swapped) return answer;
          const [one, other] = swapped;
          return answer.replace(one!, '\u0000').replace(other!, one!).replace('\u0000', other!);
        }),
      },
    );
    const id = await hal.openDirect('ida');
    await ida.synchronise();
    const sent = await ciphertextsOf(world, async () => {
      for (const text of ['one', 'two']) await hal.sendText(id, text);
    });
    swapped = sent;
    await ida.synchronise();
    expect(textsOf(ida, id).toSorted()).toEqual(['hal: one', 'hal: two']);
    expect(noticedIn(ida, id)).toEqual([]);
    await hal.synchronise();
    await hal.sendText(id, 'three');
    await ida.synchronise();
    const identity = hal.self.actorUri;
    expect(noticedIn(ida, id)).toMatchObject([{ kind: 'otherHistory', identity }]);
    const [, hidden] = await ciphertextsOf(world, async () => {
      for (const text of ['four', 'five', 'six']) await hal.sendText(id, text);
    });
    swapped = null;
    await world.services.database.rows(HIDE, [Buffer.from(hidden!, 'base64')]);
    await ida.synchronise();
    expect(textsOf(ida, id).slice(-2)).toEqual(['hal: four', 'hal: six']);
    expect(noticedIn(ida, id).at(-1)).toMatchObject({ kind: 'missing', isExpected: false });
  });

  it('T13: a device that comes back believes nobody whom the server puts into the group', async () => {
    const storage = new MemoryStorage();
    const kim = await deviceOf(world, 'kim');
    const lou = await deviceOf(world, 'lou', storage);
    const id = await kim.openDirect('lou');
    await lou.synchronise();
    const device = await inside(storage);
    const { groupId } = device.group(id);
    // The server makes a device for kim, and a group with what lou laid out for everybody.
    const ghost = { ...(await deviceKeysOf('ghost')), identity: kim.self.actorUri };
    const forged = await engine.createGroup(ghost, groupId);
    const [first] = device.packages();
    const made = await engine.commit(forged, { add: [first!.data] });
    const store = await Store.open(storage, STORE_KEY);
    await store.transaction((tx) =>
      tx.put(TABLES.conversations, id, { ...device.conversation(id), isBroken: true }),
    );
    const broken = await deviceOf(
      world,
      'lou',
      storage,
      {},
      {
        fetch: between((name, answer) => {
          if (name === 'CommitConversation')
            return '{"data":{"commitConversation":{"message":null,"userErrors":[]}}}';
          if (name !== 'EncryptedConversation') return answer;
          const shown = Buffer.from(made.groupInfo).toString('base64');
          return answer.replace(/"groupInfo":(?:null|"[^"]*")/, `"groupInfo":"${shown}"`);
        }),
      },
    );
    expect(await broken.repair(id)).toBe('returned');
    const [conversation] = broken.conversations();
    expect(conversation!.doubts).toMatchObject([
      { identity: kim.self.actorUri, reason: 'unknown' },
    ]);
    await expect(broken.sendText(id, 'secret')).rejects.toThrow('Not trusted');
  });

  it('T19: a device that was away for a month catches up; one that was away longer comes back, and all see it', async () => {
    const [here, away] = [new MemoryStorage(), new MemoryStorage()];
    let mia = await deviceOf(world, 'mia', here);
    let ned = await deviceOf(world, 'ned', away);
    const id = await mia.openDirect('ned');
    await ned.sendText(await opened(ned, id), 'Hello');
    const days = async (count: number): Promise<void> => {
      world.clock.advance(count * 24 * 3600);
      await runScheduled(world, 'removeOldEnvelopes');
      mia = await deviceOf(world, 'mia', here);
    };
    for (const text of ['one', 'two', 'three']) {
      await mia.sendText(id, text);
      await mia.renewKeys(id);
      await days(9.9);
    }
    ned = await deviceOf(world, 'ned', away);
    await ned.synchronise();
    const known = ['ned: Hello', 'mia: one', 'mia: two', 'mia: three'];
    expect(textsOf(ned, id)).toEqual(known);
    expect(noticedIn(ned, id)).toEqual([]);
    await mia.sendText(id, 'lost');
    await mia.renewKeys(id);
    await days(31);
    await mia.renewKeys(id);
    ned = await deviceOf(world, 'ned', away);
    await ned.synchronise();
    expect(
      noticedIn(ned, id)
        .map(({ kind }) => kind)
        .toSorted(),
    ).toEqual(['missing', 'stuck']);
    expect(await ned.repair(id)).toBe('returned');
    await ned.sendText(id, 'back');
    await mia.synchronise();
    expect(textsOf(mia, id).at(-1)).toBe('ned: back');
    expect(noticedIn(mia, id)).toContainEqual({ kind: 'returned', identity: ned.self.actorUri });
    const code = mia.groupCode(id);
    expect(code).toBe(ned.groupCode(id));
    expect(noticedIn(mia, id).map(({ kind }) => kind)).not.toContain('otherMembers');
    world.clock.advance(8 * 24 * 3600);
    await mia.maintain(world.clock.now());
    await ned.synchronise();
    expect(mia.groupCode(id)).not.toBe(code);
    expect(mia.groupCode(id)).toBe(ned.groupCode(id));
  });
});

/** Somebody has taken what came. */
async function opened(chat: Awaited<ReturnType<typeof deviceOf>>, id: string): Promise<string> {
  await chat.synchronise();
  return id;
}

const CIPHERTEXTS = statement(
  'test.ciphertexts',
  `select encode(message.ciphertext, 'base64') as bytes from chat_messages message
   where message.kind = 'APPLICATION' order by message.id desc limit $1`,
);
const HIDE = statement('test.sdk_recovery.hide', 'delete from chat_messages where ciphertext = $1');

/** What was stored while something was done, the oldest first. */
async function ciphertextsOf(world: World, work: () => Promise<void>): Promise<string[]> {
  const count = async (): Promise<number> =>
    (await world.services.database.rows(CIPHERTEXTS, [10_000])).length;
  const before = await count();
  await work();
  const rows = await world.services.database.rows<{ bytes: string }>(CIPHERTEXTS, [
    (await count()) - before,
  ]);
  return rows.map(({ bytes }) => bytes.replaceAll('\n', '')).toReversed();
}

// What somebody gets who has all that passed through the server, and takes the storage of a device together with its key.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { KeptGroups } from '../../sdk/src/chat/kept-groups.js';
import { MlsRefusal, type MlsEngine, type MlsGroup } from '../../sdk/src/mls/engine.js';
import { MemoryStorage, type Storage } from '../../sdk/src/store/storage.js';
import { Store } from '../../sdk/src/store/store.js';
import { statement } from '../../src/platform/db/database.js';
import { parseGlobalId } from '../../src/platform/ids.js';
import { trustingEngine } from '../sdk/groups.js';
import { startWorld, type World } from '../support/world.js';
import { deviceOf, STORE_KEY, textsOf } from './sdk-people.js';

const PASSED = statement(
  'test.passed',
  `select id::text, kind, ciphertext from chat_messages where conversation_id = $1 and kind <> 'WELCOME' order by sequence`,
);

interface Passed {
  readonly id: string;
  readonly kind: string;
  readonly ciphertext: Buffer;
}

describe('a stolen device of the client package', () => {
  let world: World;
  let engine: MlsEngine;
  beforeAll(async () => {
    world = await startWorld();
    engine = await trustingEngine();
  });
  afterAll(() => world[Symbol.asyncDispose]());

  /** What has passed through the server of a conversation, also what it has let go since. */
  function listen(conversationId: string) {
    const all = new Map<string, Passed>();
    const { id } = parseGlobalId(conversationId)!;
    return async (): Promise<readonly Passed[]> => {
      const rows = await world.services.database.rows<Passed>(PASSED, [id]);
      for (const row of rows) all.set(row.id, row);
      return [...all.values()];
    };
  }

  /** The group that a device has at this moment. */
  async function steal(storage: Storage, conversationId: string): Promise<MlsGroup> {
    const copy = new MemoryStorage();
    await copy.write(await storage.read(''));
    return new KeptGroups(await Store.open(copy, STORE_KEY), engine).find(conversationId)!;
  }

  /** The texts that a group opens of what passed, following each commit that it can follow. */
  async function opened(stolen: MlsGroup, passed: readonly Passed[]): Promise<number> {
    let [group, count] = [stolen, 0];
    for (const { ciphertext } of passed)
      try {
        const received = await engine.receive(group, ciphertext);
        group = received.next;
        if (received.kind === 'application') count += 1;
      } catch (fault) {
        expect(fault).toBeInstanceOf(MlsRefusal);
      }
    return count;
  }

  it('T8: opens nothing again of what it has read, be it of this epoch or of those before', async () => {
    const storage = new MemoryStorage();
    const [ada, ben] = [await deviceOf(world, 'ada'), await deviceOf(world, 'ben', storage)];
    const id = await ada.openDirect('ben');
    const passed = listen(id);
    await ben.synchronise();
    await ben.sendText(id, 'hello');
    await ada.synchronise();
    const fresh = await steal(storage, id);
    for (const text of ['one', 'two', 'three']) {
      await ada.sendText(id, text);
      await ada.renewKeys(id);
      await ada.sendText(id, `${text} again`);
    }
    const all = await passed();
    // Whoever had stolen it before could read all of it.
    expect(await opened(fresh, all)).toBe(6);
    await ben.synchronise();
    expect(textsOf(ben, id)).toHaveLength(7);
    expect(await opened(await steal(storage, id), all)).toBe(0);
    // Nor what it has written itself.
    await ben.sendText(id, 'mine');
    expect(await opened(await steal(storage, id), (await passed()).slice(all.length))).toBe(0);
  });

  it('T7: opens nothing of what is said once its person was removed, though it has the commit', async () => {
    const storage = new MemoryStorage();
    const [eve, fay] = [await deviceOf(world, 'eve'), await deviceOf(world, 'fay')];
    const gil = await deviceOf(world, 'gil', storage);
    const id = await eve.createGroup(['fay', 'gil']);
    const passed = listen(id);
    for (const chat of [fay, gil]) await chat.synchronise();
    const before = await steal(storage, id);
    await eve.removeMembers(id, [gil.self.actorUri]);
    await eve.sendText(id, 'without gil');
    const all = await passed();
    await fay.synchronise();
    await fay.sendText(id, 'nor from fay');
    const rest = await passed();
    await gil.synchronise();
    for (const chat of [eve, fay]) {
      await chat.synchronise();
      expect(textsOf(chat, id)).toEqual(['eve: without gil', 'fay: nor from fay']);
    }
    expect(textsOf(gil, id)).toEqual([]);
    expect(all.map(({ kind }) => kind).slice(-2)).toEqual(['COMMIT', 'APPLICATION']);
    expect(await opened(before, rest)).toBe(0);
  });

  it('T8: opens nothing of what is said once the device has renewed its keys, by itself or in time', async () => {
    const storage = new MemoryStorage();
    const [cyd, dan] = [await deviceOf(world, 'cyd'), await deviceOf(world, 'dan', storage)];
    const id = await cyd.openDirect('dan');
    const passed = listen(id);
    await dan.synchronise();
    await dan.sendText(id, 'hello');
    await cyd.synchronise();
    const renewals = [
      () => dan.renewKeys(id),
      () => {
        world.clock.advance(8 * 24 * 3600);
        return dan.maintain(world.clock.now());
      },
    ];
    for (const renew of renewals) {
      const stolen = await steal(storage, id);
      const before = (await passed()).length;
      await cyd.sendText(id, 'read by the thief');
      await passed();
      await dan.synchronise();
      await renew();
      await passed();
      await cyd.synchronise();
      await cyd.sendText(id, 'healed');
      const since = (await passed()).slice(before);
      expect(since.map(({ kind }) => kind)).toEqual(['APPLICATION', 'COMMIT', 'APPLICATION']);
      expect(await opened(stolen, since)).toBe(1);
      await dan.synchronise();
      expect(textsOf(dan, id).at(-1)).toBe('cyd: healed');
    }
  });
});

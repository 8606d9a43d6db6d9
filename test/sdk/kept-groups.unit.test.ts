// Groups of a device are kept in pieces: a message writes what it moved, and what a transaction did not write does not count.
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { KeptGroups } from '../../sdk/src/chat/kept-groups.js';
import { TABLES } from '../../sdk/src/chat/records.js';
import { wipe, type MlsEngine, type MlsGroup } from '../../sdk/src/mls/engine.js';
import { MemoryStorage, type Changes } from '../../sdk/src/store/storage.js';
import { Store } from '../../sdk/src/store/store.js';
import { deviceOf, trustingEngine } from './groups.js';

const ID = 'conversation_1';
const KEY = Buffer.alloc(32, 5);

/** Keeps count of what is written, and fails when told so. */
class CountingStorage extends MemoryStorage {
  bytes = 0;
  isFull = false;

  override async write(changes: Changes): Promise<void> {
    if (this.isFull) throw new Error('no space left');
    for (const value of changes.values()) this.bytes += value?.length ?? 0;
    await super.write(changes);
  }
}

describe('groups in a store', () => {
  let engine: MlsEngine;
  let storage: CountingStorage;
  let store: Store;
  let kept: KeptGroups;
  beforeAll(async () => {
    engine = await trustingEngine();
  });
  beforeEach(async () => {
    storage = new CountingStorage();
    store = await Store.open(storage, KEY);
    kept = new KeptGroups(store, engine);
  });

  async function put(group: MlsGroup | null): Promise<void> {
    const { staged } = await store.transaction((tx) =>
      kept.during(() => {
        kept.put(tx, ID, group);
        expect(kept.find(ID)).toBe(group);
      }),
    );
    kept.settle(staged);
  }

  /** As a device has it that was started again. */
  async function reopened(): Promise<MlsGroup | null> {
    return new KeptGroups(await Store.open(storage, KEY), engine).find(ID);
  }

  /** Two devices of a group, and so many others. */
  async function groupOf(others: number): Promise<readonly [MlsGroup, MlsGroup]> {
    const names = ['ben', ...Array.from({ length: others }, (_unused, index) => `other${index}`)];
    const keys = await Promise.all(
      names.map(async (name) => engine.generateKeyPackage(await deviceOf(name), new Date())),
    );
    const groupId = crypto.getRandomValues(new Uint8Array(32));
    const alone = await engine.createGroup(await deviceOf('ada'), groupId);
    const made = await engine.commit(alone, { add: keys.map(({ data }) => data) });
    return [made.next, await engine.join(made.welcome!, keys[0]!.secrets)];
  }

  /** The other side commits or writes, and it is taken. */
  async function hear(from: MlsGroup, to: MlsGroup, isCommit: boolean) {
    const { next, ...made } = isCommit
      ? await engine.commit(from, {})
      : await engine.encrypt(from, Buffer.from('Hello'));
    const message = 'commit' in made ? made.commit : made.message;
    const received = await engine.receive(to, message);
    return { message, from: next, to: received.next, spent: received.spent };
  }

  /** Stores a group and wipes what is over, as a device does: what is held is what is stored. */
  async function keep(group: MlsGroup, spent: readonly Uint8Array[]): Promise<void> {
    await put(group);
    wipe(spent);
    const stored = engine.exportGroup((await reopened())!);
    expect(Buffer.from(engine.exportGroup(kept.find(ID)!))).toEqual(Buffer.from(stored));
  }

  it('go on from their pieces after messages, commits and late messages', async () => {
    const [first, to] = await groupOf(12);
    let from = first;
    await put(to);
    for (const isCommit of [false, true, false, true, true, true, true, true, false]) {
      const late = await engine.encrypt(from, Buffer.from('late'));
      const heard = await hear(late.next, kept.find(ID)!, isCommit);
      from = heard.from;
      await keep(heard.to, heard.spent);
      // Of the epoch before where there was a commit, and out of its order where there was none.
      const received = await engine.receive(kept.find(ID)!, late.message);
      await keep(received.next, received.spent);
      for (const group of [kept.find(ID)!, (await reopened())!])
        await expect(engine.receive(group, late.message)).rejects.toThrow();
    }
    const own = await engine.encrypt(kept.find(ID)!, Buffer.from('own'));
    await keep(own.next, own.spent);
    expect((await engine.receive(from, own.message)).kind).toBe('application');
  });

  it('write little for a message, however many devices there are', async () => {
    let [from, to] = await groupOf(126);
    await put(to);
    for (let epoch = 0; epoch < 4; epoch += 1) {
      ({ from, to } = await hear(from, kept.find(ID)!, true));
      await put(to);
    }
    const whole = engine.exportGroup(to).length;
    for (let message = 0; message < 3; message += 1) {
      storage.bytes = 0;
      ({ from, to } = await hear(from, kept.find(ID)!, false));
      await put(to);
      expect(storage.bytes).toBeLessThan(16 * 1024);
    }
    expect(whole).toBeGreaterThan(150 * 1024);
    expect((await reopened())!.epochAuthenticator).toEqual(to.epochAuthenticator);
  });

  it('T8: leave nothing with which a message could be read again', async () => {
    const [from, to] = await groupOf(3);
    await put(to);
    const heard = await hear(from, to, false);
    await put(heard.to);
    await expect(engine.receive((await reopened())!, heard.message)).rejects.toThrow();
  });

  it('T21: are as they were where they could not be written', async () => {
    const [from, to] = await groupOf(3);
    await put(to);
    const heard = await hear(from, to, false);
    storage.isFull = true;
    await expect(put(heard.to)).rejects.toThrow('no space left');
    storage.isFull = false;
    const again = await engine.receive(kept.find(ID)!, heard.message);
    expect(again.kind).toBe('application');
  });

  it('are gone with all their pieces, and another one has none of theirs', async () => {
    const [, large] = await groupOf(80);
    await put(large);
    const [from, small] = await groupOf(1);
    await put(small);
    const heard = await hear(from, (await reopened())!, false);
    await put(heard.to);
    expect((await reopened())!.members).toHaveLength(3);
    await put(null);
    expect(await reopened()).toBeNull();
    expect(store.all(TABLES.groups)).toEqual([]);
  });
});

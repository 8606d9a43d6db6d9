import { appendFile, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openFileStorage } from '../../sdk/src/store/file-storage.js';
import {
  MemoryStorage,
  StoreDamagedError,
  StoreKeyError,
  type Storage,
} from '../../sdk/src/store/storage.js';
import { Store } from '../../sdk/src/store/store.js';

const KEY = Buffer.alloc(32, 7);

describe('the store of a device', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'sdk-store-'));
  });
  afterAll(() => rm(directory, { recursive: true }));

  it('keeps records with bytes, changes them and lets them go', async () => {
    const storage = new MemoryStorage();
    const store = await Store.open(storage, KEY);
    await store.transaction((tx) => {
      tx.put('notes', 'a', { text: 'canary', bytes: Buffer.from([1, 2]), none: new Uint8Array() });
      tx.put('notes', 'b', { text: 'other' });
    });
    await store.transaction((tx) => tx.remove('notes', 'b'));
    const again = await Store.open(storage, KEY);
    expect(again.all('notes')).toEqual([
      { text: 'canary', bytes: Uint8Array.of(1, 2), none: new Uint8Array() },
    ]);
    const raw = [...(await storage.read('')).values()].map((value) => Buffer.from(value));
    expect(Buffer.concat(raw).includes('canary')).toBe(false);
  });

  it('does all of a transaction or nothing', async () => {
    const store = await Store.open(new MemoryStorage(), KEY);
    const failing = store.transaction((tx) => {
      tx.put('notes', 'a', { text: 'never' });
      expect(tx.get('notes', 'a')).toEqual({ text: 'never' });
      throw new Error('in the middle');
    });
    await expect(failing).rejects.toThrow('in the middle');
    expect(store.all('notes')).toEqual([]);
  });

  it('keeps nothing in memory that could not be written', async () => {
    const storage: Storage = new MemoryStorage();
    const store = await Store.open(storage, KEY);
    storage.write = () => Promise.reject(new Error('the disk is full'));
    const failing = store.transaction((tx) => tx.put('notes', 'a', { text: 'lost' }));
    await expect(failing).rejects.toThrow('full');
    expect(store.get('notes', 'a')).toBeNull();
  });

  it('opens with no other key, and no record stands in for another', async () => {
    const storage = new MemoryStorage();
    const store = await Store.open(storage, KEY);
    await store.transaction((tx) => {
      tx.put('notes', 'a', { text: 'one' });
      tx.put('notes', 'b', { text: 'two' });
    });
    const wrong = Store.open(storage, Buffer.alloc(32, 8));
    await expect(wrong).rejects.toThrow(StoreKeyError);
    await expect(Store.open(storage, Buffer.alloc(31))).rejects.toThrow(RangeError);
    expect((await Store.open(storage, KEY)).all('notes')).toHaveLength(2);
    const [[one], [, other]] = [...(await storage.read('notes/'))] as [
      [string, Uint8Array],
      [string, Uint8Array],
    ];
    await storage.write(new Map([[one, other]]));
    await expect(Store.open(storage, KEY)).rejects.toMatchObject({
      name: 'StoreDamagedError',
      tables: ['notes'],
    });
    // Not even when nothing at all can be read is the right key taken for a wrong one.
    const all = [...(await storage.read('')).keys()];
    await storage.write(new Map(all.map((name) => [name, Buffer.alloc(60)])));
    await expect(Store.open(storage, KEY)).rejects.toThrow(StoreDamagedError);
    await expect(Store.open(storage, Buffer.alloc(32, 8))).rejects.toThrow(StoreKeyError);
  });

  it('takes a file that is broken before its end for damaged, and leaves it as it is', async () => {
    const file = path.join(directory, 'broken');
    const store = await Store.open(await openFileStorage(file), KEY);
    for (const text of ['first', 'second', 'third'])
      await store.transaction((tx) => tx.put('notes', text, { text }));
    await store.close();
    const whole = await readFile(file);
    for (const at of [0, 3, 10, 30]) {
      const broken = Buffer.from(whole);
      broken[at]! ^= 1;
      await writeFile(file, broken);
      await expect(openFileStorage(file)).rejects.toThrow(StoreDamagedError);
      expect(await readFile(file)).toEqual(broken);
    }
    await writeFile(file, whole);
    const again = await Store.open(await openFileStorage(file), KEY);
    expect(again.all('notes')).toHaveLength(3);
    await again.close();
  });

  it('T21: a file that a crash cut off has every transaction but the last', async () => {
    const file = path.join(directory, 'cut');
    const write = async (text: string) => {
      const storage = await openFileStorage(file);
      const store = await Store.open(storage, KEY);
      await store.transaction((tx) => tx.put('notes', text, { text }));
      await store.close();
      return (await readFile(file)).length;
    };
    const whole = await write('first');
    const longer = await write('second');
    for (const length of [longer - 1, whole + 21, whole + 3]) {
      await truncate(file, length);
      const store = await Store.open(await openFileStorage(file), KEY);
      expect(store.all('notes')).toEqual([{ text: 'first' }]);
      await store.close();
    }
    await appendFile(file, Buffer.alloc(100));
    await write('third');
    const store = await Store.open(await openFileStorage(file), KEY);
    expect(store.all('notes')).toEqual([{ text: 'first' }, { text: 'third' }]);
    await store.close();
  });

  it('does not let the file grow for ever', async () => {
    const file = path.join(directory, 'large');
    const store = await Store.open(await openFileStorage(file), KEY);
    const text = 'x'.repeat(200_000);
    for (let round = 0; round < 12; round += 1)
      await store.transaction((tx) => tx.put('notes', 'same', { text, round }));
    await store.close();
    expect((await readFile(file)).length).toBeLessThan(1_400_000);
    const again = await Store.open(await openFileStorage(file), KEY);
    expect(again.get('notes', 'same')).toEqual({ text, round: 11 });
    await again.close();
  });

  it('T38: leaves nothing of what went in the file', async () => {
    const file = path.join(directory, 'purged');
    const storage = await openFileStorage(file);
    const store = await Store.open(storage, KEY);
    await store.transaction((tx) => tx.put('notes', 'a', { text: 'soon gone' }));
    const [sealed] = (await storage.read('notes')).values();
    await store.transaction((tx) => {
      tx.remove('notes', 'a');
      tx.put('notes', 'b', { text: 'stays' });
    });
    const isThere = async () => (await readFile(file)).includes(Buffer.from(sealed!));
    expect(await isThere()).toBe(true);
    await store.purge();
    expect(await isThere()).toBe(false);
    await store.close();
    const again = await Store.open(await openFileStorage(file), KEY);
    expect(again.all('notes')).toEqual([{ text: 'stays' }]);
    await again.close();
  });
});

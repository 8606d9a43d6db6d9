/** Keeps everything in IndexedDB, where the browser may be asked not to clear it. */
import { openDB } from 'idb';
import { StoreInUseError, type Changes, type Storage } from './storage.js';

const TABLE = 'values';

/** @param name of the database: one for each account @throws {StoreInUseError} when another page has it open */
export async function openIdbStorage(name: string): Promise<Storage> {
  const release = await lock(name);
  const database = await openDB(name, 1, {
    upgrade: (fresh) => void fresh.createObjectStore(TABLE),
  });
  return {
    read: async (prefix) => {
      const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`);
      const transaction = database.transaction(TABLE);
      const [names, values] = await Promise.all([
        transaction.store.getAllKeys(range),
        transaction.store.getAll(range),
      ]);
      return new Map(names.map((key, index) => [key as string, values[index] as Uint8Array]));
    },
    write: async (changes: Changes) => {
      const transaction = database.transaction(TABLE, 'readwrite', { durability: 'strict' });
      const all = [...changes].map(([key, value]) =>
        value ? transaction.store.put(value, key) : transaction.store.delete(key),
      );
      await Promise.all([...all, transaction.done]);
    },
    // The browser clears what was deleted when it sees fit.
    purge: async () => {},
    close: async () => {
      database.close();
      release();
    },
  };
}

/** Two pages with one store would write over each other. @throws {StoreInUseError} */
async function lock(name: string): Promise<() => void> {
  return new Promise((resolve, reject) => {
    const held = navigator.locks.request(`triptych ${name}`, { ifAvailable: true }, (got) => {
      if (!got) throw new StoreInUseError();
      return new Promise<void>((release) => resolve(release));
    });
    held.catch(reject);
  });
}

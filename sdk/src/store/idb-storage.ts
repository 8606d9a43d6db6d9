/** Keeps everything in IndexedDB, where the browser may be asked not to clear it. */
import { openDB } from 'idb';
import type { Changes, Storage } from './storage.js';

const TABLE = 'values';

/** @param name of the database: one for each account */
export async function openIdbStorage(name: string): Promise<Storage> {
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
    close: async () => database.close(),
  };
}

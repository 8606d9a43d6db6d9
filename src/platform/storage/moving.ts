/**
 * Storage while objects move from one to another: new ones go to the present one, and what is not there yet is read
 * where it was. Every object is in one of them at any time, as a move removes it only after it has arrived.
 */
import { StorageError } from './storage-error.js';
import type { Storage } from './storage.js';

/** Both storages as one. `list` names an object twice that is in both. */
export function openMovingStorage(present: Storage, previous: Storage): Storage {
  const fromEither = async <T>(read: (storage: Storage) => Promise<T>): Promise<T> => {
    try {
      return await read(present);
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
    try {
      return await read(previous);
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
    // it may have arrived, and have been removed there, between the two looks
    return read(present);
  };
  return {
    check: async () => {
      await present.check();
      await previous.check();
    },
    putFile: (key, path, mimeType) => present.putFile(key, path, mimeType),
    stat: async (key) =>
      (await present.stat(key)) ?? (await previous.stat(key)) ?? (await present.stat(key)),
    read: (key, range) => fromEither((storage) => storage.read(key, range)),
    localFile: async (key) => (await present.localFile(key)) ?? (await previous.localFile(key)),
    fetchToFile: (key, path) => fromEither((storage) => storage.fetchToFile(key, path)),
    remove: async (key) => {
      // in this order, so that a move which looks afterwards whether it is still wanted sees that it is not
      await previous.remove(key);
      await present.remove(key);
    },
    list: (before) => listBoth([present, previous], before),
    removeUnfinished: async (before) => {
      await present.removeUnfinished(before);
      await previous.removeUnfinished(before);
    },
  };
}

function isMissing(error: unknown): boolean {
  return error instanceof StorageError && error.problem === 'OBJECT_MISSING';
}

async function* listBoth(storages: readonly Storage[], before?: Date): AsyncIterable<string> {
  for (const storage of storages) yield* storage.list(before);
}

/**
 * What a device that is linked gets of the time before: a file that the old one leaves at the server, sealed with a key of its own,
 * which only the answer to the new one tells. The new one deletes it once it has it.
 */
import sodium from 'libsodium-wrappers';
import type { TriptychClient } from '../client/client.js';
import type { Store } from '../store/store.js';
import { fileOf } from './file-source.js';
import { Files, type KeptFile } from './files.js';
import { historyOf, printHistory, putHistory, readHistory, type History } from './history.js';
import type { Linked } from './linking.js';
import { ONLY, TABLES, type Self, type StoredPerson } from './records.js';

/** People, with how far they are known, and what was said. */
interface Passed extends History {
  readonly people: readonly StoredPerson[];
}

/** Leaves at the server what this device has. @throws {RefusedError} @throws {NetworkError} */
export async function passHistory(client: TriptychClient, store: Store): Promise<KeptFile> {
  await sodium.ready;
  const people = store.all<StoredPerson>(TABLES.people);
  const passed: Passed = { ...historyOf(store, new Date()), people };
  const key = sodium.crypto_secretstream_xchacha20poly1305_keygen();
  return new Files(client).keep(fileOf(printHistory(passed)), key);
}

/**
 * Brings a store that has nothing yet what the old device has passed on; nothing where the device is registered already.
 * @throws {AttachmentError} when the file is another one, or gone @throws {NetworkError}
 * @throws {RangeError} when somebody else is signed in: they would begin with this person's key
 */
export async function takeHistory(
  client: TriptychClient,
  store: Store,
  { actorUri, history }: Linked,
): Promise<void> {
  if (store.get<Self>(TABLES.self, ONLY)?.deviceId) return;
  if ((await client.viewer()).uri !== actorUri)
    throw new RangeError('This answer is for another person.');
  if (!history) return;
  const passed = readHistory(await new Files(client).read(history, actorUri)) as Passed;
  await store.transaction((tx) => {
    for (const person of passed.people) tx.put(TABLES.people, person.uri, person);
    putHistory(tx, passed);
  });
}

/** Nobody needs the file any more; what is not deleted now goes after its time. */
export async function deleteHistory(client: TriptychClient, { history }: Linked): Promise<void> {
  if (history) await new Files(client).delete(history.mediaId).catch(() => undefined);
}

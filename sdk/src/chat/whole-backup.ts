/**
 * Keys and history, kept by the server without it being able to read them. The keys are in the small backup; the history
 * is an encrypted file of the account, whose key comes from the recovery key. Both are replaced together or not at all.
 */
import sodium from 'libsodium-wrappers';
import { KeyBackup } from '../api/operations.js';
import type { TriptychClient } from '../client/client.js';
import type { Store } from '../store/store.js';
import { BackupError, type BackupContents } from './backup.js';
import { fileOf } from './file-source.js';
import { Files } from './files.js';
import { historyOf, printHistory, putHistory, readHistory, type History } from './history.js';
import { fetchBackup, keepBackup } from './kept-backup.js';
import { TABLES } from './records.js';

const CONTEXT = 'tri-hist';

/** Keeps keys and history in the place of what was kept. @throws {RefusedError} CONFLICT when another device was faster */
export async function saveBackup(
  client: TriptychClient,
  store: Store,
  contents: BackupContents,
  recoveryKey: Uint8Array,
): Promise<void> {
  await sodium.ready;
  const files = new Files(client);
  const history = printHistory(historyOf(store, new Date()));
  const file = await files.keep(fileOf(history), historyKeyOf(recoveryKey));
  const { mediaId, sha256, sizeBytes } = file;
  try {
    const whole = { ...contents, history: { sha256, sizeBytes } };
    await keepBackup(client, whole, recoveryKey, mediaId);
  } catch (fault) {
    await files.delete(mediaId).catch(() => undefined);
    throw fault;
  }
}

/**
 * Brings a store that has nothing yet what was kept: people and their keys, conversations and what was said in them.
 *
 * @returns what a device needs to be one of the person's; null = nothing is kept
 * @throws {BackupError} when the recovery key does not open it
 */
export async function restoreBackup(
  client: TriptychClient,
  store: Store,
  recoveryKey: Uint8Array,
): Promise<BackupContents | null> {
  const contents = await fetchBackup(client, recoveryKey);
  if (!contents) return null;
  const history = contents.history && (await fetchHistory(client, contents, recoveryKey));
  await store.transaction((tx) => {
    for (const person of contents.people) tx.put(TABLES.people, person.uri, person);
    if (history) putHistory(tx, history);
  });
  return contents;
}

async function fetchHistory(
  client: TriptychClient,
  { history, actorUri }: BackupContents,
  recoveryKey: Uint8Array,
): Promise<History> {
  const kept = (await client.request(KeyBackup, {})).viewer?.chat.keyBackup?.history;
  if (!kept || !history) throw new BackupError('The history is not there any more.');
  const file = { ...history, url: kept.url, key: historyKeyOf(recoveryKey) };
  return readHistory(await new Files(client).read(file, actorUri));
}

const historyKeyOf = (recoveryKey: Uint8Array): Uint8Array =>
  sodium.crypto_kdf_derive_from_key(32, 1, CONTEXT, recoveryKey);

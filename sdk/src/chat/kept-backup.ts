/** The sealed backup that the server keeps. */
import { KeyBackup, SaveKeyBackup } from '../api/operations.js';
import type { TriptychClient } from '../client/client.js';
import { requireDone } from '../client/errors.js';
import { fromBase64, toBase64 } from '../crypto/bytes.js';
import { openBackup, sealBackup, type BackupContents } from './backup.js';

/** Puts a backup in the place of the one that is kept. @param historyId of the file that is its history; null = it has none @throws {RefusedError} CONFLICT when another device was faster */
export async function keepBackup(
  client: TriptychClient,
  contents: BackupContents,
  recoveryKey: Uint8Array,
  historyId: string | null = null,
): Promise<void> {
  const kept = (await client.request(KeyBackup, {})).viewer?.chat.keyBackup;
  const data = toBase64(await sealBackup(contents, recoveryKey));
  const input = { data, version: kept?.version ?? 0, historyId };
  requireDone((await client.request(SaveKeyBackup, { input })).saveKeyBackup);
}

/** What is kept; null = nothing. @throws {BackupError} when the recovery key does not open it */
export async function fetchBackup(
  client: TriptychClient,
  recoveryKey: Uint8Array,
): Promise<BackupContents | null> {
  const kept = (await client.request(KeyBackup, {})).viewer?.chat.keyBackup;
  return kept ? openBackup(fromBase64(kept.data), recoveryKey) : null;
}

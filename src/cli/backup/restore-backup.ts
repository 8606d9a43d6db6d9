// A whole restore: media and key first, rows last, so that rows without their media never appear.
import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';

import { keyFingerprint } from '../../platform/sealing.js';
import { findServerKey, writeServerKeyFile } from '../../platform/server-key.js';
import type { Storage } from '../../platform/storage/storage.js';
import { gather, readParts } from './archive-reader.js';
import type { CheckedArchive, OpenPart } from './archive-reader.js';
import { BackupError, MEDIA_PREFIX, SERVER_KEY_NAME } from './format.js';
import { openKeyPart } from './key-part.js';
import { loadDatabase, refuseUsedDatabase } from './load-database.js';

/** Where to restore to. */
export interface RestoreTarget {
  readonly databaseUrl: string;
  readonly storage: Storage;
  /** Absolute; made if needed. */
  readonly dataDirectory: string;
  /** TRIPTYCH_SERVER_KEY, or null: the key of the backup becomes a file. */
  readonly serverKey: string | null;
  readonly passphrase: string | null;
  /** What the data belong to from now on. */
  readonly domain: string;
}

/** @throws {BackupError} without a key, or with another than the data were sealed under */
async function readKey(
  file: string,
  { header }: CheckedArchive,
  passphrase: string | null,
): Promise<Buffer> {
  for await (const part of readParts(file)) {
    if (part.name !== SERVER_KEY_NAME) continue;
    const key = await openKeyPart(await gather(part), passphrase);
    if ((await keyFingerprint(key)) === header.keyFingerprint) return key;
    throw new BackupError('The server key in the backup is not the one that its data need.');
  }
  throw new BackupError('There is no server key in the backup.');
}

/** @throws {BackupError} if another key is already here, under which other data may be sealed */
async function placeKey(key: Buffer, target: RestoreTarget): Promise<void> {
  const present = await findServerKey(target);
  if (present !== null && !present.equals(key)) {
    throw new BackupError(
      `Another server key (${await keyFingerprint(present)}) is already here. Remove it if nothing needs it, or restore into an empty DATA_DIR.`,
    );
  }
  if (present === null) await writeServerKeyFile(target.dataDirectory, key);
}

async function placeObject(part: OpenPart, storage: Storage, directory: string): Promise<void> {
  const key = part.name.slice(MEDIA_PREFIX.length);
  const stored = await storage.stat(key);
  if (stored?.sizeBytes === part.bytes) return; // an earlier attempt of this restore
  if (stored !== null)
    throw new BackupError(
      `The media storage holds another object under ${key}: restore into an empty one.`,
    );
  const file = path.join(directory, randomBytes(8).toString('hex'));
  await pipeline(part.content, createWriteStream(file, { mode: 0o600 }));
  await storage.putFile(key, file, 'application/octet-stream');
}

async function placeMedia(file: string, target: RestoreTarget): Promise<void> {
  const directory = await mkdtemp(path.join(target.dataDirectory, 'restore-'));
  try {
    for await (const part of readParts(file)) {
      if (part.name.startsWith(MEDIA_PREFIX)) await placeObject(part, target.storage, directory);
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/**
 * Restores a checked backup into an empty database and media storage. Can be repeated after a failure.
 *
 * @throws {BackupError} if something that is already there would be lost, or the passphrase is wrong
 * @throws {StorageError} if the media cannot be stored
 */
export async function restoreBackup(
  file: string,
  archive: CheckedArchive,
  target: RestoreTarget,
): Promise<void> {
  await target.storage.check();
  await refuseUsedDatabase(target.databaseUrl, archive);
  await placeKey(await readKey(file, archive, target.passphrase), target);
  await placeMedia(file, target);
  await loadDatabase(target.databaseUrl, file, archive, target.domain);
}

// A whole backup: rows and jobs of one moment, the server key, and the media that those rows refer to.
import type { Storage } from '../../platform/storage/storage.js';
import { appliedMigrations, connect } from '../../platform/db/connection.js';
import type { Connection } from '../../platform/db/connection.js';
import { writeLastBackup } from '../../platform/db/last-backup.js';
import { referencedMedia } from '../../platform/db/media-keys.js';
import { readServerIdentity } from '../../platform/db/server-identity.js';
import { listTables } from '../../platform/db/table-copy.js';
import { keyFingerprint } from '../../platform/sealing.js';
import { openArchive } from './archive-writer.js';
import type { ArchiveWriter } from './archive-writer.js';
import {
  BackupError,
  FORMAT_VERSION,
  HEADER_NAME,
  MANIFEST_NAME,
  SERVER_KEY_NAME,
} from './format.js';
import type { Header, Manifest } from './format.js';
import { sealKeyPart } from './key-part.js';
import { inSnapshot, saveTables } from './save-database.js';
import { saveMedia } from './save-media.js';

/** What to save and where to. */
export interface BackupSource {
  readonly databaseUrl: string;
  readonly storage: Storage;
  /** 32 bytes. */
  readonly serverKey: Uint8Array;
  /** null: the key is stored readable. */
  readonly passphrase: string | null;
}

async function describe(connection: Connection, serverKey: Uint8Array): Promise<Header> {
  const migrations = await appliedMigrations(connection);
  if (migrations.length === 0)
    throw new BackupError(
      'There is nothing to save: the server has never been started on this database.',
    );
  const identity = await readServerIdentity(connection);
  const fingerprint = await keyFingerprint(serverKey);
  if (identity.domain === null)
    throw new BackupError(
      'There is nothing to save: the server has never finished a start on this database.',
    );
  if (identity.keyFingerprint !== fingerprint) {
    throw new BackupError(
      `The server key here is ${fingerprint}, but the data were sealed under ${identity.keyFingerprint}: such a backup would be worthless.`,
    );
  }
  const {
    rows: [row],
  } = await connection.query<{ now: Date }>('select now() as now');
  return {
    formatVersion: FORMAT_VERSION,
    createdAt: (row?.now ?? new Date()).toISOString(),
    domain: identity.domain,
    keyFingerprint: fingerprint,
    migrations,
    tables: await listTables(connection),
  };
}

const asJson = (value: unknown): Buffer => Buffer.from(`${JSON.stringify(value, null, 1)}\n`);

async function saveSnapshot(
  connection: Connection,
  source: BackupSource,
  archive: ArchiveWriter,
): Promise<
  { header: Header; media: Map<string, string> } & Pick<Manifest, 'rowCounts' | 'sequences'>
> {
  return inSnapshot(connection, async () => {
    const header = await describe(connection, source.serverKey);
    await archive.add(HEADER_NAME, asJson(header));
    const saved = await saveTables(connection, header.tables, archive);
    return { header, media: await referencedMedia(connection), ...saved };
  });
}

/**
 * Writes a backup to `file`. The server may run meanwhile; it holds one snapshot open for as long as the rows take.
 *
 * @throws {BackupError} if there is nothing to save or the key is not the one of the data; then no file is left
 * @throws {StorageError} if the media cannot be read; then no file is left
 */
export async function createBackup(
  file: string,
  source: BackupSource,
): Promise<{ header: Header; manifest: Manifest }> {
  // a storage that is closed looks like one from which everything is missing
  await source.storage.check();
  await using connection = await connect(source.databaseUrl);
  await using archive = await openArchive(file);
  const { header, media, rowCounts, sequences } = await saveSnapshot(connection, source, archive);
  await archive.add(SERVER_KEY_NAME, await sealKeyPart(source.serverKey, source.passphrase));
  const saved = await saveMedia(source.storage, media.keys(), archive);
  const manifest: Manifest = { parts: [...archive.parts], rowCounts, sequences, media: saved };
  await archive.add(MANIFEST_NAME, asJson(manifest));
  await archive.finish();
  await writeLastBackup(connection, new Date(header.createdAt));
  return { header, manifest };
}

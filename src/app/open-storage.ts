/** Which implementation keeps the media of this server. */
import type { Config, StorageConfig } from '../platform/config.js';
import type { Logger } from '../platform/logger.js';
import { openFilesystemStorage, type FilesystemCare } from '../platform/storage/filesystem.js';
import { openMovingStorage } from '../platform/storage/moving.js';
import { isStorageOutage } from '../platform/storage/storage-error.js';
import type { Storage } from '../platform/storage/storage.js';

type Place = Pick<Config, 'storage' | 'previousStorage'>;

/** Opens the storage that the configuration names; touches nothing until it is used. */
export async function openStorage(config: Place): Promise<Storage> {
  const present = await openOne(config.storage);
  if (config.previousStorage === null) return present;
  return openMovingStorage(present, await openOne(config.previousStorage));
}

/** Opens one of the storages that the configuration names. */
export async function openOne(storage: StorageConfig, care: FilesystemCare = {}): Promise<Storage> {
  if (storage.kind === 'filesystem') return openFilesystemStorage(storage.directory, care);
  // a quarter of a second and 25 MB that only those pay who want it
  const { openS3Storage } = await import('../platform/storage/s3.js');
  return openS3Storage(storage);
}

/**
 * Checks the storage at the start. One that does not answer is logged and no reason to stop: everything but media
 * works without it, and it may come back.
 *
 * @throws {StorageError} when somebody has to change something first
 */
export async function requireStorage(storage: Storage, log: Logger): Promise<void> {
  try {
    await storage.check();
  } catch (error) {
    if (!isStorageOutage(error)) throw error;
    log.error({ err: error }, 'media can be neither stored nor shown until the storage answers');
  }
}

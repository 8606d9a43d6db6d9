/** Which implementation keeps the media of this server. */
import path from 'node:path';
import type { Config } from '../platform/config.js';
import type { Logger } from '../platform/logger.js';
import { openFilesystemStorage } from '../platform/storage/filesystem.js';
import { isStorageOutage } from '../platform/storage/storage-error.js';
import type { Storage } from '../platform/storage/storage.js';

/** Opens the storage that the configuration names; touches nothing until it is used. */
export async function openStorage(
  config: Pick<Config, 'storage' | 'dataDirectory'>,
): Promise<Storage> {
  if (config.storage.kind === 'filesystem')
    return openFilesystemStorage(path.join(config.dataDirectory, 'media'));
  // a quarter of a second and 25 MB that only those pay who want it
  const { openS3Storage } = await import('../platform/storage/s3.js');
  return openS3Storage(config.storage);
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

// Saves every object of the media storage that the saved rows refer to.

import type { Storage } from '../../platform/storage/storage.js';
import type { ArchiveWriter } from './archive-writer.js';
import { MEDIA_PREFIX } from './format.js';
import type { Manifest } from './format.js';

/**
 * Objects are written once and never changed, so reading them after the snapshot is as good as in it; those that were
 * removed in between are listed as missing.
 */
export async function saveMedia(
  storage: Storage,
  keys: Iterable<string>,
  archive: ArchiveWriter,
): Promise<Manifest['media']> {
  const saved = { objects: 0, bytes: 0, missing: [] as string[] };
  for (const key of keys) {
    const stored = await storage.stat(key);
    if (stored === null) {
      saved.missing.push(key);
      continue;
    }
    await archive.addStream(MEDIA_PREFIX + key, stored.sizeBytes, await storage.read(key));
    saved.objects += 1;
    saved.bytes += stored.sizeBytes;
  }
  return saved;
}

// From files that were made to objects that a row may name.
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { JobContext } from '../../platform/context.js';
import { PLAYLIST } from '../media-url.js';
import type { VideoBatch } from './video/batch.js';
import type { VideoFile } from './video/made-files.js';
import { extendMaster, masterPlaylist } from './video/playlist.js';
import type { StoredRendition } from './video-rows.js';

/** The playlist of all streams with those of a batch; `masterKey` is the object of the one so far, null = none. */
export async function writeMaster(
  { storage }: Pick<JobContext, 'storage'>,
  masterKey: string | null,
  { variants, sound }: Pick<VideoBatch, 'variants' | 'sound'>,
  directory: string,
): Promise<VideoFile> {
  const text = masterKey
    ? extendMaster((await buffer(await storage.read(masterKey))).toString('utf8'), variants)
    : masterPlaylist(variants, sound);
  const file = path.join(directory, 'hls.m3u8');
  await writeFile(file, text);
  const sizeBytes = Buffer.byteLength(text);
  return { name: 'hls', path: file, mimeType: PLAYLIST, ...largestIn(text), sizeBytes };
}

function largestIn(master: string): { width: number; height: number } {
  const sizes = [...master.matchAll(/RESOLUTION=(\d+)x(\d+)/g)].map(([, width, height]) => ({
    width: Number(width),
    height: Number(height),
  }));
  return sizes.reduce((one, other) =>
    other.width * other.height > one.width * one.height ? other : one,
  );
}

/** Stores all files or none: what is left of a batch would take room from the next try. */
export async function storeFiles(
  { storage }: Pick<JobContext, 'storage'>,
  files: readonly VideoFile[],
): Promise<StoredRendition[]> {
  const stored: StoredRendition[] = [];
  try {
    for (const { name, path: file, mimeType, width, height, sizeBytes } of files) {
      const key = `renditions/${randomBytes(16).toString('hex')}`;
      await storage.putFile(key, file, mimeType);
      stored.push({ name, key, mimeType, width, height, sizeBytes });
    }
    return stored;
  } catch (error) {
    // A storage that does not answer does not remove either: the broom does, later.
    for (const { key } of stored) await storage.remove(key).catch(() => undefined);
    throw error;
  }
}

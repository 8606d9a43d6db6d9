/** Objects as files below one directory. */
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import {
  access,
  constants,
  copyFile,
  mkdir,
  open,
  opendir,
  rename,
  rm,
  stat,
} from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { hasCode } from '../system-error.js';
import { openLocalFile } from './local-file.js';
import { objectMissing, StorageError } from './storage-error.js';
import { requireKey } from './storage-key.js';
import type { ByteRange, Storage } from './storage.js';

const PARTIAL = '.partial';
/** Few, large reads cost less than many small ones. */
const CHUNK_BYTES = 256 * 1024;

/** How carefully objects are kept. */
export interface FilesystemCare {
  /** An object is on the disk, not only in the memory of the machine, before it counts as stored. */
  readonly isFlushed?: boolean;
}

/** Opens a directory as storage; it is made when the first object is stored. */
export function openFilesystemStorage(
  root: string,
  { isFlushed = false }: FilesystemCare = {},
): Storage {
  const locate = (key: string): string => path.join(root, requireKey(key));
  return {
    check: () => requireAccess(root),
    putFile: async (key, source) => {
      if (isFlushed) await flush(source);
      await moveInto(locate(key), source);
      if (isFlushed) await flush(path.dirname(locate(key)));
    },
    stat: async (key) => statOrNull(locate(key)),
    read: async (key, range) => orMissing(key, openForReading(locate(key), range)),
    localFile: async (key) => openLocalFile(locate(key)),
    fetchToFile: async (key, target) => orMissing(key, copyFile(locate(key), target)),
    remove: async (key) => rm(locate(key), { force: true }),
    list: (before) => listObjects(root, before?.getTime() ?? Infinity),
    removeUnfinished: (before) => removePartials(root, before.getTime()),
  };
}

async function requireAccess(root: string): Promise<void> {
  try {
    await access(root, constants.R_OK | constants.W_OK | constants.X_OK);
    await opendir(root).then((directory) => directory.close());
  } catch (cause) {
    if (hasCode(cause, 'ENOENT')) return;
    throw new StorageError('ACCESS_DENIED', `Media cannot be kept in ${root}: ${String(cause)}`, {
      cause,
    });
  }
}

async function flush(file: string): Promise<void> {
  const handle = await open(file);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function moveInto(target: string, source: string): Promise<void> {
  await mkdir(path.dirname(target), { recursive: true, mode: 0o700 });
  try {
    await rename(source, target);
  } catch (error) {
    if (!hasCode(error, 'EXDEV')) throw error;
    // another file system: copy beside the target first, so that a reader never sees a part
    const partial = `${target}${PARTIAL}`;
    try {
      await copyFile(source, partial);
      await rename(partial, target);
    } catch (cause) {
      // On a full disk this is the room that is missing.
      await rm(partial, { force: true });
      throw cause;
    }
    await rm(source, { force: true });
  }
}

async function statOrNull(file: string): Promise<{ sizeBytes: number } | null> {
  try {
    return { sizeBytes: (await stat(file)).size };
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}

async function openForReading(file: string, range?: ByteRange): Promise<Readable> {
  const stream = createReadStream(file, { ...range, highWaterMark: CHUNK_BYTES });
  await once(stream, 'open');
  return stream;
}

async function orMissing<T>(key: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    throw hasCode(cause, 'ENOENT') ? objectMissing(key, { cause }) : cause;
  }
}

async function* listObjects(root: string, before: number): AsyncIterable<string> {
  for await (const file of filesBelow(root, ''))
    if (!file.endsWith(PARTIAL) && (await isOlder(path.join(root, file), before))) yield file;
}

async function removePartials(root: string, before: number): Promise<void> {
  for await (const file of filesBelow(root, '')) {
    const partial = path.join(root, file);
    if (file.endsWith(PARTIAL) && (await isOlder(partial, before))) await rm(partial);
  }
}

async function isOlder(file: string, instant: number): Promise<boolean> {
  return instant === Infinity || (await stat(file)).mtimeMs < instant;
}

async function* filesBelow(root: string, prefix: string): AsyncIterable<string> {
  let directory;
  try {
    directory = await opendir(path.join(root, prefix));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return;
    throw error;
  }
  for await (const entry of directory) {
    const name = prefix ? `${prefix}/${entry.name}` : entry.name;
    if (entry.isDirectory()) yield* filesBelow(root, name);
    else yield name;
  }
}

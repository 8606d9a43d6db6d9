/** Files of Node. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { FileSource } from './file-source.js';

/** Bytes that are read at once. */
const READ_BYTES = 256 * 1024;

/** The file of this path. */
export async function fileOfPath(path: string): Promise<FileSource> {
  const { size } = await stat(path);
  return {
    sizeBytes: size,
    read: () => createReadStream(path, { highWaterMark: READ_BYTES }) as AsyncIterable<Buffer>,
  };
}

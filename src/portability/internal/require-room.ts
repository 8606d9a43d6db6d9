/** An archive must not fill the disk on which the database may lie. */
import { statfs } from 'node:fs/promises';

/** What stays free. */
const RESERVE_BYTES = 512 * 1024 ** 2;

/** @throws {Error} when less than so many bytes and a reserve are free where the directory is */
export async function requireRoom(directory: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(directory);
  const free = bavail * bsize;
  if (free < bytes + RESERVE_BYTES)
    throw new Error(`An archive of about ${bytes} bytes does not fit: ${free} bytes are free.`);
}

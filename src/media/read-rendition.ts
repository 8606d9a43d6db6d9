/** The bytes of a rendition, for what the server writes itself. */
import { buffer } from 'node:stream/consumers';
import type { Services } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import type { MediaId } from './media.entity.js';

const FIND = statement(
  'renditions.key',
  'select storage_key as key from renditions where media_id = $1 and name = $2 and storage_key is not null',
);

/**
 * The whole rendition, which must be a small one; null when there is none of this name.
 *
 * @throws {StorageError} OBJECT_MISSING
 */
export async function readRendition(
  { database, storage }: Pick<Services, 'database' | 'storage'>,
  mediaId: MediaId,
  name: string,
): Promise<Buffer | null> {
  const found = await database.row<{ key: string }>(FIND, [mediaId, name]);
  return found && buffer(await storage.read(found.key));
}

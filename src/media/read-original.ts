/** The bytes that somebody uploaded, for what the server reads itself. */
import type { Services } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import type { MediaId } from './media.entity.js';

const FIND = statement(
  'media.original_key',
  'select original_key as key from media where id = $1 and deleted_at is null and original_key is not null',
);

/**
 * Copies an original to a file that is not there yet; false when there is none.
 *
 * @throws {StorageError} also OBJECT_MISSING
 */
export async function copyOriginal(
  { database, storage }: Pick<Services, 'database' | 'storage'>,
  mediaId: MediaId,
  file: string,
): Promise<boolean> {
  const found = await database.row<{ key: string }>(FIND, [mediaId]);
  if (found) await storage.fetchToFile(found.key, file);
  return found !== null;
}

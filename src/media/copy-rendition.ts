/** Renditions as files, for programs that work on them. */
import type { Services } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import type { MediaId } from './media.entity.js';

const FIND = statement(
  'renditions.first_key',
  `select r.storage_key as key from renditions r join media m on m.id = r.media_id
   where r.media_id = $1 and m.deleted_at is null and r.name = any($2::text[]) and r.storage_key is not null
   order by array_position($2::text[], r.name) limit 1`,
);

/**
 * Copies the first rendition that there is of these names to a file that is not there yet; false when there is none.
 *
 * @throws {StorageError} also OBJECT_MISSING
 */
export async function copyRendition(
  { database, storage }: Pick<Services, 'database' | 'storage'>,
  mediaId: MediaId,
  names: readonly string[],
  file: string,
): Promise<boolean> {
  const found = await database.row<{ key: string }>(FIND, [mediaId, names]);
  if (found) await storage.fetchToFile(found.key, file);
  return found !== null;
}

// Which objects of the media storage the rows refer to.
import type { Connection } from './connection.js';

/** Type of every object that a row refers to, by its key: renditions and private originals that were not removed. */
export async function referencedMedia(connection: Connection): Promise<Map<string, string>> {
  const { rows } = await connection.query<{ key: string; type: string }>(
    `select storage_key as key, mime_type as type from renditions where storage_key is not null
     union all select original_key, mime_type from media where original_key is not null`,
  );
  return new Map(rows.map(({ key, type }) => [key, type]));
}

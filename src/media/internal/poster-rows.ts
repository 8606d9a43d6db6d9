// What the database says of the still picture of a video.
import type { Services } from '../../platform/context.js';
import { statement, type Transaction } from '../../platform/db/database.js';
import type { MediaId } from '../media.entity.js';
import { posterChanged } from '../media.events.js';
import type { StoredRendition } from './video-rows.js';

/** A still picture that is stored and that nothing names yet. */
export interface StoredPoster {
  readonly renditions: readonly StoredRendition[];
  readonly blurhash: string | null;
  readonly dominantColor: string | null;
}

/** Names of all sizes of a still picture. */
const SIZES = `('full', 'large', 'medium', 'small', 'thumb', 'still', 'opaque')`;

const FORMER = statement(
  'posters.forget',
  `delete from renditions where media_id = $1 and name in ${SIZES} returning storage_key as key`,
);
const ADD = statement(
  'posters.add',
  `insert into renditions (media_id, name, storage_key, mime_type, width, height, size_bytes, version)
   select $1, r.name, r.key, r."mimeType", r.width, r.height, r."sizeBytes", $3
   from json_to_recordset($2::json) as r(name text, key text, "mimeType" text, width int, height int, "sizeBytes" bigint)`,
);
const SHOW = statement(
  'posters.show',
  `update media set blurhash = $2, dominant_color = $3, updated_at = $4,
     stored_bytes = size_bytes + (select coalesce(sum(size_bytes), 0) from renditions where media_id = $1)
   where id = $1`,
);

/**
 * Shows another still picture of a video, all sizes at once. Needs the lock of the video.
 *
 * @returns the objects that nothing names any more, to be removed after the transaction
 */
export async function replacePoster(
  tx: Transaction,
  now: Date,
  { mediaId, version }: { readonly mediaId: MediaId; readonly version: number },
  { renditions, blurhash, dominantColor }: StoredPoster,
): Promise<string[]> {
  const former = await tx.rows<{ key: string | null }>(FORMER, [mediaId]);
  await tx.rows(ADD, [mediaId, JSON.stringify(renditions), version]);
  await tx.rows(SHOW, [mediaId, blurhash, dominantColor, now]);
  await tx.append(posterChanged, { mediaId });
  return former.flatMap(({ key }) => (key === null ? [] : [key]));
}

/** Removes objects that no row names; what cannot be removed now, the broom finds. */
export async function removeObjects(
  { storage, log }: Pick<Services, 'storage' | 'log'>,
  keys: readonly string[],
): Promise<void> {
  for (const key of keys)
    await storage.remove(key).catch((error: unknown) => {
      log.warn({ err: error }, 'an object is left to the broom');
    });
}

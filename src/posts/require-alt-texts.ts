/** For authors who ask to be held to describing their pictures and videos. */
import type { MediaId } from '../media/media.entity.js';
import { findMedia } from '../media/media.queries.js';
import type { Transaction } from '../platform/db/database.js';
import { Invalid } from '../platform/errors.js';

/**
 * Refuses media that nobody has described. Needs their locks, as attaching takes them.
 *
 * @param pathOf where an asset stands in the mutation's input, by its index in `mediaIds`
 * @throws {Invalid} INVALID_INPUT, ALT_TEXT
 */
export async function requireAltTexts(
  tx: Transaction,
  mediaIds: readonly MediaId[],
  pathOf: (index: number) => readonly string[] = (index) => ['mediaIds', String(index)],
): Promise<void> {
  const described = new Set(
    (await findMedia(tx, mediaIds)).filter(({ altText }) => altText?.trim()).map(({ id }) => id),
  );
  const index = mediaIds.findIndex((id) => !described.has(id));
  if (index < 0) return;
  throw new Invalid('Describe it for people who cannot see it.', pathOf(index), 'ALT_TEXT');
}

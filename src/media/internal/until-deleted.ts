/** Work on an asset that ends with the asset, whichever process deletes it. */
import type { Services } from '../../platform/context.js';
import { statement } from '../../platform/db/database.js';
import type { MediaId } from '../media.entity.js';

/** How long work goes on after its asset was deleted, in ms: one small query for each video on its way. */
const INTERVAL_MS = 1000;

const IS_THERE = statement(
  'media.is_there',
  'select from media where id = $1 and deleted_at is null',
);

/** The video was deleted while it was made. */
export class VideoDeleted extends Error {
  override readonly name = 'VideoDeleted';
}

/**
 * Runs work with a signal that aborts when the asset is deleted.
 *
 * @throws {VideoDeleted} and what the work throws
 */
export async function untilDeleted(
  { database, log }: Pick<Services, 'database' | 'log'>,
  mediaId: MediaId,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const gone = new AbortController();
  let isAsking = false;
  const look = async (): Promise<void> => {
    if (isAsking) return;
    isAsking = true;
    try {
      if (!(await database.row(IS_THERE, [mediaId]))) gone.abort(new VideoDeleted());
    } catch (error) {
      log.warn({ err: error, mediaId }, 'whether a video is still wanted is not known');
    } finally {
      isAsking = false;
    }
  };
  const timer = setInterval(() => void look(), INTERVAL_MS);
  try {
    await work(gone.signal);
  } finally {
    clearInterval(timer);
  }
}

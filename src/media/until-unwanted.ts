/** Work on a video that ends when nobody wants the video any more, whichever process deletes or refuses it. */
import type { Services } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import type { MediaId } from './media.entity.js';

/** How long work goes on after that, in ms: one small query for each video on its way. */
const INTERVAL_MS = 1000;

const IS_WANTED = statement(
  'media.is_wanted',
  `select from media where id = $1 and deleted_at is null and state in ('PROCESSING', 'READY')`,
);

/** The video was deleted or refused while it was made. */
export class VideoUnwanted extends Error {
  override readonly name = 'VideoUnwanted';
}

/**
 * Runs work with a signal that aborts when the video is deleted or refused.
 *
 * @throws {VideoUnwanted} and what the work throws
 */
export async function untilUnwanted(
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
      if (!(await database.row(IS_WANTED, [mediaId]))) gone.abort(new VideoUnwanted());
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

/** Videos that wait for their turn, and who is told of it. */
import type { Services } from '../../platform/context.js';
import type { Reader } from '../../platform/db/database.js';
import {
  firstInQueue,
  placeInQueue,
  type QueueOfJobs,
} from '../../platform/jobs/place-in-queue.js';
import type { MediaId } from '../media.entity.js';
import { mediaProgressed } from '../media.events.js';

const VIDEOS: QueueOfJobs = { job: 'processVideo', field: 'mediaId' };

/** How many videos will be begun before this one, and this one; null when it does not wait. */
export function placeOfVideo(reader: Reader, mediaId: MediaId): Promise<number | null> {
  return placeInQueue(reader, VIDEOS, mediaId);
}

/** Whether any video waits for its turn. */
export async function isAnyWaiting(reader: Reader): Promise<boolean> {
  return (await firstInQueue(reader, VIDEOS)).length > 0;
}

/** Tells the owners of the first 100 videos that wait that they have moved up: one of them is begun. */
export async function tellWaiting({
  database,
  log,
}: Pick<Services, 'database' | 'log'>): Promise<void> {
  try {
    const waiting = (await firstInQueue(database, VIDEOS)) as MediaId[];
    if (waiting.length === 0) return;
    await database.transaction(async (tx) => {
      const news = { stage: 'PROCESSING', percent: 0, isWaiting: true } as const;
      for (const mediaId of waiting) await tx.append(mediaProgressed, { mediaId, ...news });
    });
  } catch (error) {
    // What is lost costs nothing: the next video that is begun tells again.
    log.warn({ err: error }, 'places in the queue were not told');
  }
}

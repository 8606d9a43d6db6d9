/** From the moment that the owner of a video chose to its still picture. What is shown stays until the new one is there. */
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type { JobContext } from '../../platform/context.js';
import { statement } from '../../platform/db/database.js';
import { declareJob, type JobType } from '../../platform/jobs/job.js';
import { ImageRejected } from '../internal/images/image-rejected.js';
import type { ProcessedImage } from '../internal/images/image-processor.js';
import { removeObjects, replacePoster } from '../internal/poster-rows.js';
import { VideoRejected } from '../internal/video/video-rejected.js';
import type { StoredRendition } from '../internal/video-rows.js';
import type { MediaId } from '../media.entity.js';
import type { MediaEvent } from '../media.events.js';
import type { VideoMakers } from './process-video.job.js';

/** Takes a still picture; of choices that follow each other fast only the last. It takes a second: no video has to end first. */
export const takePoster = declareJob<MediaEvent>('takePoster', {
  maxAttempts: 8,
  keyOf: ({ mediaId }) => mediaId,
});

interface Choice {
  readonly originalKey: string;
  readonly atMs: number;
  readonly version: number;
}

const OPEN = `id = $1 and kind = 'video' and state = 'READY' and original_key is not null and poster_at_ms is not null
  and deleted_at is null`;
const FIND = statement(
  'posters.open_choice',
  `select original_key as "originalKey", poster_at_ms as "atMs", poster_version as version from media where ${OPEN}
     and not exists (select from renditions r where r.media_id = $1 and r.name = 'full' and r.version = poster_version)`,
);
const LOCK = statement(
  'posters.lock_choice',
  `select from media where ${OPEN} and poster_version = $2 for no key update`,
);

/** The handler, with the processors of this worker. */
export function createTakePoster(makers: VideoMakers): JobType<MediaEvent> {
  return { ...takePoster, run: (context, { mediaId }) => take(context, makers, mediaId) };
}

async function take(context: JobContext, makers: VideoMakers, mediaId: MediaId): Promise<void> {
  const choice = await context.database.row<Choice>(FIND, [mediaId]);
  if (!choice) return;
  await using directory = await context.scratch.directory();
  try {
    const picture = await make(context, makers, choice, directory.path);
    await show(context, mediaId, choice, picture);
  } catch (error) {
    if (!(error instanceof VideoRejected || error instanceof ImageRejected)) throw error;
    context.log.warn({ err: error, mediaId }, 'no picture could be taken at this moment');
  }
}

async function make(
  context: JobContext,
  { videos, images }: VideoMakers,
  { originalKey, atMs }: Choice,
  directory: string,
): Promise<ProcessedImage> {
  const inputPath = path.join(directory, 'original');
  await context.storage.fetchToFile(originalKey, inputPath);
  const still = await videos.takeStill({ inputPath, workDirectory: directory, atMs });
  const outputDirectory = path.join(directory, 'poster');
  return images.process({ inputPath: still, outputDirectory, purpose: 'photo' });
}

async function show(
  context: JobContext,
  mediaId: MediaId,
  { version }: Choice,
  { renditions, blurhash, dominantColor }: ProcessedImage,
): Promise<void> {
  const stored: StoredRendition[] = [];
  for (const { name, path: file, mimeType, width, height, sizeBytes } of renditions) {
    const key = `renditions/${randomBytes(16).toString('hex')}`;
    await context.storage.putFile(key, file, mimeType);
    stored.push({ name, key, mimeType, width, height, sizeBytes });
  }
  const poster = { renditions: stored, blurhash, dominantColor };
  const former = await context.database.transaction(async (tx) =>
    // Whoever chose again meanwhile does not see this one.
    (await tx.row(LOCK, [mediaId, version]))
      ? replacePoster(tx, context.clock.now(), { mediaId, version }, poster)
      : null,
  );
  await removeObjects(context, former ?? stored.map(({ key }) => key));
}

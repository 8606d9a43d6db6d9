/**
 * AV1 beside the H.264 of a video that is whole, where the operator wants it. It takes twice as long, so that
 * all videos that wait go first, and a video loses nothing when it cannot be had.
 */
import path from 'node:path';
import type { JobContext } from '../../platform/context.js';
import { declareJob, type JobType } from '../../platform/jobs/job.js';
import { enqueueAt } from '../../platform/jobs/enqueue.js';
import { tellProgress } from '../internal/tell-progress.js';
import { isAnyWaiting } from '../internal/video-queue.js';
import { storeFiles, writeMaster } from '../internal/video-publishing.js';
import { readMediaPlaylist } from '../internal/video/playlist.js';
import type { VideoBatch } from '../internal/video/batch.js';
import type { VideoProcessor } from '../internal/video/video-processor.js';
import { VideoRejected } from '../internal/video/video-rejected.js';
import {
  findWholeVideo,
  publishMore,
  sizesOf,
  type UnprocessedVideo,
} from '../internal/video-rows.js';
import type { MediaId } from '../media.entity.js';
import { mediaReady, type MediaEvent } from '../media.events.js';
import { readRendition } from '../read-rendition.js';
import { untilUnwanted, VideoUnwanted } from '../until-unwanted.js';

/** Adds the qualities that are smaller in AV1; of videos the patient one. */
export const addAv1 = declareJob<MediaEvent>('addAv1', {
  maxAttempts: 3,
  lane: 'video',
  keyOf: ({ mediaId }) => mediaId,
});

/** How long it stands back while other videos wait, in ms. */
const STAND_BACK_MS = 60_000;

/** The handler, with the processor of this worker. */
export function createAddAv1(videos: VideoProcessor): JobType<MediaEvent> {
  return { ...addAv1, run: (context, { mediaId }) => add(context, videos, mediaId) };
}

async function add(context: JobContext, videos: VideoProcessor, mediaId: MediaId): Promise<void> {
  const { config, database, clock, log } = context;
  if (!config.video.av1) return;
  const media = await findWholeVideo(database, mediaId);
  if (!media?.masterKey || media.made.some((name) => name.endsWith('-av1'))) return;
  if (await isAnyWaiting(database)) {
    const later = new Date(clock.now().getTime() + STAND_BACK_MS);
    await database.transaction((tx) => enqueueAt(tx, later, addAv1, { mediaId }));
    return;
  }
  await using directory = await context.scratch.directory();
  try {
    await untilUnwanted(context, mediaId, (signal) =>
      make(context, videos, media, { directory: directory.path, signal }),
    );
  } catch (error) {
    if (error instanceof VideoUnwanted) return;
    // It was decoded to its end before: what is left of a reason is the encoder, or its limits.
    if (!(error instanceof VideoRejected)) throw error;
    log.warn({ err: error, mediaId }, 'a video could not be made in AV1');
  }
  // Whoever hears how far it is hears that it is over, also when nothing of it is kept.
  await database.transaction((tx) => tx.append(mediaReady, { mediaId }));
}

async function make(
  context: JobContext,
  videos: VideoProcessor,
  media: UnprocessedVideo,
  { directory, signal }: { readonly directory: string; readonly signal: AbortSignal },
): Promise<void> {
  const inputPath = path.join(directory, 'original');
  await context.storage.fetchToFile(media.originalKey, inputPath);
  const sound = await readRendition(context, media.id, 'hls-audio');
  const soundBitRate = sound ? readMediaPlaylist(sound.toString('utf8')).peakBitRate : 0;
  const onBatch = async (batch: VideoBatch): Promise<void> => {
    const master = await writeMaster(context, media.masterKey, batch, directory);
    await publishMore(context, media, await storeFiles(context, [...batch.files, master]));
  };
  const sizes = await sizesOf(context.database, media.id);
  const onProgress = tellProgress(context, media.id, 'PROCESSING');
  const request = { inputPath, workDirectory: directory, soundBitRate, sizes, onProgress, onBatch };
  await videos.addAv1(request, signal);
}

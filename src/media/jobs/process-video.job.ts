/**
 * From an uploaded video to what is played. Each batch of renditions is stored first and becomes visible in one
 * transaction, together with the master playlist that names it; what is visible is never made anew by a later try.
 */
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { JobContext } from '../../platform/context.js';
import type { Id } from '../../platform/ids.js';
import { declareJob, type JobType } from '../../platform/jobs/job.js';
import { isStorageOutage } from '../../platform/storage/storage-error.js';
import { ImageRejected } from '../internal/images/image-rejected.js';
import type { ImageProcessor } from '../internal/images/image-processor.js';
import { tellProgress } from '../internal/tell-progress.js';
import { untilUnwanted, VideoUnwanted } from '../until-unwanted.js';
import type { VideoBatch } from '../internal/video/batch.js';
import type { VideoFile } from '../internal/video/made-files.js';
import { isOutOfRoom } from '../internal/video/explain-failure.js';
import { storeFiles, writeMaster } from '../internal/video-publishing.js';
import { tellWaiting } from '../internal/video-queue.js';
import { VideoSwitchedOff } from '../internal/video/open-tools.js';
import type { VideoProcessor } from '../internal/video/video-processor.js';
import { VideoRejected } from '../internal/video/video-rejected.js';
import {
  endVideo,
  failVideo,
  findUnprocessedVideo,
  publishBatch,
  type FailedVideo,
  type UnprocessedVideo,
} from '../internal/video-rows.js';
import type { MediaId } from '../media.entity.js';
import type { MediaEvent } from '../media.events.js';

/** Makes the renditions of a video whose bytes have arrived. Videos have places of their own: pictures do not wait for them. */
export const processVideo = declareJob<MediaEvent>('processVideo', {
  maxAttempts: 12,
  lane: 'video',
  queueOf: ({ mediaId }) => mediaId,
});

/** Tries of a video at which this side fails; a storage or a disk that is out of order gets all of the attempts, hours. */
const TRIES = 3;

/** What a worker makes videos with. */
export interface VideoMakers {
  readonly images: ImageProcessor;
  readonly videos: VideoProcessor;
}

/** The handler, with the processors of this worker. */
export function createProcessVideo(makers: VideoMakers): JobType<MediaEvent> {
  return { ...processVideo, run: (context, { mediaId }) => process(context, makers, mediaId) };
}

async function process(context: JobContext, makers: VideoMakers, mediaId: MediaId): Promise<void> {
  const media = await findUnprocessedVideo(context.database, mediaId);
  if (!media) return;
  await tellWaiting(context);
  await using directory = await context.scratch.directory();
  try {
    await untilUnwanted(context, mediaId, (signal) =>
      make(context, makers, media, { directory: directory.path, signal }),
    );
    await endVideo(context, media, null);
  } catch (error) {
    await conclude(context, media, error);
  }
}

/** What is published stays, whatever becomes of the rest. */
async function conclude(
  context: JobContext,
  media: UnprocessedVideo,
  error: unknown,
): Promise<void> {
  if (error instanceof VideoUnwanted) {
    context.log.info({ mediaId: media.id }, 'a video was deleted or refused while it was made');
    return;
  }
  if (error instanceof VideoRejected || error instanceof ImageRejected) {
    context.log.info({ err: error, mediaId: media.id }, 'a video was refused');
    const code = error instanceof VideoRejected ? error.reason : 'DAMAGED';
    await failVideo(context, media, { state: 'REJECTED', code, failure: error.message });
    return;
  }
  if (context.attempt < triesAfter(error)) throw error;
  context.log.error({ err: error, mediaId: media.id }, 'processing a video failed for good');
  await failVideo(context, media, { state: 'FAILED', ...wordsFor(error) });
}

function triesAfter(error: unknown): number {
  const mayMend = isStorageOutage(error) || isOutOfRoom(error);
  return mayMend ? processVideo.maxAttempts : TRIES;
}

function wordsFor(error: unknown): Pick<FailedVideo, 'code' | 'failure'> {
  if (isOutOfRoom(error))
    return { code: 'NO_SPACE', failure: 'This server has no room for the video. Try again later.' };
  if (error instanceof VideoSwitchedOff)
    return { code: 'SWITCHED_OFF', failure: 'This server cannot process videos at present.' };
  return {
    code: 'SERVER_FAULT',
    failure: 'The video could not be processed on this server. Try again later.',
  };
}

async function make(
  context: JobContext,
  { images, videos }: VideoMakers,
  media: UnprocessedVideo,
  { directory, signal }: { readonly directory: string; readonly signal: AbortSignal },
): Promise<void> {
  const inputPath = path.join(directory, 'original');
  await context.storage.fetchToFile(media.originalKey, inputPath);
  const request = {
    inputPath,
    workDirectory: directory,
    maxDurationMs: await longestOf(context, media.accountId),
    posterAtMs: media.posterAtMs,
    made: new Set(media.made),
    onProgress: tellProgress(context, media.id, 'PROCESSING'),
    onBatch: (batch: VideoBatch) => publish(context, images, media, batch, directory),
  };
  await videos.process(request, signal);
}

async function longestOf(
  { entitlements, config }: JobContext,
  accountId: Id<'account'> | null,
): Promise<number | null> {
  if (accountId === null) return config.entitlements.videoDurationMs;
  const limit = await entitlements.limit(accountId, 'VIDEO_DURATION_MS');
  return limit === null ? null : Number(limit);
}

async function publish(
  context: JobContext,
  images: ImageProcessor,
  media: UnprocessedVideo,
  batch: VideoBatch,
  directory: string,
): Promise<void> {
  const extra = path.join(directory, 'extra');
  await mkdir(extra, { recursive: true });
  const poster =
    batch.posterPath === null
      ? null
      : await images.process({
          inputPath: batch.posterPath,
          outputDirectory: path.join(extra, 'poster'),
          purpose: 'photo',
        });
  const masters = batch.variants.length > 0 ? [await masterWith(context, media, batch, extra)] : [];
  const files = [...batch.files, ...masters, ...(poster?.renditions ?? [])];
  const stored = await storeFiles(context, files);
  await publishBatch(context, media, { batch, poster, stored });
  await rm(extra, { recursive: true, force: true });
}

/** The playlist that names what there is with this batch. */
async function masterWith(
  context: JobContext,
  media: UnprocessedVideo,
  batch: VideoBatch,
  directory: string,
): Promise<VideoFile> {
  const now = await findUnprocessedVideo(context.database, media.id);
  return writeMaster(context, now?.masterKey ?? null, batch, directory);
}

/**
 * From an original to its renditions. Safe to run again at any point: files are named anew, rows are
 * replaced in one transaction, and what an earlier try stored is found by the sweeper.
 */
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type { JobContext } from '../../platform/context.js';
import { statement } from '../../platform/db/database.js';
import { declareJob, type JobType } from '../../platform/jobs/job.js';
import { isStorageOutage } from '../../platform/storage/storage-error.js';
import type { ImageProcessor, ProcessedImage } from '../internal/images/image-processor.js';
import { ImageRejected } from '../internal/images/image-rejected.js';
import { keepRemote, refuseRemote } from '../internal/remote-cache.js';
import { tellProgress } from '../internal/tell-progress.js';
import type { MediaId, MediaKind, MediaPurpose } from '../media.entity.js';
import { OPAQUE } from '../media-row.js';
import { mediaFailed, mediaReady, type MediaEvent } from '../media.events.js';

/** Makes the renditions of an asset whose bytes have arrived. */
export const processUpload = declareJob<MediaEvent>('processUpload', { maxAttempts: 10 });

/** Tries of a file that fails by itself; a storage that is out of order gets all of the attempts, about 3.5 hours. */
const TRIES = 3;

/** The handler, with the processor of this worker. */
export function createProcessUpload(images: ImageProcessor): JobType<MediaEvent> {
  return {
    ...processUpload,
    run: (context, { mediaId }) => processMedia(context, images, mediaId),
  };
}

interface Unprocessed {
  readonly originalKey: string;
  readonly purpose: MediaPurpose;
  readonly kind: MediaKind;
  readonly isRemote: boolean;
}

interface StoredRendition {
  readonly name: string;
  readonly key: string;
  readonly mimeType: string;
  readonly width: number;
  readonly height: number;
  readonly sizeBytes: number;
}

const FIND = statement(
  'media.unprocessed',
  `select original_key as "originalKey", purpose, kind, remote_url is not null as "isRemote" from media
   where id = $1 and original_key is not null and (state = 'PROCESSING' or remote_url is not null) and deleted_at is null`,
);
const FINISH = statement(
  'media.finish',
  `update media set state = 'READY', width = case when kind = 'video' then width else $2 end,
     height = case when kind = 'video' then height else $3 end, is_animated = $4, blurhash = $5, dominant_color = $6,
     mime_type = case when kind = 'video' then mime_type else $7 end, stored_bytes = case when remote_url is null then size_bytes else 0 end + $8, updated_at = $9,
     camera = case when purpose = 'POST' then $10::jsonb end, original_key = case when remote_url is null then original_key end
   where id = $1 and original_key = $11 and (state = 'PROCESSING' or remote_url is not null) and deleted_at is null returning id`,
);
const FINISH_FILE = statement(
  'media.finish_file',
  `update media set state = 'READY', updated_at = $2
   where id = $1 and state = 'PROCESSING' and deleted_at is null returning id`,
);
const FORGET_RENDITIONS = statement(
  'renditions.forget',
  'delete from renditions where media_id = $1',
);
const INSERT_RENDITIONS = statement(
  'renditions.insert',
  `insert into renditions (media_id, name, storage_key, mime_type, width, height, size_bytes)
   select $1, r.name, r.key, r."mimeType", r.width, r.height, r."sizeBytes"
   from jsonb_to_recordset($2::jsonb) as r(name text, key text, "mimeType" text, width int, height int, "sizeBytes" bigint)`,
);
const FAIL = statement(
  'media.fail',
  `update media set state = $2, failure = $3, updated_at = $4 where id = $1 and state = 'PROCESSING' returning id`,
);

async function processMedia(
  context: JobContext,
  images: ImageProcessor,
  mediaId: MediaId,
): Promise<void> {
  const media = await context.database.row<Unprocessed>(FIND, [mediaId]);
  if (!media) return;
  if (media.kind === 'file') return finishFile(context, mediaId);
  await using directory = await context.scratch.directory();
  try {
    await derive(context, images, mediaId, media, directory.path);
  } catch (error) {
    if (error instanceof ImageRejected)
      await fail(context, mediaId, media, ['REJECTED', error.message]);
    else if (context.attempt < triesAfter(error)) throw error;
    else {
      context.log.error({ err: error, mediaId }, 'processing failed for good');
      const reason = 'The file could not be processed on this server. Upload it again.';
      await fail(context, mediaId, media, ['FAILED', reason]);
    }
  }
}

function triesAfter(error: unknown): number {
  return isStorageOutage(error) ? (processUpload.maxAttempts ?? TRIES) : TRIES;
}

async function derive(
  context: JobContext,
  images: ImageProcessor,
  mediaId: MediaId,
  media: Unprocessed,
  directory: string,
): Promise<void> {
  const inputPath = path.join(directory, 'original');
  await context.storage.fetchToFile(media.originalKey, inputPath);
  const processed = await images.process({
    inputPath,
    outputDirectory: path.join(directory, 'renditions'),
    purpose: purposeOf(media),
    onProgress: tellProgress(context, mediaId, 'PROCESSING'),
  });
  const stored = await store(context, media, processed);
  if (await finish(context, mediaId, media, processed, stored)) {
    // What another server has is kept once, as it is shown.
    if (media.isRemote) await context.storage.remove(media.originalKey);
  } else {
    context.log.info({ mediaId }, 'deleted or finished elsewhere meanwhile');
    await Promise.all(stored.map(({ key }) => context.storage.remove(key)));
  }
}

/** A file is made nothing of: who uses it reads it. */
async function finishFile(context: JobContext, mediaId: MediaId): Promise<void> {
  await context.database.transaction(async (tx) => {
    if (await tx.row(FINISH_FILE, [mediaId, context.clock.now()]))
      await tx.append(mediaReady, { mediaId });
  });
}

const PURPOSES = {
  POST: 'photo',
  STORY: 'photo',
  AVATAR: 'avatar',
  HEADER: 'header',
  EMOJI: 'emoji',
} as const;

function purposeOf({ purpose }: Unprocessed) {
  if (purpose === 'EMOJI_ARCHIVE' || purpose === 'BLOB') throw new Error('This is no picture');
  return PURPOSES[purpose];
}

/** What another server has is passed on to no others. */
async function store(
  context: JobContext,
  { isRemote }: Unprocessed,
  { renditions }: ProcessedImage,
): Promise<StoredRendition[]> {
  return Promise.all(
    renditions
      .filter(({ name }) => name !== OPAQUE || !isRemote)
      .map(async ({ name, path: file, mimeType, width, height, sizeBytes }) => {
        const key = `renditions/${randomBytes(16).toString('hex')}`;
        await context.storage.putFile(key, file, mimeType);
        return { name, key, mimeType, width, height, sizeBytes };
      }),
  );
}

/** Makes the asset READY; false when it was deleted meanwhile, so that nothing refers to what was stored. */
async function finish(
  context: JobContext,
  mediaId: MediaId,
  media: Unprocessed,
  image: ProcessedImage,
  stored: readonly StoredRendition[],
): Promise<boolean> {
  const bytes = stored.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return context.database.transaction(async (tx) => {
    const values = [
      image.width,
      image.height,
      image.isAnimated,
      image.blurhash,
      image.dominantColor,
      image.sourceMimeType,
    ];
    const camera = image.camera && JSON.stringify(image.camera);
    const now = context.clock.now();
    const finished = [mediaId, ...values, bytes, now, camera, media.originalKey];
    if (!(await tx.row(FINISH, finished))) return false;
    await tx.rows(FORGET_RENDITIONS, [mediaId]);
    await tx.rows(INSERT_RENDITIONS, [mediaId, JSON.stringify(stored)]);
    if (media.isRemote) await keepRemote(tx, mediaId, bytes, now);
    await tx.append(mediaReady, { mediaId });
    return true;
  });
}

async function fail(
  context: JobContext,
  mediaId: MediaId,
  { isRemote, originalKey }: Unprocessed,
  [state, failure]: readonly ['REJECTED' | 'FAILED', string],
): Promise<void> {
  const now = context.clock.now();
  await context.database.transaction(async (tx) => {
    if (await tx.row(FAIL, [mediaId, state, failure, now]))
      await tx.append(mediaFailed, { mediaId });
    if (isRemote) await refuseRemote(tx, mediaId, now);
  });
  if (isRemote) await context.storage.remove(originalKey);
}

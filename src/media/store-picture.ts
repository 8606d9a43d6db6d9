/** Pictures that the server takes in for itself, from files on its own machine, without upload and quota. */
import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Services } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import { Conflict } from '../platform/errors.js';
import { newId } from '../platform/ids.js';
import { releaseMedia } from './attach-media.js';
import type { ImageProcessor } from './internal/images/image-processor.js';
import { createProcessUpload } from './jobs/process-upload.job.js';
import {
  Media,
  SERVER_OWNER,
  type MediaId,
  type MediaPurpose,
  type MediaState,
} from './media.entity.js';

/** A file to take in. */
export interface PictureFile {
  /** Consumed. */
  readonly path: string;
  readonly mimeType: string;
  readonly purpose: MediaPurpose;
}

/**
 * Takes a picture in: it is READY, belongs to the server and waits to be attached.
 *
 * @throws {Conflict} MEDIA_REJECTED with the reason in words
 */
export type StorePicture = (services: Services, file: PictureFile) => Promise<MediaId>;

const OUTCOME = statement('media.outcome', 'select state, failure from media where id = $1');

/** Pictures taken in with this processor. */
export function createStorePicture(images: ImageProcessor): StorePicture {
  const { run } = createProcessUpload(images);
  return async (services, file) => {
    const mediaId = await storeOriginal(services, file);
    // Nobody tries again later: what fails here has failed.
    await run({ ...services, jobId: mediaId, attempt: Number.MAX_SAFE_INTEGER }, { mediaId });
    const outcome = await services.database.row<{ state: MediaState; failure: string | null }>(
      OUTCOME,
      [mediaId],
    );
    if (outcome?.state === 'READY') return mediaId;
    await services.database.transaction((tx) => releaseMedia(tx, services.clock.now(), [mediaId]));
    throw new Conflict(outcome?.failure ?? 'The file vanished.', 'MEDIA_REJECTED');
  };
}

async function storeOriginal(
  { database, storage, clock }: Services,
  { path, mimeType, purpose }: PictureFile,
): Promise<MediaId> {
  const bytes = await readFile(path);
  const originalKey = `originals/${randomBytes(16).toString('hex')}`;
  await storage.putFile(originalKey, path, mimeType);
  const now = clock.now();
  const id = newId<'media'>(now);
  await database.transaction(async (tx) => {
    tx.em.create(Media, {
      id,
      ownerId: SERVER_OWNER,
      kind: 'image',
      purpose,
      state: 'PROCESSING',
      mimeType,
      sizeBytes: BigInt(bytes.length),
      storedBytes: BigInt(bytes.length),
      sha256: createHash('sha256').update(bytes).digest(),
      originalKey,
      createdAt: now,
      updatedAt: now,
    });
  });
  return id;
}

/** Fetches the original of a remote picture; what follows is that of an upload. */
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { JobContext } from '../../platform/context.js';
import { statement } from '../../platform/db/database.js';
import { OutsideUnavailable, type OutsideLimits } from '../../platform/http-client.js';
import { defineJob } from '../../platform/jobs/job.js';
import { mediaFailed, uploadReceived, type MediaEvent } from '../media.events.js';

const LIMITS: OutsideLimits = {
  maxBytes: 30 * 1024 * 1024,
  timeoutMs: 60_000,
  maxRedirects: 3,
  contentTypes: [
    'image/jpeg',
    'image/png',
    'image/webp',
    'image/avif',
    'image/gif',
    'application/octet-stream',
  ],
};
const TRIES = 8;

const FIND = statement(
  'media.unfetched',
  `select remote_url as url from media
   where id = $1 and state = 'PROCESSING' and original_key is null and deleted_at is null`,
);
const TAKE = statement(
  'media.take_remote',
  `update media set original_key = $2, size_bytes = $3, stored_bytes = $3, updated_at = $4
   where id = $1 and state = 'PROCESSING' and original_key is null and deleted_at is null returning id`,
);
const FAIL = statement(
  'media.fail_remote',
  `update media set state = 'FAILED', failure = $2, updated_at = $3 where id = $1 and state = 'PROCESSING' returning id`,
);

/** Tries again while the other server may come back; a picture that is gone for good fails. */
export const fetchRemoteMedia = defineJob<MediaEvent>(
  'fetchRemoteMedia',
  async (context, { mediaId }) => {
    const media = await context.database.row<{ url: string }>(FIND, [mediaId]);
    if (!media) return;
    try {
      await fetchOriginal(context, mediaId, media.url);
    } catch (error) {
      if (!(error instanceof OutsideUnavailable)) throw error;
      if (error.isTemporary && context.attempt < TRIES) throw error;
      await giveUp(context, mediaId);
    }
  },
  { maxAttempts: TRIES },
);

async function fetchOriginal(
  context: JobContext,
  mediaId: MediaEvent['mediaId'],
  url: string,
): Promise<void> {
  const { body, contentType } = await context.http.get(url, LIMITS);
  await using directory = await context.scratch.directory();
  const file = path.join(directory.path, 'original');
  await writeFile(file, body);
  const key = `originals/${randomBytes(16).toString('hex')}`;
  await context.storage.putFile(key, file, contentType);
  await context.database.transaction(async (tx) => {
    const taken = await tx.row(TAKE, [mediaId, key, body.byteLength, context.clock.now()]);
    if (taken) await tx.append(uploadReceived, { mediaId });
  });
}

async function giveUp(context: JobContext, mediaId: MediaEvent['mediaId']): Promise<void> {
  await context.database.transaction(async (tx) => {
    const failure = 'The server of this picture does not give it.';
    if (await tx.row(FAIL, [mediaId, failure, context.clock.now()]))
      await tx.append(mediaFailed, { mediaId });
  });
}

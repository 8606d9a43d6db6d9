/** Removes the bytes of an asset that nothing refers to, or whose original may not be used, and then its rows. */
import { rm } from 'node:fs/promises';
import type { JobContext } from '../../platform/context.js';
import { statement } from '../../platform/db/database.js';
import { defineJob } from '../../platform/jobs/job.js';
import { resumableFile } from '../internal/upload-directory.js';
import type { MediaEvent } from '../media.events.js';

/** What was made of a video that may not be used any more stays as a row, to say so. */
const isGone = (m: string) =>
  `(${m}.deleted_at is not null or (${m}.state = 'REJECTED' and ${m}.failure_code = 'ORIGINAL_GONE'))`;

const KEYS = statement(
  'media.keys',
  `select original_key as key from media where id = $1 and ${isGone('media')} and original_key is not null
   union all
   select r.storage_key from renditions r join media m on m.id = r.media_id
   where m.id = $1 and ${isGone('m')} and r.storage_key is not null`,
);
const TICKETS = statement(
  'media.tickets',
  `select u.token_digest as digest from uploads u join media m on m.id = u.media_id
   where m.id = $1 and ${isGone('m')} and u.protocol = 'TUS'`,
);
const FORGET_BLOB = statement('blobs.forget', 'delete from blobs where media_id = $1');
const FORGET = statement(
  'media.forget',
  `update media set original_key = null, stored_bytes = 0, blurhash = null, alt_text = null, file_name = '', camera = null
   where id = $1 and ${isGone('media')} returning id`,
);
const FORGET_RENDITIONS = statement(
  'media.forget_renditions',
  `delete from renditions r using media m where m.id = r.media_id and m.id = $1 and ${isGone('m')}`,
);

const FORGET_CAPTIONS = statement(
  'media.forget_captions',
  `delete from caption_tracks t using media m where m.id = t.media_id and m.id = $1 and ${isGone('m')}`,
);

const FORGET_REMOTE = statement(
  'media.forget_remote',
  `delete from remote_media r using media m where m.id = r.media_id and m.id = $1 and ${isGone('m')}`,
);

/** Objects first, rows second: a crash between the two is finished by the next try. */
export const removeMedia = defineJob<MediaEvent>(
  'removeMedia',
  async (context: JobContext, { mediaId }) => {
    const keys = await context.database.rows<{ key: string }>(KEYS, [mediaId]);
    for (const { key } of keys) await context.storage.remove(key);
    const tickets = await context.database.rows<{ digest: Buffer }>(TICKETS, [mediaId]);
    for (const { digest } of tickets)
      await rm(resumableFile(context.config, digest), { force: true });
    await context.database.transaction(async (tx) => {
      await tx.rows(FORGET_RENDITIONS, [mediaId]);
      await tx.rows(FORGET_CAPTIONS, [mediaId]);
      await tx.rows(FORGET_REMOTE, [mediaId]);
      await tx.rows(FORGET_BLOB, [mediaId]);
      await tx.rows(FORGET, [mediaId]);
    });
  },
);

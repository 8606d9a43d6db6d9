/** The broom: tickets that ran out, assets that nobody attached, blobs whose time is over, stored objects without a row, and what the killed left. */
import { rm, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { addSeconds } from '../../platform/clock.js';
import type { JobContext } from '../../platform/context.js';
import { statement } from '../../platform/db/database.js';
import { defineJob } from '../../platform/jobs/job.js';
import { releaseMedia } from '../attach-media.js';
import { resumableDirectory } from '../internal/upload-directory.js';
import type { MediaId } from '../media.entity.js';

/** Time that a stored object may lie without a row: a transaction may still be about to name it. */
const GRACE_SECONDS = 24 * 3600;

const BATCH = 500;

const EXPIRE = statement(
  'uploads.expire',
  `update uploads set state = 'EXPIRED' where state = 'OPEN' and expires_at < $1 returning media_id as id`,
);
const UNATTACHED = statement(
  'media.unattached',
  `select id from media where attached_at is null and deleted_at is null and state <> 'AWAITING_UPLOAD' and created_at < $1 limit 1000`,
);
const EXPIRED_BLOBS = statement(
  'blobs.expired',
  `select m.id from blobs b join media m on m.id = b.media_id
   where b.expires_at <= $1 and m.deleted_at is null order by b.expires_at limit ${BATCH}`,
);
const KNOWN = statement(
  'media.known_keys',
  `select k.key from unnest($1::text[]) as k(key)
   where exists (select 1 from media m where m.original_key = k.key) or exists (select 1 from renditions r where r.storage_key = k.key)`,
);

/** Runs by the clock; a second run right after the first finds nothing. */
export const sweepMedia = defineJob<Record<string, never>>('sweepMedia', async (context) => {
  const now = context.clock.now();
  await context.database.transaction(async (tx) => {
    const expired = await tx.rows<{ id: MediaId }>(EXPIRE, [now]);
    const unattached = await tx.rows<{ id: MediaId }>(UNATTACHED, [
      addSeconds(now, -context.config.media.uploadTtlSeconds),
    ]);
    await releaseMedia(
      tx,
      now,
      [...expired, ...unattached].map(({ id }) => id),
    );
  });
  while ((await releaseExpiredBlobs(context, now)) === BATCH);
  await sweepUploadFiles(context, now);
  await context.scratch.sweep();
  const before = addSeconds(now, -GRACE_SECONDS);
  await sweepObjects(context, before);
  await context.storage.removeUnfinished(before);
});

async function releaseExpiredBlobs({ database }: JobContext, now: Date): Promise<number> {
  return database.transaction(async (tx) => {
    const ids = (await tx.rows<{ id: MediaId }>(EXPIRED_BLOBS, [now])).map(({ id }) => id);
    await releaseMedia(tx, now, ids);
    return ids.length;
  });
}

/** Parts of uploads that were broken off. */
async function sweepUploadFiles(context: JobContext, now: Date): Promise<void> {
  const oldest = now.getTime() - context.config.media.uploadTtlSeconds * 1000;
  const directory = resumableDirectory(context.config);
  for (const name of await readdir(directory).catch(() => [])) {
    const file = path.join(directory, name);
    const found = await stat(file).catch(() => null);
    if (found?.isFile() && found.mtimeMs < oldest) await rm(file, { force: true });
  }
}

async function sweepObjects(context: JobContext, before: Date): Promise<void> {
  let batch: string[] = [];
  for await (const key of context.storage.list(before)) {
    batch.push(key);
    if (batch.length < BATCH) continue;
    await removeUnknown(context, batch);
    batch = [];
  }
  await removeUnknown(context, batch);
}

async function removeUnknown(context: JobContext, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  const known = new Set(
    (await context.database.rows<{ key: string }>(KNOWN, [keys])).map(({ key }) => key),
  );
  for (const key of keys) {
    if (known.has(key) || !/^(originals|renditions)\//.test(key)) continue;
    context.log.info({ key }, 'removing an object that nothing refers to');
    await context.storage.remove(key);
  }
}

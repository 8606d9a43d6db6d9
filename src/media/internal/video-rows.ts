// What the database says of a video while it is made.
import type { JobContext } from '../../platform/context.js';
import { statement, type Reader, type Transaction } from '../../platform/db/database.js';
import type { Id } from '../../platform/ids.js';
import type { MediaId } from '../media.entity.js';
import { mediaFailed, mediaReady, soundStored, videoMade } from '../media.events.js';
import type { VideoFailure } from '../video-facts.js';
import type { ProcessedImage } from './images/image-processor.js';
import { VideoUnwanted } from '../until-unwanted.js';
import type { VideoBatch } from './video/batch.js';

/** A video of which something is still to be made. */
export interface UnprocessedVideo {
  readonly id: MediaId;
  readonly originalKey: string;
  /** Whose limits count; null = none of this server's. */
  readonly accountId: Id<'account'> | null;
  readonly posterAtMs: number | null;
  /** Names of the renditions that there are. */
  readonly made: readonly string[];
  /** Object of the master playlist; null = not yet. */
  readonly masterKey: string | null;
}

/** A rendition whose object is stored. */
export interface StoredRendition {
  readonly name: string;
  readonly key: string;
  readonly mimeType: string;
  readonly width: number;
  readonly height: number;
  readonly sizeBytes: number;
}

/** Why there is no video, or no more of it. */
export interface FailedVideo {
  readonly state: 'REJECTED' | 'FAILED';
  /** For programs. */
  readonly code: VideoFailure;
  /** For people. */
  readonly failure: string;
}

const VIDEO = `select m.id, m.original_key as "originalKey", a.id as "accountId", m.poster_at_ms as "posterAtMs",
     array(select r.name from renditions r where r.media_id = m.id) as made,
     (select r.storage_key from renditions r where r.media_id = m.id and r.name = 'hls') as "masterKey"
   from media m left join accounts a on a.actor_id = m.owner_id
   where m.id = $1 and m.kind = 'video' and m.original_key is not null and m.remote_url is null and m.deleted_at is null`;
const FIND = statement(
  'media.unprocessed_video',
  `${VIDEO} and (m.state = 'PROCESSING' or (m.state = 'READY' and m.is_growing))`,
);
const FIND_WHOLE = statement(
  'media.whole_video',
  `${VIDEO} and m.state = 'READY' and not m.is_growing`,
);
const SIZES = statement(
  'renditions.sizes',
  `select name, size_bytes::float8 as bytes from renditions where media_id = $1`,
);
const LOCK_WHOLE = statement(
  'media.lock_whole_video',
  `select from media where id = $1 and original_key = $2 and deleted_at is null and state = 'READY' and not is_growing
   for update`,
);
const LOCK = statement(
  'media.lock_video',
  `select from media where id = $1 and original_key = $2 and deleted_at is null
     and (state = 'PROCESSING' or (state = 'READY' and is_growing)) for update`,
);
const OLD_KEYS = statement(
  'renditions.replaced_keys',
  `select storage_key as key from renditions where media_id = $1 and name = any($2::text[]) and storage_key is not null`,
);
const UPSERT = statement(
  'renditions.upsert',
  `insert into renditions (media_id, name, storage_key, mime_type, width, height, size_bytes)
   select $1, r.name, r.key, r."mimeType", r.width, r.height, r."sizeBytes"
   from json_to_recordset($2::json) as r(name text, key text, "mimeType" text, width int, height int, "sizeBytes" bigint)
   on conflict (media_id, name) do update set storage_key = excluded.storage_key, mime_type = excluded.mime_type,
     width = excluded.width, height = excluded.height, size_bytes = excluded.size_bytes`,
);
const BEGIN = statement(
  'media.begin_video',
  `update media set state = 'READY', is_growing = true, failure = null, failure_code = null, width = $2, height = $3,
     mime_type = $4, video = $5, updated_at = $6 where id = $1`,
);
const PICTURE = statement(
  'media.video_picture',
  `update media set blurhash = $2, dominant_color = $3 where id = $1`,
);
const COUNT_BYTES = statement(
  'media.count_video_bytes',
  `update media set stored_bytes = size_bytes + (select coalesce(sum(size_bytes), 0) from renditions where media_id = $1)
   where id = $1`,
);
const END = statement(
  'media.end_video',
  `update media set is_growing = false, failure_code = $2, updated_at = $3
   where id = $1 and state = 'READY' and is_growing returning id`,
);
const FAIL = statement(
  'media.fail_video',
  `update media set state = $2, failure = $3, failure_code = $4, updated_at = $5
   where id = $1 and state = 'PROCESSING' returning id`,
);

/** A video of which something is still to be made; null when there is no such thing any more. */
export function findUnprocessedVideo(
  reader: Reader,
  mediaId: MediaId,
): Promise<UnprocessedVideo | null> {
  return reader.row<UnprocessedVideo>(FIND, [mediaId]);
}

/** A video of which all qualities are made; null when there is no such thing. */
export function findWholeVideo(reader: Reader, mediaId: MediaId): Promise<UnprocessedVideo | null> {
  return reader.row<UnprocessedVideo>(FIND_WHOLE, [mediaId]);
}

/** Bytes of what there is of a video, by name. */
export async function sizesOf(
  reader: Reader,
  mediaId: MediaId,
): Promise<ReadonlyMap<string, number>> {
  const rows = await reader.rows<{ name: string; bytes: number }>(SIZES, [mediaId]);
  return new Map(rows.map(({ name, bytes }) => [name, bytes]));
}

/** What becomes visible together. */
export interface PublishedBatch {
  readonly batch: VideoBatch;
  readonly poster: ProcessedImage | null;
  readonly stored: readonly StoredRendition[];
}

/**
 * Makes a batch visible: the video is READY with it. What is replaced goes afterwards; when the video was deleted
 * meanwhile, what was stored goes instead.
 *
 * @throws {VideoUnwanted} when it was deleted or refused: there is nothing more to make
 */
export async function publishBatch(
  context: JobContext,
  media: UnprocessedVideo,
  published: PublishedBatch,
): Promise<void> {
  const { stored } = published;
  const replaced = await context.database.transaction(async (tx) => {
    if (!(await tx.row(LOCK, [media.id, media.originalKey]))) return null;
    const keys = await show(tx, media.id, stored);
    if (published.poster) await begin(tx, context.clock.now(), media.id, published);
    await tx.rows(COUNT_BYTES, [media.id]);
    // Each batch is news to whoever watches.
    await tx.append(mediaReady, { mediaId: media.id });
    return keys;
  });
  await removeAll(context, replaced ?? stored);
  if (replaced === null) throw new VideoUnwanted();
}

/** Adds to a video that is whole; as `publishBatch` otherwise, and without news: nothing that was there has changed. */
export async function publishMore(
  context: JobContext,
  media: UnprocessedVideo,
  stored: readonly StoredRendition[],
): Promise<void> {
  const replaced = await context.database.transaction(async (tx) => {
    if (!(await tx.row(LOCK_WHOLE, [media.id, media.originalKey]))) return null;
    const keys = await show(tx, media.id, stored);
    await tx.rows(COUNT_BYTES, [media.id]);
    return keys;
  });
  await removeAll(context, replaced ?? stored);
  if (replaced === null) throw new VideoUnwanted();
}

/** Names the objects as renditions; answers those that were named so before. */
async function show(
  tx: Transaction,
  mediaId: MediaId,
  stored: readonly StoredRendition[],
): Promise<{ key: string }[]> {
  const names = stored.map(({ name }) => name);
  const keys = await tx.rows<{ key: string }>(OLD_KEYS, [mediaId, names]);
  await tx.rows(UPSERT, [mediaId, JSON.stringify(stored)]);
  return keys;
}

async function removeAll(
  { storage }: Pick<JobContext, 'storage'>,
  objects: readonly { readonly key: string }[],
): Promise<void> {
  for (const { key } of objects) await storage.remove(key);
}

async function begin(
  tx: Transaction,
  now: Date,
  mediaId: MediaId,
  { batch, poster }: PublishedBatch,
): Promise<void> {
  const { video, mimeType } = batch.source;
  const facts = { durationMs: batch.durationMs, sources: [], captions: [] };
  const { width, height } = video;
  await tx.rows(BEGIN, [mediaId, width, height, mimeType, JSON.stringify(facts), now]);
  await tx.rows(PICTURE, [mediaId, poster?.blurhash, poster?.dominantColor]);
  if (batch.sound) await tx.append(soundStored, { mediaId });
}

/** Nothing more is made; `code` says why, when something is missing. */
export async function endVideo(
  context: JobContext,
  media: UnprocessedVideo,
  code: VideoFailure | null,
): Promise<void> {
  await context.database.transaction(async (tx) => {
    if (!(await tx.row(END, [media.id, code, context.clock.now()]))) return;
    await tx.append(mediaReady, { mediaId: media.id });
    if (code === null) await tx.append(videoMade, { mediaId: media.id });
  });
}

/** The video cannot be shown; one that is shown already stays as it is. */
export async function failVideo(
  context: JobContext,
  media: UnprocessedVideo,
  { state, code, failure }: FailedVideo,
): Promise<void> {
  const values = [media.id, state, failure, code, context.clock.now()];
  const hasFailed = await context.database.transaction(async (tx) => {
    if (!(await tx.row(FAIL, values))) return false;
    await tx.append(mediaFailed, { mediaId: media.id });
    return true;
  });
  if (!hasFailed) await endVideo(context, media, code);
}

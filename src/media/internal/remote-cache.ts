/**
 * The cache of other servers' media. Their rows stay: what is dropped are the files, and they come back under the same
 * addresses when somebody asks for them.
 */
import { addSeconds } from '../../platform/clock.js';
import { statement, type Transaction } from '../../platform/db/database.js';
import type { MediaId } from '../media.entity.js';
import { remoteMediaFound } from '../media.events.js';

/** What is asked for again counts as lost after so long: its job gave up. */
const ASKED_SECONDS = 600;
/** A server that does not answer is left alone for so long, as to this file. */
const PAUSE_SECONDS = 600;
/** What is gone there, or is nothing that we show any more. */
const LONG_PAUSE_SECONDS = 7 * 24 * 3600;

const KEEP = statement(
  'remote_media.keep',
  `insert into remote_media (media_id, stored_bytes, used_at) values ($1, $2, $3)
   on conflict (media_id) do update set stored_bytes = $2, used_at = $3, dropped_at = null, asked_at = null, retry_at = null`,
);
const LEAVE = statement(
  'remote_media.leave',
  `insert into remote_media (media_id, stored_bytes, used_at, dropped_at, retry_at) values ($1, 0, $2, $2, $3)
   on conflict (media_id) do update set asked_at = null, retry_at = $3`,
);
const PUT_OFF = statement(
  'remote_media.put_off',
  `update remote_media set asked_at = null, retry_at = $2 where media_id = $1 and dropped_at is not null`,
);
const FORGET_ORIGINAL = statement(
  'remote_media.forget_original',
  `update media set original_key = null, stored_bytes = 0 where id = $1 and remote_url is not null`,
);
const ASK = statement(
  'remote_media.ask',
  `update remote_media c set asked_at = $2 from media m
   where c.media_id = $1 and m.id = c.media_id and m.deleted_at is null and c.dropped_at is not null
     and (c.asked_at is null or c.asked_at < $3) and (c.retry_at is null or c.retry_at <= $2) returning m.remote_url as url`,
);
const OLDEST = statement(
  'remote_media.oldest',
  `select media_id as id, stored_bytes::text as bytes from remote_media where dropped_at is null
   order by used_at limit 100 for update skip locked`,
);
const UNUSED = statement(
  'remote_media.unused',
  `select media_id as id, stored_bytes::text as bytes from remote_media where dropped_at is null and used_at < $1
   order by used_at limit 100 for update skip locked`,
);
const DROP = statement(
  'remote_media.drop',
  `update remote_media set dropped_at = $2, stored_bytes = 0 where media_id = any($1::uuid[])`,
);
const DROP_FILES = statement(
  'remote_media.drop_files',
  `update renditions r set storage_key = null
   from (select media_id, name, storage_key from renditions where media_id = any($1::uuid[]) and storage_key is not null for update) old
   where r.media_id = old.media_id and r.name = old.name returning old.storage_key as key`,
);
const EMPTY = statement(
  'remote_media.empty',
  'update media set stored_bytes = 0 where id = any($1::uuid[])',
);

/** One asset that may be dropped. */
export interface CachedMedia {
  readonly id: MediaId;
  /** Decimal text. */
  readonly bytes: string;
}

/** Notes that the files of an asset are here, all of them together so large. */
export async function keepRemote(
  tx: Transaction,
  mediaId: MediaId,
  bytes: number,
  now: Date,
): Promise<void> {
  await tx.rows(KEEP, [mediaId, bytes, now]);
}

/** Notes that an asset was not fetched, and is not before somebody asks; null = at once then, else only from a moment on. */
export async function leaveRemote(
  tx: Transaction,
  mediaId: MediaId,
  now: Date,
  from: Date | null,
): Promise<void> {
  await tx.rows(LEAVE, [mediaId, now, from]);
}

/** Leaves a server that does not answer alone for a while, as to this asset. */
export async function postponeRemote(tx: Transaction, mediaId: MediaId, now: Date): Promise<void> {
  await tx.rows(PUT_OFF, [mediaId, addSeconds(now, PAUSE_SECONDS)]);
}

/** Notes that an asset cannot be had; its row shows what it was. */
export async function refuseRemote(tx: Transaction, mediaId: MediaId, now: Date): Promise<void> {
  await tx.rows(FORGET_ORIGINAL, [mediaId]);
  await tx.rows(PUT_OFF, [mediaId, addSeconds(now, LONG_PAUSE_SECONDS)]);
}

/** Has a dropped asset fetched again, once for everybody who asks. */
export async function askForRemote(tx: Transaction, mediaId: MediaId, now: Date): Promise<void> {
  const values = [mediaId, now, addSeconds(now, -ASKED_SECONDS)];
  const asked = await tx.row<{ url: string }>(ASK, values);
  if (asked) await tx.append(remoteMediaFound, { mediaId, host: new URL(asked.url).host });
}

/** Up to 100 that were not used for longest, locked; `before` = of those not used since then. */
export function findOldestRemote(tx: Transaction, before: Date | null): Promise<CachedMedia[]> {
  return before ? tx.rows<CachedMedia>(UNUSED, [before]) : tx.rows<CachedMedia>(OLDEST);
}

/** Forgets the files of assets. @returns their keys, to be removed once that is committed */
export async function dropRemote(
  tx: Transaction,
  mediaIds: readonly MediaId[],
  now: Date,
): Promise<string[]> {
  await tx.rows(DROP, [mediaIds, now]);
  await tx.rows(EMPTY, [mediaIds]);
  return (await tx.rows<{ key: string }>(DROP_FILES, [mediaIds])).map(({ key }) => key);
}

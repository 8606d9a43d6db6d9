/** What somebody's media take up, for limits and for showing it. */
import { addSeconds } from '../platform/clock.js';
import { statement, type Reader } from '../platform/db/database.js';
import type { UsageCounter } from '../platform/entitlements.js';
import type { Id } from '../platform/ids.js';

const DAY_SECONDS = 24 * 3600;
const USAGE = statement(
  'uploads.usage',
  `select (select coalesce(sum(stored_bytes), 0) from media where owner_id = $1 and deleted_at is null)
      + (select coalesce(sum(declared_bytes), 0) from uploads where owner_id = $1 and state = 'OPEN') as bytes,
     (select count(*) from uploads where owner_id = $1 and created_at > $2) as today,
     open.number as "openUploads", open.bytes as "openBytes"
   from (select count(*) as number, coalesce(sum(declared_bytes), 0) as bytes from uploads
     where owner_id = $1 and state = 'OPEN' and expires_at > $3) open`,
);

/** What an owner uses now. */
export interface MediaUsage {
  /** Stored media, and what open uploads may still add. */
  readonly bytes: bigint;
  /** Uploads begun within 24 hours. */
  readonly uploadsToday: bigint;
  /** Uploads whose tickets still take bytes. */
  readonly openUploads: bigint;
  /** What those declared together. */
  readonly openBytes: bigint;
}

/** Counts an owner's use. */
export async function mediaUsage(
  reader: Reader,
  ownerId: Id<'actor'>,
  now: Date,
): Promise<MediaUsage> {
  const values = [ownerId, addSeconds(now, -DAY_SECONDS), now];
  const row = await reader.row<Record<'bytes' | 'today' | 'openUploads' | 'openBytes', string>>(
    USAGE,
    values,
  );
  return {
    bytes: BigInt(row?.bytes ?? 0),
    uploadsToday: BigInt(row?.today ?? 0),
    openUploads: BigInt(row?.openUploads ?? 0),
    openBytes: BigInt(row?.openBytes ?? 0),
  };
}

/** Counter of STORAGE_BYTES. */
export const countStorageBytes: UsageCounter = async (reader, { actorId }, now) =>
  (await mediaUsage(reader, actorId, now)).bytes;

/** Counter of UPLOADS_PER_DAY. */
export const countUploadsToday: UsageCounter = async (reader, { actorId }, now) =>
  (await mediaUsage(reader, actorId, now)).uploadsToday;

/** Counter of OPEN_UPLOADS. */
export const countOpenUploads: UsageCounter = async (reader, { actorId }, now) =>
  (await mediaUsage(reader, actorId, now)).openUploads;

/** Counter of OPEN_UPLOAD_BYTES. */
export const countOpenUploadBytes: UsageCounter = async (reader, { actorId }, now) =>
  (await mediaUsage(reader, actorId, now)).openBytes;

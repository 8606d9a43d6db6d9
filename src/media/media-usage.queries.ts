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
     (select count(*) from uploads where owner_id = $1 and created_at > $2) as today`,
);

/** What an owner uses now. */
export interface MediaUsage {
  /** Stored media, and what open uploads may still add. */
  readonly bytes: bigint;
  /** Uploads begun within 24 hours. */
  readonly uploadsToday: bigint;
}

/** Counts an owner's use. */
export async function mediaUsage(
  reader: Reader,
  ownerId: Id<'actor'>,
  now: Date,
): Promise<MediaUsage> {
  const row = await reader.row<{ bytes: string; today: string }>(USAGE, [
    ownerId,
    addSeconds(now, -DAY_SECONDS),
  ]);
  return { bytes: BigInt(row?.bytes ?? 0), uploadsToday: BigInt(row?.today ?? 0) };
}

/** Counter of STORAGE_BYTES. */
export const countStorageBytes: UsageCounter = async (reader, { actorId }, now) =>
  (await mediaUsage(reader, actorId, now)).bytes;

/** Counter of UPLOADS_PER_DAY. */
export const countUploadsToday: UsageCounter = async (reader, { actorId }, now) =>
  (await mediaUsage(reader, actorId, now)).uploadsToday;

/** What the cache of other servers' media takes up. */
import { statement, type Reader } from '../platform/db/database.js';

const USAGE = statement(
  'remote_media.usage',
  `select count(*)::int as assets, coalesce(sum(stored_bytes), 0)::float8 as bytes from remote_media where dropped_at is null`,
);

/** Assets whose files are here, and the bytes of these. */
export interface RemoteMediaUsage {
  readonly assets: number;
  readonly bytes: number;
}

/** Measures the cache. */
export async function remoteMediaUsage(reader: Reader): Promise<RemoteMediaUsage> {
  return (await reader.row<RemoteMediaUsage>(USAGE)) ?? { assets: 0, bytes: 0 };
}

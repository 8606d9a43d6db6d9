/** Keeps the cache of other servers' media within its bounds: least recently used first, a little at a time. */
import { addSeconds } from '../../platform/clock.js';
import type { JobContext } from '../../platform/context.js';
import { defineJob } from '../../platform/jobs/job.js';
import { dropRemote, findOldestRemote, type CachedMedia } from '../internal/remote-cache.js';
import { remoteMediaUsage } from '../remote-media-usage.queries.js';

/** Of 100 each in one run; the next one goes on. */
const MOST_PIECES = 100;
const DAY_SECONDS = 24 * 3600;

/** Runs by the clock. A file whose row has forgotten it is removed by the broom when this run is cut off. */
export const trimRemoteMedia = defineJob<Record<string, never>>(
  'trimRemoteMedia',
  async (context) => {
    const { remoteBytes, remoteKeptDays } = context.config.media;
    const unusedSince = addSeconds(context.clock.now(), -remoteKeptDays * DAY_SECONDS);
    for (let piece = 0; piece < MOST_PIECES; piece++)
      if ((await dropPiece(context, unusedSince, Infinity)) === 0) break;
    let surplus = (await remoteMediaUsage(context.database)).bytes - remoteBytes;
    for (let piece = 0; piece < MOST_PIECES && surplus > 0; piece++) {
      const dropped = await dropPiece(context, null, surplus);
      if (dropped === 0) break;
      surplus -= dropped;
    }
  },
);

/** Drops as many as make up the surplus. @returns bytes; 0 = there are no more */
async function dropPiece(
  { database, storage, clock }: JobContext,
  before: Date | null,
  surplus: number,
): Promise<number> {
  const { keys, bytes } = await database.transaction(async (tx) => {
    const chosen = upTo(surplus, await findOldestRemote(tx, before));
    const keys = await dropRemote(
      tx,
      chosen.map(({ id }) => id),
      clock.now(),
    );
    return { keys, bytes: bytesOf(chosen) };
  });
  for (const key of keys) await storage.remove(key);
  return bytes;
}

function upTo(surplus: number, oldest: readonly CachedMedia[]): readonly CachedMedia[] {
  let bytes = 0;
  const end = oldest.findIndex((one) => (bytes += Number(one.bytes)) >= surplus);
  return end < 0 ? oldest : oldest.slice(0, end + 1);
}

function bytesOf(media: readonly CachedMedia[]): number {
  return media.reduce((sum, { bytes }) => sum + Number(bytes), 0);
}

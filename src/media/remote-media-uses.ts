/** Which media of other servers were used of late: gathered in memory and written now and then, as nobody needs to know it to the minute. */
import type { Services } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import type { MediaId } from './media.entity.js';

/** A use is noted when the last one noted is older than this. */
const COARSENESS_MS = 3_600_000;
const WRITE_MS = 30_000;
const MOST_GATHERED = 2_000;

const WRITE = statement(
  'remote_media.used',
  `update remote_media set used_at = $2 where media_id in (select media_id from remote_media
     where media_id = any($1::uuid[]) and used_at < $2 order by media_id for update skip locked)`,
);

/** The uses of one process. What is lost with a killed one makes a file look a little older. */
export class RemoteMediaUses implements AsyncDisposable {
  private used = new Set<MediaId>();
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly services: Pick<Services, 'database' | 'clock' | 'log'>) {
    this.timer = setInterval(() => void this.write(), WRITE_MS);
    this.timer.unref();
  }

  /** Notes a use of an asset that was noted last at `usedAt`. */
  note(mediaId: MediaId, usedAt: Date): void {
    const isNews = this.services.clock.now().getTime() - usedAt.getTime() > COARSENESS_MS;
    if (isNews && this.used.size < MOST_GATHERED) this.used.add(mediaId);
  }

  /** Writes what was gathered; never throws. */
  async write(): Promise<void> {
    if (this.used.size === 0) return;
    const ids = [...this.used];
    this.used = new Set();
    const { database, clock, log } = this.services;
    try {
      await database.transaction((tx) => tx.rows(WRITE, [ids, clock.now()]));
    } catch (error) {
      log.warn({ err: error }, 'uses of remote media were not written');
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.timer);
    await this.write();
  }
}

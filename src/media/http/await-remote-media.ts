/**
 * Pictures of other servers whose files were dropped: whoever asks has them fetched again and waits a moment for it, as
 * a browser does not ask twice for what it was refused.
 */
import type { Services } from '../../platform/context.js';
import { addressKey } from '../../platform/client-address.js';
import { statement } from '../../platform/db/database.js';
import { askForRemote } from '../internal/remote-cache.js';
import type { MediaId } from '../media.entity.js';

/** Old pictures that one network brings back in an hour: whoever walks through all of them must not push out what others look at. */
const LIMIT = { name: 'media-restore', points: 600, windowSeconds: 3600, failsClosed: false };
const WAIT_MS = 10_000;
const LOOK_MS = 250;
/** Requests of one process that wait; all others are told to come back. */
const MOST_WAITING = 200;

const SETTLED = statement(
  'remote_media.settled',
  `select w.id from unnest($1::uuid[]) as w(id) left join remote_media c on c.media_id = w.id
   where c.media_id is null or c.dropped_at is null or c.asked_at is null`,
);
const RETRY = statement(
  'remote_media.retry',
  'select retry_at as "retryAt" from remote_media where media_id = $1 and retry_at > $2',
);

/** Seconds after which asking again may help; null = the file is here, or nothing is known that speaks against it. */
export type Delay = number | null;

/** The waiting requests of one process: one statement looks for all of them. */
export class RemoteMediaAwaiter {
  private readonly waiting = new Map<MediaId, Set<() => void>>();
  private count = 0;
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly services: Pick<Services, 'database' | 'clock' | 'rateLimiter' | 'log'>,
  ) {}

  /** Has an asset fetched, and waits until that has come to an end, but not for long. */
  async fetch(mediaId: MediaId, client: string | null): Promise<Delay> {
    const { database, clock, rateLimiter } = this.services;
    const refused = await this.refusal(mediaId);
    if (refused !== null) return refused;
    const { isExceeded, resetSeconds } = await rateLimiter.charge(LIMIT, addressKey(client));
    if (isExceeded) return resetSeconds;
    await database.transaction((tx) => askForRemote(tx, mediaId, clock.now()));
    if (this.count >= MOST_WAITING || !(await this.settled(mediaId))) return WAIT_MS / 1000;
    return this.refusal(mediaId);
  }

  private async refusal(mediaId: MediaId): Promise<Delay> {
    const { database, clock } = this.services;
    const now = clock.now();
    const row = await database.row<{ retryAt: Date }>(RETRY, [mediaId, now]);
    return row && Math.ceil((row.retryAt.getTime() - now.getTime()) / 1000);
  }

  /** False when it took too long. */
  private settled(mediaId: MediaId): Promise<boolean> {
    return new Promise((resolve) => {
      const waiters = this.waiting.get(mediaId) ?? new Set();
      const end = (isSettled: boolean): void => {
        clearTimeout(deadline);
        waiters.delete(done);
        if (waiters.size === 0) this.waiting.delete(mediaId);
        this.count -= 1;
        resolve(isSettled);
      };
      const done = (): void => end(true);
      const deadline = setTimeout(() => end(false), WAIT_MS);
      this.waiting.set(mediaId, waiters.add(done));
      this.count += 1;
      this.timer ??= setTimeout(() => void this.look(), LOOK_MS);
    });
  }

  private async look(): Promise<void> {
    const { database, log } = this.services;
    try {
      const ids = [...this.waiting.keys()];
      const settled = await database.rows<{ id: MediaId }>(SETTLED, [ids]);
      for (const { id } of settled) for (const done of this.waiting.get(id) ?? []) done();
    } catch (error) {
      log.warn({ err: error }, 'the state of remote media was not read');
    }
    this.timer = this.waiting.size > 0 ? setTimeout(() => void this.look(), LOOK_MS) : null;
  }
}

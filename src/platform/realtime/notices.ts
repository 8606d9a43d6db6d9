/** One LISTEN connection that comes back when it is lost. It says "look": the journal says what happened; or it tells what passes. */
import type { Notification, Pool, PoolClient } from 'pg';
import { EVENTS_CHANNEL } from '../journal/append.js';
import type { Logger } from '../logger.js';
import { readNotice, type PassingNotice } from './passing-notice.js';

const FIRST_RETRY_MS = 50;
const LAST_RETRY_MS = 5_000;

/** Listens on the events channel and calls `look` at each notice and after each reconnection. */
export class Notices implements AsyncDisposable {
  private client: PoolClient | null = null;
  private retryMs = FIRST_RETRY_MS;
  private timer: NodeJS.Timeout | null = null;
  private isClosed = false;

  constructor(
    private readonly pool: Pool,
    private readonly log: Logger,
    private readonly look: () => void,
    private readonly hear: (notice: PassingNotice) => void,
  ) {}

  private readonly take = ({ payload }: Notification): void => {
    const notice = readNotice(payload);
    if (notice) this.hear(notice);
    else this.look();
  };

  /** Connects; resolves when listening. @throws when the first connection fails */
  async open(): Promise<void> {
    const client = await this.pool.connect();
    client.on('error', (error) => this.lose(client, error));
    client.on('end', () => this.lose(client, new Error('The connection has ended')));
    client.on('notification', this.take);
    this.client = client;
    try {
      await client.query(`listen ${EVENTS_CHANNEL}`);
    } catch (error) {
      this.drop(client);
      throw error;
    }
    this.retryMs = FIRST_RETRY_MS;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.isClosed = true;
    if (this.timer) clearTimeout(this.timer);
    if (this.client) this.drop(this.client);
  }

  private lose(client: PoolClient, error: Error): void {
    if (this.client !== client) return;
    this.drop(client);
    if (this.isClosed) return;
    this.log.warn({ err: error }, 'live notices lost, reconnecting');
    this.retryLater();
  }

  /** A connection that listens must not go back to the pool. */
  private drop(client: PoolClient): void {
    if (this.client !== client) return;
    this.client = null;
    client.removeListener('notification', this.take);
    client.release(true);
  }

  private retryLater(): void {
    this.timer = setTimeout(() => void this.reopen(), this.retryMs);
    this.timer.unref();
    this.retryMs = Math.min(this.retryMs * 2, LAST_RETRY_MS);
  }

  private async reopen(): Promise<void> {
    try {
      await this.open();
    } catch (error) {
      if (this.isClosed) return;
      this.log.warn({ err: error }, 'live notices cannot be reached');
      this.retryLater();
      return;
    }
    // Notices sent while nobody listened are gone for good.
    if (this.isClosed && this.client) this.drop(this.client);
    else this.look();
  }
}

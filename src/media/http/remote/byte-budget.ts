/** How much one network has passed on: whatever comes through here costs this server twice. */
import type { RateLimit, RateLimiter } from '../../../platform/rate-limiter.js';

const MIB = 1024 * 1024;
/** MiB in an hour, of which each request is at least one: eight people who watch at 8 Mbit/s in pieces of a few seconds. */
export const REMOTE_BYTES: RateLimit = {
  name: 'remote-video',
  points: 32_768,
  windowSeconds: 3600,
  failsClosed: false,
};
/** Passed on before it is counted. */
const STEP = 16;

/** The budget of whoever asks, while one answer is passed on. */
export class ByteBudget {
  constructor(
    private readonly rateLimiter: RateLimiter,
    private readonly viewer: string,
  ) {}

  /** Counts the first MiB of an answer; seconds to wait when nothing is left, null when there is. */
  async open(): Promise<number | null> {
    const { isExceeded, resetSeconds } = await this.charge(1);
    return isExceeded ? resetSeconds : null;
  }

  /** The same bytes, counted as they come; breaks off where nothing is left. */
  async *counted(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    let bytes = -MIB;
    try {
      for await (const chunk of chunks) {
        yield chunk;
        bytes += chunk.length;
        if (bytes < STEP * MIB) continue;
        bytes -= STEP * MIB;
        if ((await this.charge(STEP)).isExceeded) throw new Error('Too much was passed on.');
      }
    } finally {
      const rest = Math.ceil(bytes / MIB);
      if (rest > 0) await this.charge(rest);
    }
  }

  private charge(points: number): ReturnType<RateLimiter['charge']> {
    return this.rateLimiter.charge(REMOTE_BYTES, this.viewer, points);
  }
}

/** How fast somebody may write inside the encryption. */
import type { CommandContext } from '../../platform/context.js';
import { RateLimited } from '../../platform/errors.js';

/**
 * Counts a message: so many at once, and from then on so many in a second. Call it outside of transactions.
 *
 * @param key whose messages are counted
 * @throws {RateLimited} RATE_LIMITED
 */
export async function requireMessageRate(
  { rateLimiter, config }: Pick<CommandContext, 'rateLimiter' | 'config'>,
  key: string,
): Promise<void> {
  const { messagesPerSecond, messageBurst } = config.chat;
  const common = { windowSeconds: 1, failsClosed: false };
  const steady = { ...common, name: 'chat_steady', points: messagesPerSecond };
  const { isExceeded, resetSeconds } = await rateLimiter.charge(steady, key);
  if (!isExceeded) return;
  // What the burst allows comes back in the time in which as many would be sent one after the other.
  const windowSeconds = Math.ceil(messageBurst / messagesPerSecond);
  const burst = { ...common, name: 'chat_burst', points: messageBurst, windowSeconds };
  if ((await rateLimiter.charge(burst, key)).isExceeded) throw new RateLimited(resetSeconds);
}

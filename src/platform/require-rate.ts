/** Refuses what one account does too often: limits beside the cost budget, for what reaches other people. */
import type { CommandContext } from './context.js';
import { RateLimited } from './errors.js';
import type { RateLimit } from './rate-limiter.js';

/**
 * Counts a use by the key, or several at once; what is counted stays counted when a transaction around it is rolled back.
 *
 * @throws {RateLimited} RATE_LIMITED
 */
export async function requireRate(
  { rateLimiter }: Pick<CommandContext, 'rateLimiter'>,
  limit: RateLimit,
  key: string,
  points = 1,
): Promise<void> {
  const { isExceeded, resetSeconds } = await rateLimiter.charge(limit, key, points);
  if (isExceeded) throw new RateLimited(resetSeconds);
}

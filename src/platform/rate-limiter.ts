/**
 * Counts how often something happens per key, across all processes, in PostgreSQL. Each limit says
 * what becomes of a caller when the counter itself cannot be reached.
 */
import type { Pool } from 'pg';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';

/** How much may happen in how long. */
export interface RateLimit {
  /** Unique in the server; part of the stored key. */
  readonly name: string;
  readonly points: number;
  readonly windowSeconds: number;
  /** True: refuse when the counter cannot be reached (doors to accounts). False: let through. */
  readonly failsClosed: boolean;
}

/** State of one key after it was charged. */
export interface RateLimitState {
  readonly isExceeded: boolean;
  readonly remaining: number;
  /** Seconds until the window ends. */
  readonly resetSeconds: number;
}

/** Charges keys. */
export interface RateLimiter {
  /** Adds `points` to the key and tells where it stands. */
  charge(limit: RateLimit, key: string, points?: number): Promise<RateLimitState>;
  /** Forgets what was counted for the key. */
  reset(limit: RateLimit, key: string): Promise<void>;
}

/** Makes the limiter on a pool that nobody holds a connection of while they wait for another. */
export function createRateLimiter(pool: Pool): RateLimiter {
  const limiters = new Map<string, RateLimiterPostgres>();
  const limiterOf = (limit: RateLimit): RateLimiterPostgres => {
    let limiter = limiters.get(limit.name);
    if (!limiter) {
      limiter = openLimiter(pool, limit);
      limiters.set(limit.name, limiter);
    }
    return limiter;
  };
  return {
    charge: async (limit, key, points = 1) => {
      try {
        return stateOf(limit, await limiterOf(limit).consume(key, points), false);
      } catch (refusal) {
        if (refusal instanceof RateLimiterRes) return stateOf(limit, refusal, true);
        return { isExceeded: limit.failsClosed, remaining: 0, resetSeconds: limit.windowSeconds };
      }
    },
    reset: async (limit, key) => {
      await limiterOf(limit).delete(key);
    },
  };
}

function openLimiter(pool: Pool, limit: RateLimit): RateLimiterPostgres {
  return new RateLimiterPostgres({
    storeClient: pool,
    tableName: 'rate_limits',
    tableCreated: true,
    keyPrefix: limit.name,
    points: limit.points,
    duration: limit.windowSeconds,
    clearExpiredByTimeout: false,
  });
}

function stateOf(limit: RateLimit, result: RateLimiterRes, isExceeded: boolean): RateLimitState {
  return {
    isExceeded,
    remaining: Math.max(0, Math.min(limit.points, result.remainingPoints)),
    resetSeconds: Math.max(1, Math.ceil(result.msBeforeNext / 1000)),
  };
}

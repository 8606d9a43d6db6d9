/** How fast somebody may write inside the encryption, and send files. */
import type { Config } from '../../platform/config.js';
import type { CommandContext } from '../../platform/context.js';
import { RateLimited } from '../../platform/errors.js';

/** What counting takes. */
type CountingServices = Pick<CommandContext, 'rateLimiter' | 'config'>;

/** What can be sent so many times at once, and from then on at a steady pace. */
interface Pace {
  readonly name: string;
  readonly steady: { readonly points: number; readonly seconds: number };
  readonly burst: number;
}

/** Files: one in 1.2 seconds, and 50 at once. */
const FILES: Pace = { name: 'chat_files', steady: { points: 5, seconds: 6 }, burst: 50 };

/** What is smaller is counted by its number alone. */
const SMALL_BYTES = 4096;
const KIB = 1024;

/** How many messages, in which time, for those who count them themselves. */
export interface MessageRate {
  readonly perSecond: number;
  readonly atOnce: number;
  /** What can be sent at once comes back in the time in which as much would be sent one after the other. */
  readonly burstSeconds: number;
}

/** What the configuration allows. */
export function messageRateOf({ chat }: Pick<Config, 'chat'>): MessageRate {
  const { messagesPerSecond: perSecond, messageBurst: atOnce } = chat;
  return { perSecond, atOnce, burstSeconds: Math.ceil(atOnce / perSecond) };
}

/** Its bytes are not counted. */
export function isSmall(bytes: number): boolean {
  return bytes <= SMALL_BYTES;
}

/**
 * Counts a message: so many at once, and from then on so many in a second. Call it outside of transactions.
 *
 * @param key whose messages are counted
 * @param bytes how long it is
 * @throws {RateLimited} RATE_LIMITED
 */
export async function requireMessageRate(
  services: CountingServices,
  key: string,
  bytes: number,
): Promise<void> {
  const { messagesPerSecond, messageBurst } = services.config.chat;
  const steady = { points: messagesPerSecond, seconds: 1 };
  await requirePace(services, { name: 'chat', steady, burst: messageBurst }, key);
  await requireByteRate(services, key, bytes);
}

/** Counts a file. Call it outside of transactions. @throws {RateLimited} RATE_LIMITED */
export function requireFileRate(services: CountingServices, key: string): Promise<void> {
  return requirePace(services, FILES, key);
}

/**
 * Counts encrypted bytes, but for those of small messages. Call it outside of transactions.
 *
 * @throws {RateLimited} RATE_LIMITED for BYTES_PER_DAY
 */
export async function requireByteRate(
  { rateLimiter, config }: CountingServices,
  key: string,
  bytes: number,
): Promise<void> {
  if (isSmall(bytes)) return;
  const { bytesPerDay } = config.chat;
  const points = Math.ceil(bytesPerDay / KIB);
  const limit = { name: 'chat_kib', points, windowSeconds: 86_400, failsClosed: false };
  const { isExceeded, resetSeconds } = await rateLimiter.charge(limit, key, Math.ceil(bytes / KIB));
  if (isExceeded)
    throw new RateLimited(resetSeconds, { constraint: 'BYTES_PER_DAY', limit: bytesPerDay });
}

async function requirePace(
  { rateLimiter }: CountingServices,
  { name, steady: { points, seconds }, burst: most }: Pace,
  key: string,
): Promise<void> {
  const steady = { name: `${name}_steady`, points, windowSeconds: seconds, failsClosed: false };
  const { isExceeded, resetSeconds } = await rateLimiter.charge(steady, key);
  if (!isExceeded) return;
  // What the burst allows comes back in the time in which as many would be sent one after the other.
  const windowSeconds = Math.ceil((most * seconds) / points);
  const burst = { name: `${name}_burst`, points: most, windowSeconds, failsClosed: false };
  if ((await rateLimiter.charge(burst, key)).isExceeded) throw new RateLimited(resetSeconds);
}

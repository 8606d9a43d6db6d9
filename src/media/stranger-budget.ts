/**
 * What is fetched in a day of pictures that nobody here asked for: those of people whom nobody here follows. Counted by
 * whose people they are, as they name any server that they like, and in MiB, of which a picture has at least one.
 */
import type { RateLimit, RateLimiter, RateLimitState } from '../platform/rate-limiter.js';
import { siteOf } from '../platform/site-of.js';

const MIB = 1024 * 1024;
const DAY_SECONDS = 24 * 3600;

/** Of the servers of one domain. */
export const STRANGER_PICTURES: RateLimit = {
  name: 'stranger-pictures',
  points: 500,
  windowSeconds: DAY_SECONDS,
  failsClosed: false,
};
/** The same, for what somebody here looks at. */
export const ASKED_PICTURES: RateLimit = {
  name: 'asked-pictures',
  points: 2_000,
  windowSeconds: DAY_SECONDS,
  failsClosed: false,
};

/** A picture of somebody whom nobody here follows. */
export interface StrangersPicture {
  readonly ownerDomain: string;
  /** Somebody here looks at it. */
  readonly isAsked: boolean;
}

/** Counts a picture before it is fetched. */
export function chargePicture(
  rateLimiter: RateLimiter,
  { ownerDomain, isAsked }: StrangersPicture,
): Promise<RateLimitState> {
  return rateLimiter.charge(isAsked ? ASKED_PICTURES : STRANGER_PICTURES, siteOf(ownerDomain));
}

/** Counts how large it was. */
export async function chargeBytes(
  rateLimiter: RateLimiter,
  { ownerDomain, isAsked }: StrangersPicture,
  bytes: number,
): Promise<void> {
  const more = Math.ceil(bytes / MIB) - 1;
  const limit = isAsked ? ASKED_PICTURES : STRANGER_PICTURES;
  if (more > 0) await rateLimiter.charge(limit, siteOf(ownerDomain), more);
}

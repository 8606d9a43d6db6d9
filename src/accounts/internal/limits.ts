/**
 * How often one may knock at the doors to accounts. All of them refuse when the counters cannot be
 * reached. Keys are keyed digests, so that the counters hold neither addresses nor names.
 */
import { createHmac } from 'node:crypto';
import { addressKey } from '../../platform/client-address.js';
import type { Config } from '../../platform/config.js';
import type { CommandContext, Services } from '../../platform/context.js';
import { RateLimited } from '../../platform/errors.js';
import type { RateLimit } from '../../platform/rate-limiter.js';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Accounts made from one network. */
export function registrationLimits({ registration }: Config): RateLimit[] {
  return [limit('registration', registration.perNetwork, 30 * MINUTE)];
}

/** Attempts to register from one network, those that are refused included. */
export function registrationAttemptLimits({ registration }: Config): RateLimit[] {
  return [limit('registration-attempt', registration.attemptsPerNetwork, 30 * MINUTE)];
}

/** Wrong passwords for one name, shortest window first: the more, the longer the wait. */
export function signInNameLimits({ signIn }: Config): RateLimit[] {
  return growing('sign-in-name', signIn.failuresPerName);
}

/** Wrong passwords from one network, whatever the names: many people can share one. */
export function signInNetworkLimits({ signIn }: Config): RateLimit[] {
  return growing('sign-in-network', signIn.failuresPerNetwork);
}

/** Wrong passwords of somebody who is signed in. */
export const PASSWORD_PROOF_LIMITS = [
  limit('password-proof', 5, 15 * MINUTE),
  limit('password-proof-day', 40, DAY),
];

/** Links opened and letters asked for from one network. */
export const LINK_LIMITS = [limit('link-network', 20, 15 * MINUTE)];

/** Invites made by one of the staff. */
export const INVITE_LIMITS = [limit('invite', 60, HOUR)];

/** Invites made by one account outside of the staff. */
export const MEMBER_INVITE_LIMITS = [limit('member-invite', 30, DAY)];

/** Letters to one address, or on behalf of one account. */
export const LETTER_LIMITS = [limit('letter', 3, 15 * MINUTE), limit('letter-day', 12, DAY)];

/** The more attempts, the longer the wait: three times as many in three hours, eight times as many in a day. */
function growing(name: string, points: number): RateLimit[] {
  return [
    limit(name, points, 15 * MINUTE),
    limit(`${name}-hours`, 3 * points, 3 * HOUR),
    limit(`${name}-day`, 8 * points, DAY),
  ];
}

/** A limit that refuses when it cannot be counted. */
function limit(name: string, points: number, windowSeconds: number): RateLimit {
  return { name, points, windowSeconds, failsClosed: true };
}

/** Key of the network a request comes from; an IPv6 network is its /64. */
export function networkKey(context: CommandContext): string {
  return secretKey(context, addressKey(context.clientAddress));
}

/** Key of anything that must not be readable in the counters. */
export function secretKey(services: Pick<Services, 'sealer'>, text: string): string {
  return createHmac('sha256', services.sealer.deriveKey('network-address'))
    .update(text)
    .digest('base64url')
    .slice(0, 22);
}

/**
 * Counts one attempt, against the shortest window first: what that one refuses does not count for the
 * longer ones, so that a burst does not lock anybody out for a day.
 *
 * @throws {RateLimited} RATE_LIMITED
 */
export async function chargeAttempt(
  services: Pick<Services, 'rateLimiter'>,
  limits: readonly RateLimit[],
  key: string,
): Promise<void> {
  for (const entry of limits) {
    const state = await services.rateLimiter.charge(entry, key);
    if (state.isExceeded) throw new RateLimited(state.resetSeconds);
  }
}

/** Takes an attempt back that turned out to be rightful. */
export async function refundAttempt(
  services: Pick<Services, 'rateLimiter'>,
  limits: readonly RateLimit[],
  key: string,
): Promise<void> {
  await Promise.all(limits.map((entry) => services.rateLimiter.charge(entry, key, -1)));
}

/** Web Push: what is sent is encrypted for one client, so that its push service learns nothing but the size. */
import webPush, { type Urgency } from 'web-push';
import { Invalid } from '../errors.js';
import { ForbiddenAddress } from '../outside-address.js';
import { requireOutside, type OutsideRequest } from '../outside-post.js';
import type { VapidKeys } from './vapid.js';

/** What the PushSubscription of a client says. */
export interface WebPushSubscription {
  readonly endpoint: string;
  /** Public key of the client, base64url. */
  readonly p256dh: string;
  /** Secret of the client, base64url; only for encrypting. */
  readonly auth: string;
}

/** How a push is to be delivered. */
export interface PushDelivery {
  /** Whom the push service may turn to: a mailto: or https: address. */
  readonly subject: string;
  /** A later push of the same topic replaces one that still waits; at most 32 characters of base64url. */
  readonly topic: string;
  readonly ttlSeconds: number;
  readonly urgency: Urgency;
}

// An uncompressed point of P-256 and 16 random bytes. @source RFC 8291 §2.1, §2.2
const KEY_BYTES = { p256dh: 65, auth: 16 } as const;
const UNCOMPRESSED = 4;
const MOST_ENDPOINT = 2000;

/**
 * Encrypts and signs a push.
 *
 * @source RFC 8030 (topic, TTL, urgency), RFC 8291 (encryption), RFC 8292 (VAPID)
 */
export function sealWebPush(
  payload: string | Buffer,
  { endpoint, p256dh, auth }: WebPushSubscription,
  keys: VapidKeys,
  { subject, topic, ttlSeconds, urgency }: PushDelivery,
): OutsideRequest {
  const details = webPush.generateRequestDetails({ endpoint, keys: { p256dh, auth } }, payload, {
    vapidDetails: { subject, ...keys },
    TTL: ttlSeconds,
    urgency,
    topic,
    contentEncoding: 'aes128gcm',
  });
  return { url: new URL(details.endpoint), headers: details.headers, body: details.body };
}

/** What the answer of a push service means: it took it, it does not know the client any more, or neither. */
export type PushOutcome = 'TAKEN' | 'GONE' | 'LATER' | 'NEVER';

/** @source RFC 8030 §5, §7.3 */
export function pushOutcome(status: number): PushOutcome {
  if (status >= 200 && status < 300) return 'TAKEN';
  if (status === 404 || status === 410) return 'GONE';
  return status === 429 || status >= 500 ? 'LATER' : 'NEVER';
}

/**
 * Refuses what is no subscription, or is not on the public internet.
 *
 * @throws {Invalid} INVALID_INPUT
 */
export function requireSubscription(
  { endpoint, p256dh, auth }: WebPushSubscription,
  path: readonly string[],
): void {
  requireEndpoint(endpoint, [...path, 'endpoint']);
  requireKey('p256dh', p256dh, path);
  requireKey('auth', auth, path);
}

function requireEndpoint(endpoint: string, path: readonly string[]): void {
  if (endpoint.length > MOST_ENDPOINT)
    throw new Invalid('The address is too long.', path, 'MAX_LENGTH', String(MOST_ENDPOINT));
  try {
    requireOutside(new URL(endpoint));
  } catch (error) {
    if (!(error instanceof ForbiddenAddress)) throw error;
    throw new Invalid(error.message, path, 'PUBLIC_HTTPS');
  }
}

function requireKey(name: keyof typeof KEY_BYTES, key: string, path: readonly string[]): void {
  const length = KEY_BYTES[name];
  const bytes = /^[\w-]+=*$/.test(key) ? Buffer.from(key, 'base64url') : Buffer.alloc(0);
  const isPoint = name !== 'p256dh' || bytes[0] === UNCOMPRESSED;
  if (bytes.length === length && isPoint) return;
  const rule = `${name} has ${length} bytes in base64url.`;
  throw new Invalid(rule, [...path, name], 'LENGTH', String(length));
}

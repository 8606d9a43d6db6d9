/**
 * The one question that every limit asks: how much of this may the account use? Who grants what is
 * decided in the accounts slice; slices below it ask through this interface.
 */
import type { Reader } from './db/database.js';
import type { Id } from './ids.js';

/** Limits that can differ between accounts, with their units. */
export const ENTITLEMENT_KEYS = {
  STORAGE_BYTES: 'Bytes of stored media, originals and renditions together.',
  IMAGE_BYTES: 'Bytes of one uploaded picture.',
  VIDEO_BYTES: 'Bytes of one uploaded video.',
  ATTACHMENT_BYTES:
    'Bytes of one encrypted file of a chat, or of the sealed history, as encrypted.',
  VIDEO_DURATION_MS: 'Length of one uploaded video, in milliseconds.',
  POSTS_PER_DAY: 'Posts published within 24 hours.',
  SCHEDULED_POSTS: 'Posts waiting to be published at a set time.',
  UPLOADS_PER_DAY: 'Uploads started within 24 hours.',
  OPEN_UPLOADS: 'Uploads started whose bytes have not all arrived.',
  OPEN_UPLOAD_BYTES: 'Bytes of those uploads, as declared.',
  ANALYTICS_DAYS: 'Days that the numbers of own posts go back.',
} as const;

/** One of the limits. */
export type EntitlementKey = keyof typeof ENTITLEMENT_KEYS;

/** Whose use is counted. */
export interface EntitledOwner {
  readonly accountId: Id<'account'>;
  readonly actorId: Id<'actor'>;
}

/** Counts what somebody uses of one limit at an instant, in the key's unit. Defined by the slice whose limit it is. */
export type UsageCounter = (reader: Reader, owner: EntitledOwner, now: Date) => Promise<bigint>;

/** The counters there are; a limit without one is about single things and is never used up. */
export type UsageCounters = Readonly<Partial<Record<EntitlementKey, UsageCounter>>>;

/** Answers what an account may use, and what it uses. */
export interface Entitlements {
  /** The limit in the key's unit; null = unlimited. */
  limit(accountId: Id<'account'>, key: EntitlementKey): Promise<bigint | null>;
  /** What is used now in the key's unit; null for limits of single things. */
  used(owner: EntitledOwner, key: EntitlementKey): Promise<bigint | null>;
}

/** Who may use how much: a grant of the account wins over the server's default. */
import type { Clock } from '../platform/clock.js';
import type { Config } from '../platform/config.js';
import { statement, type Reader } from '../platform/db/database.js';
import {
  ENTITLEMENT_KEYS,
  type EntitlementKey,
  type Entitlements,
  type UsageCounters,
} from '../platform/entitlements.js';
import type { AccountId } from './account.entity.js';

/** What the engine stands on. */
export interface EntitlementSources {
  readonly database: Reader;
  readonly clock: Clock;
  readonly defaults: Config['entitlements'];
  readonly counters: UsageCounters;
}

/** A limit in effect and where it comes from. */
export interface EffectiveEntitlement {
  readonly key: EntitlementKey;
  /** In the key's unit; null = unlimited. */
  readonly value: bigint | null;
  /** `default`, or the source that the grant names. */
  readonly source: string;
}

interface GrantRow {
  readonly key: EntitlementKey;
  readonly value: string | null;
  readonly source: string;
}

const FIND_GRANTS = statement(
  'entitlements.grants',
  `select key, value::text, source from entitlement_grants
   where account_id = $1 and (expires_at is null or expires_at > $2)`,
);

/** Every limit of one account. */
export async function effectiveEntitlements(
  { database, clock, defaults }: Omit<EntitlementSources, 'counters'>,
  accountId: AccountId,
): Promise<EffectiveEntitlement[]> {
  const rows = await database.rows<GrantRow>(FIND_GRANTS, [accountId, clock.now()]);
  const grants = new Map(rows.map((row) => [row.key, row]));
  return (Object.keys(ENTITLEMENT_KEYS) as EntitlementKey[]).map((key) => {
    const grant = grants.get(key);
    if (!grant) return { key, value: defaultOf(defaults, key), source: 'default' };
    return { key, value: grant.value === null ? null : BigInt(grant.value), source: grant.source };
  });
}

/** The engine that every limit asks. */
export function createAccountEntitlements(sources: EntitlementSources): Entitlements {
  const { database, clock, counters } = sources;
  return {
    limit: async (accountId, key) => {
      const all = await effectiveEntitlements(sources, accountId);
      return all.find((entry) => entry.key === key)?.value ?? null;
    },
    used: async (owner, key) => (await counters[key]?.(database, owner, clock.now())) ?? null,
  };
}

function defaultOf(defaults: Config['entitlements'], key: EntitlementKey): bigint | null {
  switch (key) {
    case 'STORAGE_BYTES':
      return defaults.storageBytes;
    case 'IMAGE_BYTES':
      return BigInt(defaults.imageBytes);
    case 'VIDEO_BYTES':
      return BigInt(defaults.videoBytes);
    case 'ATTACHMENT_BYTES':
      return BigInt(defaults.attachmentBytes);
    case 'VIDEO_DURATION_MS':
      return BigInt(defaults.videoDurationMs);
    case 'POSTS_PER_DAY':
      return BigInt(defaults.postsPerDay);
    case 'SCHEDULED_POSTS':
      return BigInt(defaults.scheduledPosts);
    case 'UPLOADS_PER_DAY':
      return BigInt(defaults.uploadsPerDay);
    case 'OPEN_UPLOADS':
      return BigInt(defaults.openUploads);
    case 'OPEN_UPLOAD_BYTES':
      return BigInt(defaults.openUploadBytes);
    case 'ANALYTICS_DAYS':
      return BigInt(defaults.analyticsDays);
  }
}

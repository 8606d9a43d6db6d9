/** Gives one account more, or less, than the server's default. For staff tools: whoever calls this has checked the right. */
import type { Services } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import type { EntitlementKey } from '../platform/entitlements.js';
import { Invalid, NotFound } from '../platform/errors.js';
import type { AccountId } from './account.entity.js';

/** A grant. */
export interface EntitlementGrant {
  readonly accountId: AccountId;
  readonly key: EntitlementKey;
  /** In the key's unit; null = unlimited. */
  readonly value: bigint | null;
  /** Why, in a word that the person sees, such as `staff`. */
  readonly source: string;
  /** Null = for good. */
  readonly expiresAt: Date | null;
}

const GRANT = statement(
  'entitlements.grant',
  `insert into entitlement_grants (account_id, key, value, source, created_at, expires_at)
   select id, $2, $3::bigint, $4, $5, $6 from accounts where id = $1
   on conflict (account_id, key) do update
     set value = excluded.value, source = excluded.source, created_at = excluded.created_at, expires_at = excluded.expires_at
   returning key`,
);
const WITHDRAW = statement(
  'entitlements.withdraw',
  'delete from entitlement_grants where account_id = $1 and key = $2',
);

/**
 * Grants, in place of any earlier grant of the same limit. Idempotent.
 *
 * @throws {NotFound} NOT_FOUND when there is no such account
 * @throws {Invalid} INVALID_INPUT for a negative limit
 */
export async function grantEntitlement(
  { database, clock }: Pick<Services, 'database' | 'clock'>,
  grant: EntitlementGrant,
): Promise<void> {
  if (grant.value !== null && grant.value < 0n)
    throw new Invalid('Not below zero.', ['value'], 'MINIMUM', '0');
  const values = [
    grant.accountId,
    grant.key,
    grant.value?.toString() ?? null,
    grant.source,
    clock.now(),
    grant.expiresAt,
  ];
  if (!(await database.row(GRANT, values))) throw new NotFound(['accountId']);
}

/** Takes a grant back: the default counts again. Idempotent. */
export async function withdrawEntitlement(
  { database }: Pick<Services, 'database'>,
  accountId: AccountId,
  key: EntitlementKey,
): Promise<void> {
  await database.rows(WITHDRAW, [accountId, key]);
}

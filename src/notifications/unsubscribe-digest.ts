/** The link in a digest with which its recipient wants no more of them. It works without signing in, and for good. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { AccountId } from '../accounts/account.entity.js';
import type { Services } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import { parseGlobalId, toGlobalId } from '../platform/ids.js';

const SWITCH_OFF = statement(
  'digests.switch_off',
  `update notification_preferences p set digest = 'OFF' from accounts account
   where account.id = $1 and account.actor_id = p.actor_id`,
);

/** The signed address of the page; a POST to it is the one click. @source RFC 8058 §3 */
export function unsubscribeUrl(
  services: Pick<Services, 'config' | 'sealer'>,
  accountId: AccountId,
): string {
  const url = new URL('/notifications/unsubscribe', services.config.publicUrl);
  url.searchParams.set('account', toGlobalId('account', accountId));
  url.searchParams.set('signature', sign(services, accountId));
  return url.href;
}

/** Whose link it is; null unless this server signed it. */
export function readUnsubscribeLink(
  services: Pick<Services, 'sealer'>,
  query: { readonly account?: unknown; readonly signature?: unknown },
): AccountId | null {
  if (typeof query.account !== 'string' || typeof query.signature !== 'string') return null;
  const parsed = parseGlobalId(query.account);
  if (parsed?.kind !== 'account') return null;
  const accountId = parsed.id as AccountId;
  const expected = Buffer.from(sign(services, accountId));
  const given = Buffer.from(query.signature);
  return given.length === expected.length && timingSafeEqual(given, expected) ? accountId : null;
}

/** Switches the digest of an account off. Idempotent; the link that was read is the proof. */
export async function unsubscribeDigest(
  { database }: Pick<Services, 'database'>,
  accountId: AccountId,
): Promise<void> {
  await database.transaction((tx) => tx.rows(SWITCH_OFF, [accountId]));
}

function sign({ sealer }: Pick<Services, 'sealer'>, accountId: AccountId): string {
  return createHmac('sha256', sealer.deriveKey('email-link'))
    .update(`unsubscribe-digest:${accountId}`)
    .digest('base64url');
}

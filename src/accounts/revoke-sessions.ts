/** Makes tokens stop working, and tells every open socket in the same transaction. */
import type { Services } from '../platform/context.js';
import { statement, type Transaction } from '../platform/db/database.js';
import type { AccountId } from './account.entity.js';
import { sessionsRevoked } from './accounts.events.js';
import type { SessionId } from './session.entity.js';

/** Which tokens of an account: all of them, the named ones, or all signed-in sessions but one. */
export type RevokedTokens = 'all' | { only: readonly SessionId[] } | { sessionsExcept: SessionId };

const REVOKE = statement(
  'sessions.revoke',
  `update sessions set revoked_at = $2
   where account_id = $1 and revoked_at is null
     and ($3::uuid[] is null or id = any($3)) and ($4::uuid is null or (id <> $4 and kind = 'SESSION'))
   returning id`,
);

/**
 * Revokes tokens inside the caller's transaction; what is revoked already stays as it is.
 *
 * @returns the ids that were still in force
 */
export async function revokeSessions(
  context: Pick<Services, 'clock'>,
  tx: Transaction,
  accountId: AccountId,
  which: RevokedTokens,
): Promise<SessionId[]> {
  const only = which !== 'all' && 'only' in which ? which.only : null;
  const except = which !== 'all' && 'sessionsExcept' in which ? which.sessionsExcept : null;
  const rows = await tx.rows<{ id: SessionId }>(REVOKE, [
    accountId,
    context.clock.now(),
    only,
    except,
  ]);
  const sessionIds = rows.map(({ id }) => id);
  if (which === 'all') await tx.append(sessionsRevoked, { accountId, sessionIds: null });
  else if (sessionIds.length > 0) await tx.append(sessionsRevoked, { accountId, sessionIds });
  return sessionIds;
}

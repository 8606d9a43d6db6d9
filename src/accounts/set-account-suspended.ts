/** Closing every door of an account, and opening them again. */
import { setActorSuspended } from '../actors/set-actor-status.js';
import type { Services } from '../platform/context.js';
import { statement, type Transaction } from '../platform/db/database.js';
import type { AccountRow } from './accounts.queries.js';
import { revokeSessions } from './revoke-sessions.js';

const SUSPEND = statement(
  'accounts.suspend',
  `update accounts set state = 'SUSPENDED', updated_at = $2 where id = $1 and state in ('ACTIVE', 'CLOSING')`,
);
const REINSTATE = statement(
  'accounts.reinstate',
  `update accounts set updated_at = $2, state = case when exists (
     select from account_deletions where account_id = $1) then 'CLOSING' else 'ACTIVE' end
   where id = $1 and state = 'SUSPENDED'`,
);

/**
 * Suspends an account inside the caller's transaction: its tokens stop working and open sockets close, its
 * profile and everything it published are not there any more. Or reinstates it: all of that is back, and the
 * person signs in anew. One that its owner has deleted stays closed either way. A repeat changes nothing.
 */
export async function setAccountSuspended(
  context: Pick<Services, 'clock'>,
  tx: Transaction,
  account: Pick<AccountRow, 'id' | 'actorId'>,
  isSuspended: boolean,
): Promise<void> {
  const now = context.clock.now();
  await tx.rows(isSuspended ? SUSPEND : REINSTATE, [account.id, now]);
  await setActorSuspended(tx, account.actorId, isSuspended, now);
  if (isSuspended) await revokeSessions(context, tx, account.id, 'all');
}

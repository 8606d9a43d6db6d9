/** The moment from which an account can be used and its profile be seen. */
import { statement, type Transaction } from '../platform/db/database.js';
import type { Services } from '../platform/context.js';
import type { ActorId } from '../actors/actor.entity.js';
import { publishLocalActor } from '../actors/create-local-actor.js';
import type { AccountId, AccountState } from './account.entity.js';
import { accountActivated } from './accounts.events.js';

const ACTIVATE = statement(
  'accounts.activate',
  `update accounts set state = 'ACTIVE', needs_approval = false, updated_at = $3
   where id = $1 and state = $2 returning actor_id as "actorId"`,
);

/**
 * Activates an account inside the caller's transaction.
 *
 * @returns false when it was not in the state given; nothing is changed then
 */
export async function activateAccount(
  context: Pick<Services, 'clock'>,
  tx: Transaction,
  accountId: AccountId,
  from: AccountState,
): Promise<boolean> {
  const row = await tx.row<{ actorId: ActorId }>(ACTIVATE, [accountId, from, context.clock.now()]);
  if (!row) return false;
  await publishLocalActor(context, tx, row.actorId);
  await tx.append(accountActivated, { accountId, actorId: row.actorId });
  return true;
}

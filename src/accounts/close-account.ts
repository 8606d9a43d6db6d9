/** An account whose owner leaves: closed at once, erased after a while, until then to be had back. */
import { closeActor, reopenActor } from '../actors/set-actor-status.js';
import { addSeconds } from '../platform/clock.js';
import type { Services } from '../platform/context.js';
import { statement, type Transaction } from '../platform/db/database.js';
import type { CredentialRow } from './accounts.queries.js';
import { revokeSessions } from './revoke-sessions.js';

const DAY_SECONDS = 86_400;

const CLOSE = statement(
  'accounts.close',
  `update accounts set state = 'CLOSING', updated_at = $2 where id = $1 and state = 'ACTIVE' returning id`,
);
const SCHEDULE = statement(
  'account_deletions.schedule',
  'insert into account_deletions (account_id, requested_at, due_at) values ($1, $2, $3)',
);
const REOPEN = statement(
  'accounts.reopen',
  `update accounts set state = 'ACTIVE', updated_at = $2 where id = $1 and state = 'CLOSING' returning id`,
);
const CALL_OFF = statement(
  'account_deletions.call_off',
  'delete from account_deletions where account_id = $1',
);

type OwnedActor = Pick<CredentialRow, 'id' | 'actorId'>;

/**
 * Closes an account inside the caller's transaction: its tokens stop working and open sockets close, its profile and
 * everything it published are not there any more.
 *
 * @returns when it is to be erased; null when it is not in use any more
 */
export async function closeAccount(
  context: Pick<Services, 'clock' | 'config'>,
  tx: Transaction,
  account: OwnedActor,
): Promise<Date | null> {
  const now = context.clock.now();
  if (!(await tx.row(CLOSE, [account.id, now]))) return null;
  const dueAt = addSeconds(now, context.config.accountDeletion.graceDays * DAY_SECONDS);
  await tx.rows(SCHEDULE, [account.id, now, dueAt]);
  await closeActor(tx, account.actorId, now);
  await revokeSessions(context, tx, account.id, 'all');
  return dueAt;
}

/** Calls the deletion off inside the caller's transaction; nothing happens where erasing has begun. */
export async function reopenAccount(
  { clock }: Pick<Services, 'clock'>,
  tx: Transaction,
  account: OwnedActor,
): Promise<void> {
  const now = clock.now();
  if (!(await tx.row(REOPEN, [account.id, now]))) return;
  await tx.rows(CALL_OFF, [account.id]);
  await reopenActor(tx, account.actorId, now);
}

/** Whose mailbox an address is: the account's that proved it. One mailbox, one account. */
import { statement, type Reader, type Transaction } from '../platform/db/database.js';
import type { AccountId } from './account.entity.js';
import type { EmailAddress } from './email-addresses.js';

const TAKEN = statement(
  'accounts.mailbox_taken',
  `select 1 from accounts
   where email_canonical = $1 and email_verified_at is not null and state <> 'DELETED' and id is distinct from $2`,
);
const LOCK = statement(
  'accounts.lock_mailbox',
  `select pg_advisory_xact_lock(hashtextextended($1, 0))`,
);

/** Whether an account other than `exceptId` has proven this mailbox; `exceptId` null = any account. */
export async function isMailboxTaken(
  reader: Reader,
  email: EmailAddress,
  exceptId: AccountId | null,
): Promise<boolean> {
  return (await reader.row(TAKEN, [email.canonical, exceptId])) !== null;
}

/**
 * As `isMailboxTaken`, and until the caller's transaction ends nobody else gets an answer about this mailbox
 * from here: whoever finds it free may take it.
 */
export async function claimMailbox(
  tx: Transaction,
  email: EmailAddress,
  forId: AccountId | null,
): Promise<boolean> {
  await tx.rows(LOCK, [`mailbox:${email.canonical}`]);
  return !(await isMailboxTaken(tx, email, forId));
}

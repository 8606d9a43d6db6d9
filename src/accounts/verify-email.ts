/** The link in the letter was opened: the address is the person's own. */
import type { CommandContext } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import { Conflict } from '../platform/errors.js';
import type { AccountId } from './account.entity.js';
import { findAccount, findByLogin, readLogin, type AccountRow } from './accounts.queries.js';
import { emailVerificationRequested } from './accounts.events.js';
import { activateAccount } from './activate-account.js';
import { parseEmail, type EmailAddress } from './email-addresses.js';
import {
  chargeAttempt,
  LINK_LIMITS,
  LETTER_LIMITS,
  networkKey,
  secretKey,
} from './internal/limits.js';
import { claimMailbox } from './mailboxes.js';
import { spendOneTimeToken } from './one-time-tokens.js';
import type { RegistrationStep } from './register-account.js';

const VERIFY = statement(
  'accounts.verify_email',
  `update accounts set email = $2, email_canonical = $3, email_verified_at = $4, pending_email = null, updated_at = $4
   where id = $1`,
);
const APPLY_CHANGE = statement(
  'email_changes.apply',
  `update email_changes set applied_at = $3 where account_id = $1 and to_email = $2 and applied_at is null and undone_at is null`,
);
const AWAIT_APPROVAL = statement(
  'accounts.await_approval',
  `update accounts set state = 'AWAITING_APPROVAL' where id = $1 and state = 'AWAITING_EMAIL'`,
);

/**
 * Proves an address by the token of a letter: completes a registration or a change of address.
 *
 * @returns what is still missing before the account can be used; null when nothing
 * @throws {Conflict} EXPIRED when the token, or what it was made for, is not valid any more
 * @throws {RateLimited} RATE_LIMITED
 */
export async function verifyEmail(
  context: CommandContext,
  input: { token: string },
): Promise<RegistrationStep | null> {
  await chargeAttempt(context, LINK_LIMITS, networkKey(context));
  return context.database.transaction(async (tx) => {
    const { accountId, payload } = await spendOneTimeToken(
      context,
      tx,
      'verify-email',
      input.token,
    );
    const account = accountId && (await findAccount(tx, accountId));
    const email = parseEmail(payload['email'] ?? '');
    if (
      !account ||
      !email ||
      !isWanted(account, email) ||
      !(await claimMailbox(tx, email, account.id))
    ) {
      throw new Conflict('This link is not valid any more.', 'EXPIRED', ['token']);
    }
    const now = context.clock.now();
    await tx.rows(VERIFY, [account.id, email.address, email.canonical, now]);
    await tx.rows(APPLY_CHANGE, [account.id, email.address, now]);
    if (account.state !== 'AWAITING_EMAIL') return null;
    if (account.needsApproval) {
      await tx.rows(AWAIT_APPROVAL, [account.id]);
      return 'AWAIT_APPROVAL';
    }
    await activateAccount(context, tx, account.id, 'AWAITING_EMAIL');
    return null;
  });
}

/**
 * Sends the letter with the link again: to the viewer, or to whoever has the address and waits for it.
 * Succeeds for any address.
 *
 * @throws {RateLimited} RATE_LIMITED
 */
export async function requestEmailVerification(
  context: CommandContext,
  input: { email?: string | null },
): Promise<void> {
  await chargeAttempt(context, LINK_LIMITS, networkKey(context));
  const key =
    input.email == null ? (context.viewer?.accountId ?? '') : readLogin(input.email, '').email;
  await chargeAttempt(context, LETTER_LIMITS, secretKey(context, `verification:${key}`));
  await context.database.transaction(async (tx) => {
    const accountId = await whoWaits(context, input.email ?? null);
    await tx.append(emailVerificationRequested, { accountId });
  });
}

async function whoWaits(context: CommandContext, email: string | null): Promise<AccountId | null> {
  if (email === null) return context.viewer?.accountId ?? null;
  const login = { ...readLogin(email, ''), username: '' };
  return (await findByLogin(context.database, login))?.id ?? null;
}

/** A link proves the address that the account has or wants, not one that it had. */
function isWanted(account: AccountRow, email: EmailAddress): boolean {
  if (account.state === 'REJECTED' || account.state === 'DELETED') return false;
  return account.pendingEmail === null
    ? account.email === email.address
    : account.pendingEmail === email.address;
}

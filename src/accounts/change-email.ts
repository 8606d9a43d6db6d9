/** Another e-mail address: asked for with the password, in effect once proven, taken back by the old address. */
import { randomBytes } from 'node:crypto';
import type { CommandContext } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import { Conflict, Invalid } from '../platform/errors.js';
import { newId } from '../platform/ids.js';
import { requireViewer } from '../platform/require-viewer.js';
import { emailChangeRequested, passwordResetRequested } from './accounts.events.js';
import { findAccount } from './accounts.queries.js';
import { findEmailChange } from './email-changes.queries.js';
import { parseEmail, readEmail } from './email-addresses.js';
import { instanceSettings } from './instance-settings.js';
import {
  chargeAttempt,
  LETTER_LIMITS,
  LINK_LIMITS,
  networkKey,
  secretKey,
} from './internal/limits.js';
import { claimMailbox } from './mailboxes.js';
import { checkOneTimeToken, discardOneTimeTokens, spendOneTimeToken } from './one-time-tokens.js';
import { hashPassword } from './passwords.js';
import { provePassword } from './prove-password.js';
import { revokeSessions } from './revoke-sessions.js';

const WANT = statement(
  'accounts.want_email',
  'update accounts set pending_email = $2, updated_at = $3 where id = $1',
);
const RECORD = statement(
  'email_changes.insert',
  `insert into email_changes (id, account_id, from_email, to_email, requested_at) values ($1, $2, $3, $4, $5)`,
);
const RESTORE = statement(
  'accounts.restore_email',
  `update accounts set email = $2, email_canonical = $3, email_verified_at = $4, pending_email = null,
     password_hash = $5, password_changed_at = $4, updated_at = $4
   where id = $1`,
);
const UNDO = statement(
  'email_changes.undo',
  `update email_changes set undone_at = $2 where account_id = $1 and undone_at is null and id >= $3`,
);

/**
 * Asks for another address. It takes effect when it is proven; the old one is told, with a link that takes it back.
 * An address that belongs to another account is answered like any other.
 *
 * @throws {Forbidden} FORBIDDEN for anonymous callers
 * @throws {Invalid} INVALID_INPUT, INVALID_CREDENTIALS
 * @throws {RateLimited} RATE_LIMITED
 */
export async function changeEmail(
  context: CommandContext,
  input: { currentPassword: string; email: string },
): Promise<void> {
  const viewer = requireViewer(context);
  const { blockedEmailDomains } = await instanceSettings(context.database, context.config);
  const email = readEmail(input.email, blockedEmailDomains);
  await provePassword(context, viewer, input.currentPassword, ['currentPassword']);
  await chargeAttempt(context, LETTER_LIMITS, secretKey(context, `change:${viewer.accountId}`));
  await context.database.transaction(async (tx) => {
    const account = await findAccount(tx, viewer.accountId);
    if (!account || account.email === email.address) {
      throw new Invalid('This is your address already.', ['email'], 'UNCHANGED');
    }
    const now = context.clock.now();
    const changeId = newId<'emailchange'>(now);
    await tx.rows(WANT, [account.id, email.address, now]);
    await tx.rows(RECORD, [changeId, account.id, account.email, email.address, now]);
    await discardOneTimeTokens(tx, 'verify-email', account.id);
    await tx.append(emailChangeRequested, { accountId: account.id, changeId });
  });
}

/**
 * Takes a change of address back, by the link in the letter to the old one: the account has the old address again,
 * every session and token ends, the password works no more, and a letter for a new one goes to that address.
 *
 * @throws {Conflict} EXPIRED
 * @throws {RateLimited} RATE_LIMITED
 */
export async function undoEmailChange(
  context: CommandContext,
  input: { token: string },
): Promise<void> {
  await chargeAttempt(context, LINK_LIMITS, networkKey(context));
  await checkOneTimeToken(context, context.database, 'undo-email-change', input.token);
  // Whoever asked for the change knew the password: nobody knows this one.
  const passwordHash = await hashPassword(randomBytes(24).toString('base64'));
  await context.database.transaction(async (tx) => {
    const { accountId, payload } = await spendOneTimeToken(
      context,
      tx,
      'undo-email-change',
      input.token,
    );
    const change = await findEmailChange(tx, payload['changeId'] ?? '');
    const email = change && parseEmail(change.fromEmail);
    if (
      !accountId ||
      !email ||
      change?.undoneAt !== null ||
      !(await claimMailbox(tx, email, accountId))
    ) {
      throw new Conflict('This link is not valid any more.', 'EXPIRED', ['token']);
    }
    const now = context.clock.now();
    await tx.rows(RESTORE, [accountId, email.address, email.canonical, now, passwordHash]);
    await tx.rows(UNDO, [accountId, now, change.id]);
    await discardOneTimeTokens(tx, 'verify-email', accountId);
    await discardOneTimeTokens(tx, 'reset-password', accountId);
    await revokeSessions(context, tx, accountId, 'all');
    await tx.append(passwordResetRequested, { accountId });
  });
}

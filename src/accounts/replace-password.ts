/** New passwords: by a link, by the person, by the staff or the command line. Other sessions never survive one. */
import type { CommandContext } from '../platform/context.js';
import { statement, type Transaction } from '../platform/db/database.js';
import { Conflict, NotFound } from '../platform/errors.js';
import { requireViewer } from '../platform/require-viewer.js';
import type { AccountId } from './account.entity.js';
import { passwordChanged, passwordResetRequested } from './accounts.events.js';
import { findAccount, findByLogin, readLogin, type AccountRow } from './accounts.queries.js';
import {
  chargeAttempt,
  LETTER_LIMITS,
  LINK_LIMITS,
  networkKey,
  secretKey,
  signInNameLimits,
} from './internal/limits.js';
import { checkOneTimeToken, discardOneTimeTokens, spendOneTimeToken } from './one-time-tokens.js';
import { checkNewPassword, hashPassword } from './passwords.js';
import { provePassword } from './prove-password.js';
import { revokeSessions, type RevokedTokens } from './revoke-sessions.js';
import { loginKey } from './sign-in.js';

const STORE = statement(
  'accounts.store_password',
  `update accounts set password_hash = $2, password_changed_at = $3, updated_at = $3 where id = $1`,
);

/**
 * Asks for a letter with a link. Succeeds for any address, in the same time.
 *
 * @throws {RateLimited} RATE_LIMITED
 */
export async function requestPasswordReset(
  context: CommandContext,
  input: { email: string },
): Promise<void> {
  await chargeAttempt(context, LINK_LIMITS, networkKey(context));
  const login = { ...readLogin(input.email, ''), username: '' };
  await chargeAttempt(context, LETTER_LIMITS, secretKey(context, `reset:${login.email}`));
  await context.database.transaction(async (tx) => {
    const found = await findByLogin(tx, login);
    await tx.append(passwordResetRequested, { accountId: found?.id ?? null });
  });
}

/**
 * Sets a new password by the token of a letter, ends every session and token of the account, and forgets wrong
 * attempts to sign in.
 *
 * @throws {Conflict} EXPIRED
 * @throws {Invalid} WEAK_PASSWORD
 * @throws {RateLimited} RATE_LIMITED
 */
export async function resetPassword(
  context: CommandContext,
  input: { token: string; password: string },
): Promise<void> {
  await chargeAttempt(context, LINK_LIMITS, networkKey(context));
  checkNewPassword(input.password, []);
  await checkOneTimeToken(context, context.database, 'reset-password', input.token);
  const passwordHash = await hashPassword(input.password);
  const account = await context.database.transaction(async (tx) => {
    const { accountId, payload } = await spendOneTimeToken(
      context,
      tx,
      'reset-password',
      input.token,
    );
    const owner = accountId && (await findAccount(tx, accountId));
    // The letter proved the address that the account had then; it must still be the account's.
    if (!owner || owner.email !== payload['email']) {
      throw new Conflict('This link is not valid any more.', 'EXPIRED', ['token']);
    }
    await storePassword(context, tx, owner.id, passwordHash, 'all');
    return owner;
  });
  await unlockSignIn(context, account);
}

/**
 * Sets a new password in exchange for the old one; the session in use goes on, the others end.
 *
 * @throws {Forbidden} FORBIDDEN for anonymous callers
 * @throws {Invalid} INVALID_CREDENTIALS, WEAK_PASSWORD
 * @throws {RateLimited} RATE_LIMITED
 */
export async function changePassword(
  context: CommandContext,
  input: { currentPassword: string; password: string },
): Promise<void> {
  const viewer = requireViewer(context);
  const { username } = await provePassword(context, viewer, input.currentPassword, [
    'currentPassword',
  ]);
  checkNewPassword(input.password, [username, input.currentPassword]);
  const passwordHash = await hashPassword(input.password);
  await context.database.transaction((tx) =>
    storePassword(context, tx, viewer.accountId, passwordHash, {
      sessionsExcept: viewer.sessionId,
    }),
  );
}

/**
 * Sets a password that the staff chose, and ends every session and token. Whoever calls this has made sure that
 * they may: it is meant for the command line and for moderation.
 *
 * @throws {NotFound} NOT_FOUND
 * @throws {Invalid} WEAK_PASSWORD
 */
export async function setPassword(
  context: CommandContext,
  input: { accountId: AccountId; password: string },
): Promise<void> {
  const account = await findAccount(context.database, input.accountId);
  if (!account) throw new NotFound(['accountId']);
  checkNewPassword(input.password, [account.username, account.email]);
  const passwordHash = await hashPassword(input.password);
  await context.database.transaction((tx) =>
    storePassword(context, tx, account.id, passwordHash, 'all'),
  );
  await unlockSignIn(context, account);
}

async function storePassword(
  context: CommandContext,
  tx: Transaction,
  accountId: AccountId,
  passwordHash: string,
  revoked: RevokedTokens,
): Promise<void> {
  await tx.rows(STORE, [accountId, passwordHash, context.clock.now()]);
  await discardOneTimeTokens(tx, 'reset-password', accountId);
  await revokeSessions(context, tx, accountId, revoked);
  await tx.append(passwordChanged, { accountId });
}

async function unlockSignIn(context: CommandContext, account: AccountRow): Promise<void> {
  const logins = [account.username, account.email].map((text) =>
    readLogin(text, context.config.publicUrl.host),
  );
  for (const login of logins) {
    for (const entry of signInNameLimits(context.config))
      await context.rateLimiter.reset(entry, loginKey(context, login));
  }
}

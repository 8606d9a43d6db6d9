/** The second proof: a person who is signed in shows that they know the password, before what would be worth stealing. */
import type { CommandContext, Viewer } from '../platform/context.js';
import { addSeconds } from '../platform/clock.js';
import { statement } from '../platform/db/database.js';
import { Forbidden, Invalid } from '../platform/errors.js';
import { requireViewer } from '../platform/require-viewer.js';
import { findCredential, type CredentialRow } from './accounts.queries.js';
import {
  chargeAttempt,
  PASSWORD_PROOF_LIMITS,
  refundAttempt,
  secretKey,
} from './internal/limits.js';
import { verifyPassword } from './passwords.js';

/** How long a proof of the password counts as recent. */
export const RECENT_SECONDS = 15 * 60;

const AUTHENTICATED_AT = statement(
  'sessions.authenticated_at',
  `select authenticated_at as "authenticatedAt" from sessions where id = $1 and kind = 'SESSION' and revoked_at is null`,
);
const REMEMBER = statement(
  'sessions.remember_proof',
  `update sessions set authenticated_at = $2 where id = $1 and kind = 'SESSION'`,
);

/**
 * Checks the password of a viewer. Wrong attempts count per account.
 *
 * @throws {Invalid} INVALID_CREDENTIALS at `path`
 * @throws {RateLimited} RATE_LIMITED
 */
export async function provePassword(
  context: CommandContext,
  viewer: Viewer,
  password: string,
  path: readonly string[],
): Promise<CredentialRow> {
  const key = secretKey(context, viewer.accountId);
  await chargeAttempt(context, PASSWORD_PROOF_LIMITS, key);
  const credential = await findCredential(context.database, viewer.accountId);
  const isRight = await verifyPassword(credential?.passwordHash ?? null, password);
  if (!credential || !isRight) {
    throw new Invalid(
      'This is not your password.',
      path,
      'CREDENTIALS',
      null,
      'INVALID_CREDENTIALS',
    );
  }
  await refundAttempt(context, PASSWORD_PROOF_LIMITS, key);
  return credential;
}

/**
 * Proves the password in the running session, which then counts as recent for 15 minutes.
 *
 * @throws {Forbidden} FORBIDDEN for anonymous callers
 * @throws {Invalid} INVALID_CREDENTIALS
 * @throws {RateLimited} RATE_LIMITED
 */
export async function confirmPassword(
  context: CommandContext,
  input: { password: string },
): Promise<void> {
  const viewer = requireViewer(context);
  await provePassword(context, viewer, input.password, ['password']);
  await context.database.rows(REMEMBER, [viewer.sessionId, context.clock.now()]);
}

/**
 * Passes when the password was proven within the last 15 minutes in a session that goes on; personal access tokens never pass.
 *
 * @throws {Forbidden} REAUTHENTICATION_REQUIRED
 */
export async function requireRecentPassword(
  context: CommandContext,
  viewer: Viewer,
): Promise<void> {
  const session = await context.database.row<{ authenticatedAt: Date | null }>(AUTHENTICATED_AT, [
    viewer.sessionId,
  ]);
  const since = addSeconds(context.clock.now(), -RECENT_SECONDS);
  if (session?.authenticatedAt && session.authenticatedAt >= since) return;
  throw new Forbidden('Confirm your password first.', 'REAUTHENTICATION_REQUIRED');
}

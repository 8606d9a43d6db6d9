/** Signing in with a password. An unknown name looks and takes as long as a wrong password. */
import type { CommandContext } from '../platform/context.js';
import { statement, type Transaction } from '../platform/db/database.js';
import { Forbidden, Invalid } from '../platform/errors.js';
import type { AccountState } from './account.entity.js';
import { reopenAccount } from './close-account.js';
import { findByLogin, readLogin, type CredentialRow, type Login } from './accounts.queries.js';
import {
  chargeAttempt,
  networkKey,
  refundAttempt,
  secretKey,
  signInNameLimits,
  signInNetworkLimits,
} from './internal/limits.js';
import { verifyPassword } from './passwords.js';
import { startSession, type StartedSession } from './start-session.js';

/** Who signs in, from what. */
export interface SignInInput {
  /** Username, handle of this server, or e-mail address. */
  readonly login: string;
  readonly password: string;
  /** What the person calls the device, at most 100 characters are kept. */
  readonly deviceName?: string | null;
}

const MAX_DEVICE_NAME = 100;

// Waits for a change of the password that is under way, and makes a later one wait: it then ends this session too.
const STILL_PROVEN = statement(
  'accounts.still_proven',
  `select 1 from accounts where id = $1 and password_hash = $2 and state = 'ACTIVE' for share`,
);

/**
 * Proves a password and opens a session with every scope of the person's role. Whoever deleted the account and comes
 * back in time has it back.
 *
 * Wrong attempts count per name and per network; running sessions go on meanwhile, and a password reset by
 * e-mail lets the person in again at once.
 *
 * @throws {Invalid} INVALID_CREDENTIALS
 * @throws {Forbidden} EMAIL_UNVERIFIED, APPROVAL_REQUIRED, ACCOUNT_SUSPENDED: after the right password only
 * @throws {RateLimited} RATE_LIMITED
 */
export async function signIn(
  context: CommandContext,
  input: SignInInput,
): Promise<StartedSession & Pick<CredentialRow, 'id'>> {
  const login = readLogin(input.login, context.config.publicUrl.host);
  const credential = await proveLogin(context, login, input.password);
  refuseUnlessActive(credential.state);
  return context.database.transaction(async (tx) => {
    if (credential.state === 'CLOSING') await reopenAccount(context, tx, credential);
    await requireStillProven(tx, credential);
    const deviceName = input.deviceName?.slice(0, MAX_DEVICE_NAME) || null;
    const session = await startSession(context, tx, credential, deviceName);
    return { ...session, id: credential.id };
  });
}

/** Key under which attempts for a login are counted: as typed, so that it tells nothing about accounts. */
export function loginKey(context: CommandContext, login: Login): string {
  return secretKey(context, login.username || login.email);
}

async function proveLogin(
  context: CommandContext,
  login: Login,
  password: string,
): Promise<CredentialRow> {
  const network = networkKey(context);
  const name = loginKey(context, login);
  await chargeAttempt(context, signInNetworkLimits(context.config), network);
  await chargeAttempt(context, signInNameLimits(context.config), name);
  const credential = await findByLogin(context.database, login);
  const isRight = await verifyPassword(credential?.passwordHash ?? null, password);
  if (!credential || !isRight) throw wrongCredentials();
  await refundAttempt(context, signInNetworkLimits(context.config), network);
  await refundAttempt(context, signInNameLimits(context.config), name);
  return credential;
}

function wrongCredentials(): Invalid {
  return new Invalid(
    'Name and password do not belong together.',
    [],
    'CREDENTIALS',
    null,
    'INVALID_CREDENTIALS',
  );
}

/** Checking a password takes long enough for it to be changed meanwhile. */
async function requireStillProven(tx: Transaction, credential: CredentialRow): Promise<void> {
  if (!(await tx.row(STILL_PROVEN, [credential.id, credential.passwordHash])))
    throw wrongCredentials();
}

function refuseUnlessActive(state: AccountState): void {
  switch (state) {
    case 'ACTIVE':
    case 'CLOSING':
      return;
    case 'AWAITING_EMAIL':
      throw new Forbidden(
        'Confirm your e-mail address first: a link was sent to it.',
        'EMAIL_UNVERIFIED',
      );
    case 'AWAITING_APPROVAL':
      throw new Forbidden('A moderator has yet to approve your account.', 'APPROVAL_REQUIRED');
    case 'SUSPENDED':
    case 'REJECTED':
    case 'DELETED':
      throw new Forbidden('This account is suspended.', 'ACCOUNT_SUSPENDED');
  }
}

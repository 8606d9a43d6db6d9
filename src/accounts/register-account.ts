/**
 * Registration of a person. Whether an address is known here already must not be seen from outside:
 * such a registration goes the same way, and only the owner of the mailbox learns of it by mail.
 */
import type { ActorId } from '../actors/actor.entity.js';
import type { CommandContext } from '../platform/context.js';
import type { Transaction } from '../platform/db/database.js';
import type { AccountId } from './account.entity.js';
import { freeAlternatives, insertAccount, type NewAccount } from './create-account.js';
import { readEmail, type EmailAddress } from './email-addresses.js';
import { instanceSettings } from './instance-settings.js';
import { admit, refuseEarly, type Admission, type AdmissionRequest } from './internal/admission.js';
import { chargeAttempt, networkKey, registrationAttemptLimits } from './internal/limits.js';
import { countRegistration } from './internal/count-registration.js';
import { checkNewPassword, hashPassword } from './passwords.js';
import { startSession, type StartedSession } from './start-session.js';
import { isReservedUsername, readUsername, UsernameTaken } from './usernames.js';

/** What a person gives to register. Nothing else of the account can be set from outside. */
export interface RegisterAccountInput extends AdmissionRequest {
  readonly username: string;
  readonly email: string;
  readonly password: string;
  readonly language?: string | null;
  readonly startSession: boolean;
}

/** What is still missing before the account can be used. */
export const REGISTRATION_STEPS = {
  VERIFY_EMAIL: 'Open the link that was sent to the e-mail address.',
  AWAIT_APPROVAL: 'A moderator decides; the answer comes by e-mail.',
} as const;

/** One of the steps. */
export type RegistrationStep = keyof typeof REGISTRATION_STEPS;

/** The account that was made. */
export interface RegisteredAccount {
  readonly accountId: AccountId;
  readonly actorId: ActorId;
  /** Null when the account can be used at once. */
  readonly nextStep: RegistrationStep | null;
}

/** A registration that was accepted. */
export interface Registration extends RegisteredAccount {
  /** Null when a step is missing, none was wanted, or it is a repeat. */
  readonly session: StartedSession | null;
}

/**
 * Registers a person: actor and account in one transaction, with a session where nothing else is missing.
 *
 * @param once runs what writes, or answers what it made the first time
 * @throws {Invalid} INVALID_INPUT, WEAK_PASSWORD
 * @throws {UsernameTaken} USERNAME_TAKEN
 * @throws {Conflict} REGISTRATION_CLOSED, EXPIRED, CAPTCHA_REQUIRED
 * @throws {RateLimited} RATE_LIMITED
 */
export async function registerAccount(
  context: CommandContext,
  input: RegisterAccountInput,
  once: (write: () => Promise<RegisteredAccount>) => Promise<RegisteredAccount> = (write) =>
    write(),
): Promise<Registration> {
  const settings = await instanceSettings(context.database, context.config);
  refuseEarly(context, settings, input);
  const { username, email } = readIdentity(input, settings.blockedEmailDomains);
  await chargeAttempt(context, registrationAttemptLimits(context.config), networkKey(context));
  if (input.setupToken == null && isReservedUsername(username)) {
    throw new UsernameTaken(await freeAlternatives(context.database, username));
  }
  const passwordHash = await hashPassword(input.password);
  let session: StartedSession | null = null;
  const write = async (tx: Transaction): Promise<RegisteredAccount> => {
    const admission = await admit(context, tx, settings, input);
    const nextStep = missingStep(context, admission);
    const created = await insertAccount(context, tx, {
      username,
      email,
      passwordHash,
      isEmailVerified: admission.isTrusted,
      role: admission.role,
      state: STATES[nextStep ?? 'NONE'],
      needsApproval: admission.needsApproval,
      language: input.language ?? 'en',
      registrationReason: admission.needsApproval ? (input.reason ?? '').trim() : null,
      inviteId: admission.inviteId,
      hasAgreedToRules: true,
    });
    const account = { id: created.accountId, role: admission.role };
    if (!nextStep && input.startSession) session = await startSession(context, tx, account, null);
    return { ...created, nextStep };
  };
  const registered = await countRegistration<RegisteredAccount>(context, (made) =>
    once(async () => made(await context.database.transaction(write))),
  );
  return { ...registered, session };
}

const STATES = {
  VERIFY_EMAIL: 'AWAITING_EMAIL',
  AWAIT_APPROVAL: 'AWAITING_APPROVAL',
  NONE: 'ACTIVE',
} as const satisfies Record<RegistrationStep | 'NONE', NewAccount['state']>;

function missingStep(context: CommandContext, admission: Admission): RegistrationStep | null {
  if (admission.isTrusted) return null;
  if (context.config.registration.emailVerification === 'required') return 'VERIFY_EMAIL';
  return admission.needsApproval ? 'AWAIT_APPROVAL' : null;
}

function readIdentity(
  input: RegisterAccountInput,
  blockedDomains: readonly string[],
): { username: string; email: EmailAddress } {
  const username = readUsername(input.username);
  const email = readEmail(input.email, blockedDomains);
  checkNewPassword(input.password, [username, email.address, email.address.split('@')[0]!]);
  return { username, email };
}

/** Who gets in by which way: the setup token of the first owner, an invite, or the mode of the server. */
import type { CommandContext, Role } from '../../platform/context.js';
import type { Transaction } from '../../platform/db/database.js';
import { Conflict, Invalid } from '../../platform/errors.js';
import type { InstanceSettings } from '../instance-settings.js';
import { redeemInvite, type InviteId } from '../invites.js';
import { spendOneTimeToken } from '../one-time-tokens.js';
import { registrationChallenge } from '../registration-challenge.js';

const MAX_REASON_LENGTH = 1_000;

/** What a person shows at the door. */
export interface AdmissionRequest {
  readonly inviteCode?: string | null;
  readonly reason?: string | null;
  readonly captchaToken?: string | null;
  readonly setupToken?: string | null;
  readonly birthDate?: string | null;
  readonly agreedToRules: boolean;
}

/** How the person gets in. */
export interface Admission {
  readonly role: Role;
  readonly inviteId: InviteId | null;
  readonly needsApproval: boolean;
  /** True for the first owner, who has the machine itself. */
  readonly isTrusted: boolean;
}

/**
 * What can be refused before anything is computed or counted.
 *
 * @throws {Invalid} INVALID_INPUT
 * @throws {Conflict} REGISTRATION_CLOSED
 */
export function refuseEarly(
  context: CommandContext,
  settings: InstanceSettings,
  request: AdmissionRequest,
): void {
  if (!request.agreedToRules) {
    throw new Invalid('Read and accept the rules first.', ['agreedToRules'], 'REQUIRED');
  }
  if (request.setupToken != null) return;
  if (settings.registrationMode === 'CLOSED') {
    throw new Conflict('This server takes no new accounts.', 'REGISTRATION_CLOSED');
  }
  if (settings.registrationMode === 'INVITE' && !request.inviteCode) {
    throw new Conflict('An invite is needed to register here.', 'REGISTRATION_CLOSED', [
      'inviteCode',
    ]);
  }
  if (settings.registrationMode === 'APPROVAL' && !request.inviteCode)
    checkReason(request.reason ?? '');
  const years = context.config.registration.minimumAgeYears;
  if (years > 0) checkAge(request.birthDate ?? null, years, context.clock.now());
}

/**
 * Uses up what the person showed, inside the registration's own transaction: a registration that fails costs nothing.
 *
 * @throws {Conflict} EXPIRED for an invite or setup token that is not valid
 * @throws {Conflict} CAPTCHA_REQUIRED
 */
export async function admit(
  context: CommandContext,
  tx: Transaction,
  settings: InstanceSettings,
  request: AdmissionRequest,
): Promise<Admission> {
  if (request.setupToken != null) {
    await spendOneTimeToken(context, tx, 'setup', request.setupToken, ['setupToken']);
    return { role: 'OWNER', inviteId: null, needsApproval: false, isTrusted: true };
  }
  const challenge = registrationChallenge(context);
  if (challenge && !(await challenge.verify(tx, request.captchaToken ?? ''))) {
    throw new Conflict(
      'Solve the challenge of `instance.registrations` first.',
      'CAPTCHA_REQUIRED',
      ['captchaToken'],
    );
  }
  const invite = request.inviteCode
    ? await redeemInvite(tx, settings, request.inviteCode, context.clock.now())
    : null;
  const needsApproval = settings.registrationMode === 'APPROVAL' && !invite?.sparesApproval;
  return { role: 'USER', inviteId: invite?.id ?? null, needsApproval, isTrusted: false };
}

function checkReason(reason: string): void {
  if (reason.trim() === '') {
    throw new Invalid('Tell the moderators why you want to join.', ['reason'], 'REQUIRED');
  }
  if (reason.length > MAX_REASON_LENGTH) {
    throw new Invalid(
      `At most ${MAX_REASON_LENGTH} characters.`,
      ['reason'],
      'MAX_LENGTH',
      String(MAX_REASON_LENGTH),
    );
  }
}

function checkAge(birthDate: string | null, years: number, now: Date): void {
  if (birthDate === null) {
    throw new Invalid(
      'The day of birth is needed: this server has a minimum age.',
      ['birthDate'],
      'REQUIRED',
    );
  }
  const oldEnough = new Date(`${birthDate}T00:00:00Z`);
  oldEnough.setUTCFullYear(oldEnough.getUTCFullYear() + years);
  if (oldEnough > now) {
    throw new Invalid(
      `You have to be at least ${years} years old.`,
      ['birthDate'],
      'MINIMUM_AGE',
      String(years),
    );
  }
}

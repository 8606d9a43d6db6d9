/**
 * Makes an account of the staff, usable at once. For the command line alone: whoever can run it owns the
 * data anyway, so there is nobody to ask for permission and no limit to keep. No door of the server leads here.
 */
import type { CommandContext, Role } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import { insertAccount, type CreatedAccount } from './create-account.js';
import { readEmail } from './email-addresses.js';
import { checkNewPassword, hashPassword } from './passwords.js';
import { readUsername } from './usernames.js';

/** Roles that an account of the staff can have. */
export type StaffRole = Exclude<Role, 'USER'>;

/** Whom to make. Reserved names are allowed: they are kept for the staff. */
export interface StaffAccountInput {
  readonly username: string;
  readonly email: string;
  readonly password: string;
  /** Null: OWNER if this server has no owner yet, else ADMIN. */
  readonly role: StaffRole | null;
}

const FIND_OWNER = statement(
  'accounts.owner',
  `select 1 from accounts where role = 'OWNER' and state = 'ACTIVE' limit 1`,
);

/**
 * Creates actor and account with a proven e-mail address, in a transaction of its own.
 *
 * @throws {Invalid} INVALID_INPUT, WEAK_PASSWORD
 * @throws {UsernameTaken} USERNAME_TAKEN
 * @throws {Conflict} ALREADY_EXISTS when another account has the e-mail address
 */
export async function createStaffAccount(
  context: CommandContext,
  input: StaffAccountInput,
): Promise<CreatedAccount & { readonly role: StaffRole }> {
  const username = readUsername(input.username);
  const email = readEmail(input.email);
  checkNewPassword(input.password, [username, email.address]);
  const passwordHash = await hashPassword(input.password);
  return context.database.transaction(async (tx) => {
    const role = input.role ?? ((await tx.row(FIND_OWNER)) ? 'ADMIN' : 'OWNER');
    const created = await insertAccount(context, tx, {
      username,
      email,
      isEmailVerified: true,
      passwordHash,
      role,
      state: 'ACTIVE',
      language: context.config.instance.languages[0] ?? 'en',
      registrationReason: null,
      needsApproval: false,
      inviteId: null,
      hasAgreedToRules: true,
    });
    return { ...created, role };
  });
}

/**
 * Makes an account with its actor. Registration and the command line both end here; who may do so, and
 * under which name, they decide themselves.
 */
import { createLocalActor } from '../actors/create-local-actor.js';
import type { CommandContext, Role } from '../platform/context.js';
import { statement, type Reader, type Transaction } from '../platform/db/database.js';
import { Conflict } from '../platform/errors.js';
import { newId, type Id } from '../platform/ids.js';
import type { ActorId } from '../actors/actor.entity.js';
import { Account, type AccountId, type AccountState } from './account.entity.js';
import { accountActivated, accountRegistered } from './accounts.events.js';
import type { EmailAddress } from './email-addresses.js';
import { claimMailbox } from './mailboxes.js';
import { discardOneTimeTokens } from './one-time-tokens.js';
import { alternativesTo, UsernameTaken } from './usernames.js';

/** A checked request for an account. */
export interface NewAccount {
  /** As `readUsername` returns it. */
  readonly username: string;
  readonly email: EmailAddress;
  readonly isEmailVerified: boolean;
  readonly passwordHash: string;
  readonly role: Role;
  readonly state: Extract<AccountState, 'AWAITING_EMAIL' | 'AWAITING_APPROVAL' | 'ACTIVE'>;
  readonly language: string;
  readonly registrationReason: string | null;
  /** Whether the staff has to let the person in. */
  readonly needsApproval: boolean;
  readonly inviteId: Id<'invite'> | null;
  readonly hasAgreedToRules: boolean;
}

/** What was made. */
export interface CreatedAccount {
  readonly accountId: AccountId;
  readonly actorId: ActorId;
}

const SUGGESTIONS = 3;
const NAMES_IN_USE = statement(
  'accounts.names_in_use',
  `select lower(username) as name from actors where lower(username) = any($1) and domain is null`,
);
/**
 * Creates actor and account inside the caller's transaction.
 *
 * @throws {UsernameTaken} USERNAME_TAKEN with names that are free
 * @throws {Conflict} ALREADY_EXISTS when the address is to be taken as proven and is another account's
 */
export async function insertAccount(
  context: Pick<CommandContext, 'config' | 'clock'>,
  tx: Transaction,
  account: NewAccount,
): Promise<CreatedAccount> {
  if (account.isEmailVerified && !(await claimMailbox(tx, account.email, null))) {
    throw new Conflict('Another account has this e-mail address.', 'ALREADY_EXISTS', ['email']);
  }
  const status = account.state === 'ACTIVE' ? 'ACTIVE' : 'PENDING';
  const actorId = await createLocalActor(context, tx, { username: account.username, status });
  if (!actorId) throw new UsernameTaken(await freeAlternatives(tx, account.username));
  const now = context.clock.now();
  const accountId = newId<'account'>(now);
  tx.em.create(Account, {
    id: accountId,
    actorId,
    email: account.email.address,
    emailCanonical: account.email.canonical,
    emailVerifiedAt: account.isEmailVerified ? now : null,
    passwordHash: account.passwordHash,
    passwordChangedAt: now,
    role: account.role,
    state: account.state,
    language: account.language,
    registrationReason: account.registrationReason,
    needsApproval: account.needsApproval,
    inviteId: account.inviteId,
    agreedToRulesAt: account.hasAgreedToRules ? now : null,
    settings: {},
    createdAt: now,
    updatedAt: now,
  });
  // Whoever became the owner is the first one: a setup token that is still around makes no second.
  if (account.role === 'OWNER') await discardOneTimeTokens(tx, 'setup', null);
  await tx.append(accountRegistered, { accountId, actorId });
  if (account.state === 'ACTIVE') await tx.append(accountActivated, { accountId, actorId });
  return { accountId, actorId };
}

/** Up to three names near the wanted one that nobody has. */
export async function freeAlternatives(reader: Reader, username: string): Promise<string[]> {
  const offered = alternativesTo(username);
  const inUse = new Set(
    (await reader.rows<{ name: string }>(NAMES_IN_USE, [offered])).map(({ name }) => name),
  );
  return offered.filter((name) => !inUse.has(name)).slice(0, SUGGESTIONS);
}

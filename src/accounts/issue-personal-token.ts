/**
 * Issues a personal access token: a bearer token that a person gives to a program of their own. Whoever
 * calls this has made sure that the person, or the owner of the server, wants it.
 */
import type { CommandContext, Role } from '../platform/context.js';
import type { Transaction } from '../platform/db/database.js';
import { Invalid, TooMany } from '../platform/errors.js';
import { newId } from '../platform/ids.js';
import { includesScope, isScope, SCOPES } from '../platform/scopes.js';
import { statement } from '../platform/db/database.js';
import type { AccountId } from './account.entity.js';
import { Session, type SessionId } from './session.entity.js';
import { scopesOfRole } from './start-session.js';
import { mintPersonalToken, type MintedToken } from './tokens.js';

/** Personal access tokens that one account may have at a time. */
export const MAX_PERSONAL_TOKENS = 100;

const MAX_NAME_LENGTH = 100;

/** What the token is to open. */
export interface PersonalTokenInput {
  /** What the person calls the program, 1–100 characters. */
  readonly name: string;
  /** At least one, none beyond the role of the account. */
  readonly scopes: readonly string[];
  /** Null: works until it is revoked. */
  readonly expiresAt: Date | null;
}

/** A token that was just issued. Its text is shown this once. */
export interface IssuedPersonalToken {
  readonly tokenId: SessionId;
  readonly token: string;
}

// Of two tokens at once the second one counts the first.
const LOCK = statement('personal_tokens.lock', 'select 1 from accounts where id = $1 for update');
const COUNT = statement(
  'personal_tokens.count',
  `select count(*)::int as count from sessions
   where account_id = $1 and kind = 'PERSONAL' and revoked_at is null and (expires_at is null or expires_at > $2)`,
);

/**
 * Issues the token inside the caller's transaction, which from then on holds a lock on the account.
 *
 * @param minted absent = a random one; a token that others may know is for a world that was made up
 * @throws {Invalid} INVALID_INPUT
 * @throws {TooMany} LIMIT_EXCEEDED when the account has 100 already
 */
export async function issuePersonalToken(
  context: Pick<CommandContext, 'clock'>,
  tx: Transaction,
  account: { readonly id: AccountId; readonly role: Role },
  input: PersonalTokenInput,
  minted: MintedToken = mintPersonalToken(),
): Promise<IssuedPersonalToken> {
  const now = context.clock.now();
  const name = checkName(input.name);
  checkScopes(input.scopes, account.role);
  if (input.expiresAt !== null && input.expiresAt <= now) {
    throw new Invalid('The token would never work: its end has passed.', ['expiresAt'], 'FUTURE');
  }
  await tx.rows(LOCK, [account.id]);
  const used = await tx.row<{ count: number }>(COUNT, [account.id, now]);
  if (used && used.count >= MAX_PERSONAL_TOKENS) {
    throw new TooMany(
      `An account has at most ${MAX_PERSONAL_TOKENS} tokens: revoke one.`,
      MAX_PERSONAL_TOKENS,
    );
  }
  const { token, digest } = minted;
  const tokenId = newId<'session'>(now);
  tx.em.create(Session, {
    id: tokenId,
    accountId: account.id,
    kind: 'PERSONAL',
    tokenDigest: digest,
    name,
    scopes: [...new Set(input.scopes)],
    createdAt: now,
    expiresAt: input.expiresAt,
  });
  return { tokenId, token };
}

function checkName(text: string): string {
  const name = text.trim();
  if (name !== '' && name.length <= MAX_NAME_LENGTH) return name;
  throw new Invalid(
    `The name of a token has 1–${MAX_NAME_LENGTH} characters.`,
    ['name'],
    'LENGTH',
    String(MAX_NAME_LENGTH),
  );
}

function checkScopes(scopes: readonly string[], role: Role): void {
  if (scopes.length === 0)
    throw new Invalid('A token needs at least one scope.', ['scopes'], 'REQUIRED');
  const unknown = scopes.filter((scope) => !isScope(scope));
  if (unknown.length > 0)
    throw new Invalid(
      `There is no scope ${unknown.join(', ')}. There are: ${Object.keys(SCOPES).join(', ')}.`,
      ['scopes'],
      'ENUM',
    );
  const grantable = scopesOfRole(role);
  const beyond = scopes.filter(
    (scope) => !grantable.some((granted) => includesScope(granted, scope)),
  );
  if (beyond.length === 0) return;
  throw new Invalid(
    `An account with the role ${role} cannot grant ${beyond.join(', ')}.`,
    ['scopes'],
    'ROLE',
  );
}

/** A person makes a token for a program of their own, after a fresh proof of the password. */
import type { CommandContext } from '../platform/context.js';
import { addSeconds } from '../platform/clock.js';
import { Invalid } from '../platform/errors.js';
import { requireViewer } from '../platform/require-viewer.js';
import { includesScope } from '../platform/scopes.js';
import { issuePersonalToken, type IssuedPersonalToken } from './issue-personal-token.js';
import { requireRecentPassword } from './prove-password.js';

/** Longest life of a token, in days; also what it gets when nothing is said. */
export const MAX_PERSONAL_TOKEN_DAYS = 365;

/** The wanted token. */
export interface CreatePersonalAccessTokenInput {
  readonly name: string;
  readonly scopes: readonly string[];
  readonly expiresAt?: Date | null;
}

/**
 * Makes a personal access token. It gets no scope that the token in use lacks.
 *
 * @throws {Forbidden} FORBIDDEN for anonymous callers, REAUTHENTICATION_REQUIRED
 * @throws {Invalid} INVALID_INPUT
 * @throws {TooMany} LIMIT_EXCEEDED
 */
export async function createPersonalAccessToken(
  context: CommandContext,
  input: CreatePersonalAccessTokenInput,
): Promise<IssuedPersonalToken> {
  const viewer = requireViewer(context);
  await requireRecentPassword(context, viewer);
  const latest = addSeconds(context.clock.now(), MAX_PERSONAL_TOKEN_DAYS * 86_400);
  const expiresAt = input.expiresAt ?? latest;
  if (expiresAt > latest) {
    throw new Invalid(
      'A token works for at most a year.',
      ['expiresAt'],
      'MAXIMUM',
      latest.toISOString(),
    );
  }
  const beyond = input.scopes.filter(
    (scope) => !viewer.scopes.some((own) => includesScope(own, scope)),
  );
  if (beyond.length > 0) {
    throw new Invalid(`You cannot grant ${beyond.join(', ')}.`, ['scopes'], 'BEYOND_OWN_SCOPES');
  }
  const account = { id: viewer.accountId, role: viewer.role };
  return context.database.transaction(async (tx) => {
    const issued = await issuePersonalToken(context, tx, account, { ...input, expiresAt });
    // Issuing waited for a change of the password that was under way: that may have ended the session.
    await requireRecentPassword(context, viewer);
    return issued;
  });
}

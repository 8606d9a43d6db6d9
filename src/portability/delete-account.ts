/** Leaving for good: asked for with the password, done after a while in which one can come back. */
import { closeAccount } from '../accounts/close-account.js';
import { provePassword } from '../accounts/prove-password.js';
import type { CommandContext } from '../platform/context.js';
import { Forbidden } from '../platform/errors.js';
import { requireViewer } from '../platform/require-viewer.js';
import { accountClosed } from './portability.events.js';

/**
 * Closes the viewer's account at once and has it erased when the time of grace is over. Opens its own transaction.
 *
 * @returns when it is erased
 * @throws {Forbidden} FORBIDDEN for anonymous callers, for the owner of the server, and when it was closed meanwhile
 * @throws {Invalid} INVALID_CREDENTIALS
 * @throws {RateLimited} RATE_LIMITED
 */
export async function deleteAccount(
  context: CommandContext,
  input: { password: string },
): Promise<Date> {
  const viewer = requireViewer(context);
  const account = await provePassword(context, viewer, input.password, ['password']);
  if (account.role === 'OWNER')
    throw new Forbidden('The owner answers for the server and cannot leave it like this.');
  return context.database.transaction(async (tx) => {
    const erasedAt = await closeAccount(context, tx, account);
    if (!erasedAt) throw new Forbidden('This account is closed already.');
    await tx.append(accountClosed, { accountId: account.id, actorId: account.actorId });
    return erasedAt;
  });
}

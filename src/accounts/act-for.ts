/** How background work calls commands for a person who asked for it: the same rules, limits and events as if they did. */
import { randomUUID } from 'node:crypto';
import type { CommandContext, JobContext, Viewer } from '../platform/context.js';
import { DEFAULT_LOCALE } from '../platform/messages/catalogue.js';
import type { AccountId } from './account.entity.js';
import { findAccount } from './accounts.queries.js';

/** What a command gets when a job acts for somebody. */
export type ActingContext = CommandContext & { readonly viewer: Viewer };

/** The person as commands know them; null when the account is not in use any more. */
export async function actFor(
  services: JobContext,
  accountId: AccountId,
): Promise<ActingContext | null> {
  const account = await findAccount(services.database, accountId);
  if (account?.state !== 'ACTIVE') return null;
  const { actorId, role } = account;
  // No command that a job calls asks for the session.
  const sessionId = randomUUID() as Viewer['sessionId'];
  return {
    ...services,
    viewer: { accountId, actorId, sessionId, role, scopes: [] },
    requestId: services.jobId,
    clientAddress: null,
    locale: DEFAULT_LOCALE,
    clientName: null,
  };
}

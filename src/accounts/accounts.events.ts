/** What happens to accounts, as others hear of it. Payloads carry ids only: no token, no address, no name. */
import type { ActorId } from '../actors/actor.entity.js';
import { defineEvent } from '../platform/journal/event.js';
import type { AccountId } from './account.entity.js';
import type { SessionId } from './session.entity.js';

/** Live topic of everything that concerns one account. */
export function accountTopic(accountId: AccountId): string {
  return `account:${accountId}`;
}

/** An account was made; it may still wait for its e-mail or for approval. */
export const accountRegistered = defineEvent<{ accountId: AccountId; actorId: ActorId }>(
  'accountRegistered',
);

/** An account may be used from now on. */
export const accountActivated = defineEvent<{ accountId: AccountId; actorId: ActorId }>(
  'accountActivated',
);

/** Tokens stopped working: those of the named sessions, or every one of the account when `sessionIds` is null. */
export const sessionsRevoked = defineEvent<{
  accountId: AccountId;
  sessionIds: readonly SessionId[] | null;
}>('sessionsRevoked', (event) => [accountTopic(event.accountId)]);

/** The staff decided about a registration; `reason` is what it wants the person to read. */
export const registrationDecided = defineEvent<{
  accountId: AccountId;
  isApproved: boolean;
  reason: string | null;
}>('registrationDecided');

/** Somebody asked for the link that proves an address; null when no account waits for one. */
export const emailVerificationRequested = defineEvent<{ accountId: AccountId | null }>(
  'emailVerificationRequested',
);

/** A person wants another e-mail address; it takes effect once it is proven. */
export const emailChangeRequested = defineEvent<{ accountId: AccountId; changeId: string }>(
  'emailChangeRequested',
);

/** Somebody asked for a new password; null when the address is nobody's, so that both look the same. */
export const passwordResetRequested = defineEvent<{ accountId: AccountId | null }>(
  'passwordResetRequested',
);

/** The password of an account is another one now. */
export const passwordChanged = defineEvent<{ accountId: AccountId }>('passwordChanged');

/** The staff lets somebody in, or not. */
import type { ActorId } from '../actors/actor.entity.js';
import type { CommandContext } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import { Conflict, Invalid, NotFound } from '../platform/errors.js';
import { requireRole } from '../platform/require-viewer.js';
import type { AccountId } from './account.entity.js';
import { findAccountOfActor } from './accounts.queries.js';
import { registrationDecided } from './accounts.events.js';
import { activateAccount } from './activate-account.js';
import { recordAct } from './audit.js';
import { toGlobalId } from '../platform/ids.js';

/** The decision. */
export interface DecideRegistrationInput {
  readonly actorId: ActorId;
  readonly approve: boolean;
  /** Told to the person when refused; at most 1,000 characters. */
  readonly reason?: string | null;
}

const MAX_REASON_LENGTH = 1_000;
const REJECT = statement(
  'accounts.reject',
  `update accounts set state = 'REJECTED', updated_at = $2 where id = $1 and state = 'AWAITING_APPROVAL' returning id`,
);

/**
 * Decides about an account that waits for approval. Of two decisions at once the first counts.
 *
 * @throws {Forbidden} FORBIDDEN below the role MODERATOR
 * @throws {NotFound} NOT_FOUND when no local account belongs to the actor
 * @throws {Conflict} CONFLICT when the account does not wait for a decision
 */
export async function decideRegistration(
  context: CommandContext,
  input: DecideRegistrationInput,
): Promise<AccountId> {
  requireRole(context, 'MODERATOR');
  const reason = input.reason?.trim() || null;
  if (reason && reason.length > MAX_REASON_LENGTH) {
    throw new Invalid(
      `At most ${MAX_REASON_LENGTH} characters.`,
      ['reason'],
      'MAX_LENGTH',
      String(MAX_REASON_LENGTH),
    );
  }
  return context.database.transaction(async (tx) => {
    const account = await findAccountOfActor(tx, input.actorId);
    if (!account) throw new NotFound(['actorId']);
    const isDecided = input.approve
      ? await activateAccount(context, tx, account.id, 'AWAITING_APPROVAL')
      : (await tx.row(REJECT, [account.id, context.clock.now()])) !== null;
    if (!isDecided)
      throw new Conflict('This account does not wait for a decision.', 'CONFLICT', ['actorId']);
    await tx.append(registrationDecided, {
      accountId: account.id,
      isApproved: input.approve,
      reason,
    });
    await recordAct(context, tx, {
      action: 'decideRegistration',
      subjectId: toGlobalId('actor', input.actorId),
      details: { isApproved: input.approve },
    });
    return account.id;
  });
}

/** Leaving for another account: with the followers, or with a sign at the door alone. */
import { provePassword } from '../accounts/prove-password.js';
import { endRedirect, moveActor, redirectActor, requireMoveTarget } from '../actors/move-actor.js';
import { findActors, type ActorRow } from '../actors/actor.queries.js';
import type { CommandContext } from '../platform/context.js';
import { Conflict, Forbidden, NotFound } from '../platform/errors.js';
import { requireViewer } from '../platform/require-viewer.js';
import { locateAccount, type AccountLocator } from './locate-account.js';
import { fetchActor, isAbsence } from './resolve-actor.js';

/** Where to, and that the owner of the account asks. */
export interface AccountMove {
  readonly target: AccountLocator;
  readonly password: string;
}

/**
 * Moves the viewer's account with its followers. The other account has to name this one, asked at this moment. Opens its
 * own transaction.
 *
 * @throws {Invalid} INVALID_CREDENTIALS; INVALID_INPUT for oneself
 * @throws {NotFound} NOT_FOUND
 * @throws {Forbidden} FORBIDDEN where the other account does not name this one
 * @throws {Conflict} CONFLICT for an account that has moved itself
 * @throws {RateLimited} RATE_LIMITED within 30 days of the last move
 */
export async function moveAccount(context: CommandContext, move: AccountMove): Promise<void> {
  const viewer = requireViewer(context);
  await provePassword(context, viewer, move.password, ['password']);
  const { actorId } = viewer;
  const target = await freshTarget(context, await locateAccount(context, move.target, ['target']));
  requireMoveTarget(actorId, target);
  const [self] = await findActors(context.database, [actorId]);
  if (!target.alsoKnownAs.includes(self!.uri))
    throw new Forbidden('The other account does not name this one as its alias.', 'FORBIDDEN', [
      'target',
    ]);
  await context.database.transaction((tx) =>
    moveActor(tx, { actorId, targetId: target.id }, context.clock.now()),
  );
}

/**
 * Shows where the viewer is now, without moving anybody, or (`target` null) nowhere any more: then the account is in use
 * as before. Opens its own transaction.
 *
 * @throws {Invalid} INVALID_CREDENTIALS; INVALID_INPUT for oneself
 * @throws {NotFound} NOT_FOUND
 * @throws {Conflict} CONFLICT for an account that has moved itself
 * @throws {RateLimited} RATE_LIMITED
 */
export async function setAccountRedirect(
  context: CommandContext,
  redirect: { readonly target: AccountLocator | null; readonly password: string },
): Promise<void> {
  const viewer = requireViewer(context);
  await provePassword(context, viewer, redirect.password, ['password']);
  const { actorId } = viewer;
  const now = context.clock.now();
  const target = redirect.target && (await locateAccount(context, redirect.target, ['target']));
  if (target) requireMoveTarget(actorId, target);
  await context.database.transaction((tx) =>
    target
      ? redirectActor(tx, { actorId, targetId: target.id }, now)
      : endRedirect(tx, actorId, now),
  );
}

/** The account as its own server has it now. */
async function freshTarget(context: CommandContext, target: ActorRow): Promise<ActorRow> {
  if (target.domain === null) return target;
  try {
    const { actorId, movedToUri } = await fetchActor(context, target.uri);
    if (movedToUri !== null)
      throw new Conflict('The other account has moved itself.', 'CONFLICT', ['target']);
    const [fresh] = await findActors(context.database, [actorId]);
    return fresh!;
  } catch (error) {
    if (isAbsence(error)) throw new NotFound(['target']);
    throw error;
  }
}

/** Ending a follow from either side. */
import type { CommandContext } from '../platform/context.js';
import type { Transaction } from '../platform/db/database.js';
import { requireActing } from '../platform/require-viewer.js';
import type { ActorId } from './actor.entity.js';
import { requireOther } from './actor.policy.js';
import { findActors } from './actor.queries.js';
import { followEnded, followRequestEnded } from './actors.events.js';
import { endFollow, lockPair } from './internal/relations.js';

/**
 * Unfollows an actor or takes a request back. Idempotent. Opens its own transaction.
 *
 * @throws {NotFound} NOT_FOUND
 */
export async function unfollowActor(context: CommandContext, actorId: ActorId): Promise<void> {
  const viewer = requireActing(context);
  await between(context, viewer.actorId, actorId, (tx) =>
    endPair(tx, viewer.actorId, actorId, true),
  );
}

/**
 * Removes a follower of the viewer, without telling them. Idempotent. Opens its own transaction.
 *
 * @throws {NotFound} NOT_FOUND
 */
export async function removeFollower(context: CommandContext, actorId: ActorId): Promise<void> {
  const viewer = requireActing(context);
  await between(context, viewer.actorId, actorId, (tx) => endPair(tx, actorId, viewer.actorId));
}

/** Ends what there is from one actor to another, and says so. Needs a transaction that holds the pair's lock. */
export async function endPair(
  tx: Transaction,
  followerId: ActorId,
  followeeId: ActorId,
  byFollower = false,
): Promise<void> {
  const ended = await endFollow(tx, followerId, followeeId);
  const told = { followerId, followeeId, byFollower };
  if (ended === 'ACCEPTED') await tx.append(followEnded, told);
  if (ended === 'REQUESTED') await tx.append(followRequestEnded, told);
}

/** Runs `work` under the lock of the viewer and an actor that must exist. */
async function between(
  context: CommandContext,
  viewerId: ActorId,
  actorId: ActorId,
  work: (tx: Transaction) => Promise<void>,
): Promise<void> {
  await context.database.transaction(async (tx) => {
    await lockPair(tx, viewerId, actorId);
    requireOther(viewerId, (await findActors(tx, [actorId]))[0]);
    await work(tx);
  });
}

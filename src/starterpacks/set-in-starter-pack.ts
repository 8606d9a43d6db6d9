/** Putting one person into a starter pack, or taking them out. */
import type { ActorId } from '../actors/actor.entity.js';
import type { CommandContext } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import { requireViewer } from '../platform/require-viewer.js';
import { addMember, removeMember } from './internal/members.js';
import { lockOwnPack } from './internal/own-pack.js';
import { requirePacking } from './save-starter-pack.js';
import type { StarterPackId } from './starter-pack.js';

/** Who, and whether they shall be in there. */
export interface PackMembership {
  readonly packId: StarterPackId;
  readonly actorId: ActorId;
  readonly isIncluded: boolean;
}

const TOUCH = statement(
  'starter_packs.touch',
  'update starter_packs set updated_at = $2 where id = $1',
);

/**
 * Puts somebody at the end of an own pack, and tells them, or takes them out. A repeat changes nothing.
 *
 * Opens its own transaction.
 *
 * @throws {NotFound} NOT_FOUND, also for somebody else's pack
 * @throws {Forbidden} BLOCKED, FORBIDDEN for somebody who does not want to be in it
 * @throws {TooMany} LIMIT_EXCEEDED when the pack is full
 * @throws {RateLimited} RATE_LIMITED for more than 300 people in an hour
 */
export async function setInStarterPack(
  context: CommandContext,
  { packId, actorId, isIncluded }: PackMembership,
): Promise<void> {
  const viewer = requireViewer(context);
  if (isIncluded) await requirePacking(context, viewer.actorId, packId, [actorId]);
  const now = context.clock.now();
  await context.database.transaction(async (tx) => {
    const pack = await lockOwnPack(tx, viewer.actorId, packId);
    if (isIncluded) await addMember(tx, pack, actorId, now);
    else await removeMember(tx, packId, actorId);
    await tx.rows(TOUCH, [packId, now]);
  });
}

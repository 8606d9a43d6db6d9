/** The answer to somebody who asked to follow. */
import type { CommandContext } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import { NotFound } from '../platform/errors.js';
import { newId } from '../platform/ids.js';
import { requireActing } from '../platform/require-viewer.js';
import type { ActorId } from './actor.entity.js';
import { followAccepted } from './actors.events.js';
import { countFollow, lockPair } from './internal/relations.js';
import { endPair } from './unfollow-actor.js';

const ACCEPT = statement(
  'follows.accept',
  `update follows set state = 'ACCEPTED', accepted_at = $3, id = $4
   where follower_id = $1 and followee_id = $2 and state = 'REQUESTED' returning is_remote as "isRemote"`,
);
const FIND_STATE = statement(
  'follows.state',
  'select state from follows where follower_id = $1 and followee_id = $2',
);

/**
 * Accepts or rejects a request. Accepting an accepted one succeeds and changes nothing.
 *
 * Opens its own transaction.
 *
 * @throws {NotFound} NOT_FOUND when this actor has not asked
 */
export async function respondToFollowRequest(
  context: CommandContext,
  input: { actorId: ActorId; accept: boolean },
): Promise<void> {
  const viewer = requireActing(context);
  const [followerId, followeeId] = [input.actorId, viewer.actorId];
  const now = context.clock.now();
  await context.database.transaction(async (tx) => {
    await lockPair(tx, followerId, followeeId);
    const follow = await tx.row<{ state: string }>(FIND_STATE, [followerId, followeeId]);
    if (!follow || (!input.accept && follow.state === 'ACCEPTED')) throw new NotFound(['actorId']);
    if (!input.accept) return endPair(tx, followerId, followeeId);
    const values = [followerId, followeeId, now, newId(now)];
    const accepted = await tx.row<{ isRemote: boolean }>(ACCEPT, values);
    if (!accepted) return;
    await countFollow(tx, followerId, followeeId, 1);
    const isFollowerRemote = accepted.isRemote;
    await tx.append(followAccepted, {
      followerId,
      followeeId,
      wasRequested: true,
      isFollowerRemote,
    });
  });
}

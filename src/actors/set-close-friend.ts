/** Close friends: people for whom somebody shares what is not for all followers. The list is its owner's alone. */
import type { CommandContext } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import { Forbidden } from '../platform/errors.js';
import { newId } from '../platform/ids.js';
import { requireViewer } from '../platform/require-viewer.js';
import type { ActorId } from './actor.entity.js';
import { requireOther } from './actor.policy.js';
import { findActors } from './actor.queries.js';
import { lockPair } from './internal/relations.js';
import { findRelationships } from './relationship.queries.js';

const ADD = statement(
  'close_friends.add',
  `insert into close_friends (owner_id, friend_id, id, created_at) values ($1, $2, $3, $4)
   on conflict (owner_id, friend_id) do nothing`,
);
const REMOVE = statement(
  'close_friends.remove',
  'delete from close_friends where owner_id = $1 and friend_id = $2',
);

/**
 * Puts an actor on the viewer's list of close friends, or takes it off; nobody is told. Idempotent. Opens its own
 * transaction.
 *
 * @throws {NotFound} NOT_FOUND
 * @throws {Invalid} INVALID_INPUT for oneself
 * @throws {Forbidden} BLOCKED for somebody behind a block
 */
export async function setCloseFriend(
  context: CommandContext,
  { actorId, isCloseFriend }: { actorId: ActorId; isCloseFriend: boolean },
): Promise<void> {
  const viewer = requireViewer(context);
  const now = context.clock.now();
  await context.database.transaction(async (tx) => {
    await lockPair(tx, viewer.actorId, actorId);
    requireOther(viewer.actorId, (await findActors(tx, [actorId]))[0]);
    if (!isCloseFriend) {
      await tx.rows(REMOVE, [viewer.actorId, actorId]);
      return;
    }
    const [relationship] = await findRelationships(tx, viewer.actorId, [actorId], now);
    if (relationship!.isBlocking || relationship!.isBlockedBy)
      throw new Forbidden('There is a block between you.', 'BLOCKED', ['actorId']);
    await tx.rows(ADD, [viewer.actorId, actorId, newId(now), now]);
  });
}

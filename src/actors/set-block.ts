/** Blocking: neither sees the other any more, and neither a follow nor a close friendship survives between the two. */
import type { CommandContext } from '../platform/context.js';
import { statement, type Transaction } from '../platform/db/database.js';
import { newId } from '../platform/ids.js';
import { requireActing } from '../platform/require-viewer.js';
import type { ActorId } from './actor.entity.js';
import { requireOther } from './actor.policy.js';
import { findActors } from './actor.queries.js';
import { actorBlocked, actorUnblocked } from './actors.events.js';
import { lockPair } from './internal/relations.js';
import { endPair } from './unfollow-actor.js';

const BLOCK = statement(
  'blocks.insert',
  `insert into blocks (blocker_id, blocked_id, id, created_at) values ($1, $2, $3, $4)
   on conflict do nothing returning id`,
);
const UNBLOCK = statement(
  'blocks.delete',
  'delete from blocks where blocker_id = $1 and blocked_id = $2 returning id',
);

const PART = statement(
  'blocks.part',
  `delete from close_friends where owner_id = $1 and friend_id = $2 or owner_id = $2 and friend_id = $1`,
);

/** Who blocks whom. */
export interface BlockPair {
  readonly blockerId: ActorId;
  readonly blockedId: ActorId;
}

/**
 * Blocks or unblocks an actor. Idempotent. Opens its own transaction.
 *
 * @throws {NotFound} NOT_FOUND
 * @throws {Invalid} INVALID_INPUT for oneself
 */
export async function setBlock(
  context: CommandContext,
  input: { actorId: ActorId; blocked: boolean },
): Promise<void> {
  const viewer = requireActing(context);
  const now = context.clock.now();
  const pair = { blockerId: viewer.actorId, blockedId: input.actorId };
  await context.database.transaction(async (tx) => {
    await lockPair(tx, pair.blockerId, pair.blockedId);
    requireOther(viewer.actorId, (await findActors(tx, [input.actorId]))[0]);
    if (!input.blocked) {
      if (await tx.row(UNBLOCK, [pair.blockerId, pair.blockedId]))
        await tx.append(actorUnblocked, pair);
      return;
    }
    await addBlock(tx, pair, now);
  });
}

/** Blocks, with what follows from that; once. Needs a transaction that holds the pair's lock. */
export async function addBlock(tx: Transaction, pair: BlockPair, now: Date): Promise<void> {
  const { blockerId, blockedId } = pair;
  if (!(await tx.row(BLOCK, [blockerId, blockedId, newId(now), now]))) return;
  await endPair(tx, blockerId, blockedId);
  await endPair(tx, blockedId, blockerId);
  await tx.rows(PART, [blockerId, blockedId]);
  await tx.append(actorBlocked, { blockerId, blockedId });
}

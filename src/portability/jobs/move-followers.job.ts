/** Brings everybody here who has to do with an account that has moved to where it is now. */
import type { ActorId } from '../../actors/actor.entity.js';
import type { MoveId } from '../../actors/actors.events.js';
import { isReachable } from '../../actors/actor.policy.js';
import { findActors } from '../../actors/actor.queries.js';
import {
  CARRIED_AT_ONCE,
  carryFollow,
  carrySomeBlocks,
  carrySomeMutes,
  findFollowersToMove,
} from '../../actors/carry-relations.js';
import type { Moving } from '../../actors/move-actor.js';
import type { JobContext } from '../../platform/context.js';
import { DomainError } from '../../platform/errors.js';
import { enqueueAt } from '../../platform/jobs/enqueue.js';
import { defineJob } from '../../platform/jobs/job.js';
import { carryMembership } from '../../timelines/carry-membership.js';

/** Answers where the next page begins; null = there is none. */
type Carry = (context: JobContext, moving: Moving, afterId: string) => Promise<string | null>;

const STAGES: readonly Carry[] = [carrySomeBlocks, carrySomeMutes, carrySomeFollows];

interface MovePiece extends Moving {
  readonly moveId: MoveId;
  /** What is carried; absent = the first. */
  readonly stage?: number;
  /** What was carried last; absent = nothing. */
  readonly afterId?: string;
}

const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/** A hundred people in a run, each in a transaction of their own; a run that was cut off begins its hundred again. */
export const moveFollowers = defineJob<MovePiece>(
  'moveFollowers',
  async (context, piece) => {
    const { actorId, targetId, stage = 0, afterId = FIRST_ID } = piece;
    const carry = STAGES[stage];
    if (!carry || !(await stands(context, piece))) return;
    const lastId = await carry(context, { actorId, targetId }, afterId);
    const { afterId: _done, ...move } = piece;
    const next = lastId ? { ...move, stage, afterId: lastId } : { ...move, stage: stage + 1 };
    await context.database.transaction((tx) =>
      enqueueAt(tx, context.clock.now(), moveFollowers, next),
    );
  },
  { keyOf: ({ moveId, stage = 0, afterId = '' }) => `${moveId}:${stage}:${afterId}` },
);

/** Nobody is taken along any more once the move was called off, or where it leads nowhere. */
async function stands({ database }: JobContext, { actorId, targetId }: Moving): Promise<boolean> {
  const actors = await findActors(database, [actorId, targetId]);
  const origin = actors.find(({ id }) => id === actorId);
  const target = actors.find(({ id }) => id === targetId);
  return target !== undefined && isReachable(target) && origin?.movedToId === targetId;
}

async function carrySomeFollows(
  context: JobContext,
  moving: Moving,
  afterId: string,
): Promise<string | null> {
  const page = await findFollowersToMove(context.database, moving.actorId, afterId);
  for (const { followerId } of page) await carryOne(context, moving, followerId);
  return page.length === CARRIED_AT_ONCE ? page.at(-1)!.followId : null;
}

/** Whoever cannot follow there keeps the follow of the old account. */
async function carryOne(context: JobContext, moving: Moving, followerId: ActorId): Promise<void> {
  try {
    await context.database.transaction(async (tx) => {
      if (await carryFollow(context, tx, followerId, moving))
        await carryMembership(tx, followerId, moving);
    });
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    context.log.debug({ err: error }, 'a follow was not carried to the new account');
  }
}

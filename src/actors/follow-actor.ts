/** Following: at once, or as a request where the other side has to agree. */
import type { CommandContext } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import { newId } from '../platform/ids.js';
import { requireRate } from '../platform/require-rate.js';
import { requireViewer } from '../platform/require-viewer.js';
import type { ActorId } from './actor.entity.js';
import { requireFollowable, requireOther } from './actor.policy.js';
import { findActors } from './actor.queries.js';
import { followAccepted, followRequested } from './actors.events.js';
import { countFollow, lockPair } from './internal/relations.js';
import { findRelationships } from './relationship.queries.js';

/** Whom to follow, and how. */
export interface FollowActorInput {
  readonly actorId: ActorId;
  /** Tell the viewer of every new post. */
  readonly notifiesOnPost: boolean;
  /** Show what the actor reposts in the home timeline. */
  readonly showsReposts: boolean;
}

const FOLLOW_LIMIT = { name: 'follow', points: 200, windowSeconds: 3600, failsClosed: false };

const UPSERT_FOLLOW = statement(
  'follows.upsert',
  `insert into follows (follower_id, followee_id, id, state, notifies_on_post, shows_reposts, requested_at, accepted_at)
   values ($1, $2, $3, $4, $5, $6, $7, case when $4 = 'ACCEPTED' then $7::timestamptz end)
   on conflict (follower_id, followee_id) do update
     set notifies_on_post = excluded.notifies_on_post, shows_reposts = excluded.shows_reposts
   returning id = $3 as "isNew"`,
);

/**
 * Follows an actor, or asks to. A repeat only changes the two choices.
 *
 * Opens its own transaction. A remote actor is followed only once its server has accepted.
 *
 * @throws {NotFound} NOT_FOUND
 * @throws {Invalid} INVALID_INPUT for oneself
 * @throws {Forbidden} BLOCKED
 * @throws {Conflict} CONFLICT
 * @throws {RateLimited} RATE_LIMITED for more than 200 in an hour
 */
export async function followActor(context: CommandContext, input: FollowActorInput): Promise<void> {
  const viewer = requireViewer(context);
  await requireRate(context, FOLLOW_LIMIT, viewer.accountId);
  const now = context.clock.now();
  await context.database.transaction(async (tx) => {
    await lockPair(tx, viewer.actorId, input.actorId);
    const actor = requireOther(viewer.actorId, (await findActors(tx, [input.actorId]))[0]);
    const [relationship] = await findRelationships(tx, viewer.actorId, [actor.id], now);
    requireFollowable(actor, relationship!);
    const state = actor.isLocked || actor.domain !== null ? 'REQUESTED' : 'ACCEPTED';
    const choices = [input.notifiesOnPost, input.showsReposts];
    const row = await tx.row<{ isNew: boolean }>(UPSERT_FOLLOW, [
      viewer.actorId,
      actor.id,
      newId(now),
      state,
      ...choices,
      now,
    ]);
    if (!row?.isNew) return;
    const pair = { followerId: viewer.actorId, followeeId: actor.id };
    if (state === 'ACCEPTED') await countFollow(tx, pair.followerId, pair.followeeId, 1);
    await tx.append(state === 'ACCEPTED' ? followAccepted : followRequested, pair);
  });
}

/** Following: at once, or as a request where the other side has to agree. */
import type { CommandContext, Services } from '../platform/context.js';
import { statement, type Transaction } from '../platform/db/database.js';
import { newId } from '../platform/ids.js';
import { requireRate } from '../platform/require-rate.js';
import { requireActing } from '../platform/require-viewer.js';
import type { ActorId } from './actor.entity.js';
import { requireFollowable, requireOther } from './actor.policy.js';
import { findActors, type ActorRow } from './actor.queries.js';
import { followAccepted, followRequested } from './actors.events.js';
import { countFollow, lockPair } from './internal/relations.js';
import { findRelationships, type RelationshipRow } from './relationship.queries.js';

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
  `insert into follows (follower_id, followee_id, id, state, notifies_on_post, shows_reposts, requested_at, accepted_at, is_remote)
   values ($1, $2, $3, $4, $5, $6, $7, case when $4 = 'ACCEPTED' then $7::timestamptz end,
     exists (select from actors where id = $1 and domain is not null))
   on conflict (follower_id, followee_id) do update
     set notifies_on_post = excluded.notifies_on_post, shows_reposts = excluded.shows_reposts
   returning id, id = $3 as "isNew", state, is_remote as "isRemote"`,
);

/** How a follow stands after it was asked for. */
export interface StandingFollow {
  readonly id: string;
  readonly state: 'REQUESTED' | 'ACCEPTED';
  /** There was none before. */
  readonly isNew: boolean;
}

interface FollowRow extends StandingFollow {
  /** The follower is of another server. */
  readonly isRemote: boolean;
}

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
  await askToFollow(context, input);
}

/**
 * As `followActor`, for who has to answer.
 *
 * @returns how the two stand
 */
export async function askToFollow(
  context: CommandContext,
  input: FollowActorInput,
): Promise<StandingFollow> {
  const viewer = requireActing(context);
  await requireRate(context, FOLLOW_LIMIT, viewer.actorId);
  return context.database.transaction(async (tx) => {
    const followee = await meet(context, tx, viewer.actorId, input.actorId);
    return follow(context, tx, viewer.actorId, followee, input);
  });
}

/**
 * Follows an actor for somebody of this server who has chosen so before, or asks to; a follow or request that is there
 * stays as it is. Opens its own transaction.
 *
 * @throws as `followActor`, but for RATE_LIMITED
 */
export async function startFollowing(
  services: Pick<Services, 'database' | 'clock'>,
  followerId: ActorId,
  actorId: ActorId,
): Promise<void> {
  const choices = { notifiesOnPost: false, showsReposts: true };
  await services.database.transaction((tx) =>
    followInside(services, tx, followerId, { actorId, ...choices }),
  );
}

/**
 * As `startFollowing`, with choices, inside the caller's transaction.
 *
 * @throws as `followActor`, but for RATE_LIMITED
 */
export async function followInside(
  services: Pick<Services, 'clock'>,
  tx: Transaction,
  followerId: ActorId,
  { actorId, ...choices }: FollowActorInput,
): Promise<void> {
  const followee = await meet(services, tx, followerId, actorId);
  if (followee.relationship.isFollowing || followee.relationship.isRequested) return;
  await follow(services, tx, followerId, followee, choices);
}

/** Somebody who may be followed, and how the two stand. */
interface Followee {
  readonly actor: ActorRow;
  readonly relationship: RelationshipRow;
}

/** Makes changes between the two wait, and refuses whom the follower can't follow. */
async function meet(
  { clock }: Pick<Services, 'clock'>,
  tx: Transaction,
  followerId: ActorId,
  actorId: ActorId,
): Promise<Followee> {
  await lockPair(tx, followerId, actorId);
  const actor = requireOther(followerId, (await findActors(tx, [actorId]))[0]);
  const [relationship] = await findRelationships(tx, followerId, [actor.id], clock.now());
  requireFollowable(actor, relationship!);
  return { actor, relationship: relationship! };
}

async function follow(
  { clock }: Pick<Services, 'clock'>,
  tx: Transaction,
  followerId: ActorId,
  { actor }: Followee,
  choices: Omit<FollowActorInput, 'actorId'>,
): Promise<StandingFollow> {
  const now = clock.now();
  const state = actor.isLocked || actor.domain !== null ? 'REQUESTED' : 'ACCEPTED';
  const row = (await tx.row<FollowRow>(UPSERT_FOLLOW, [
    followerId,
    actor.id,
    newId(now),
    state,
    choices.notifiesOnPost,
    choices.showsReposts,
    now,
  ]))!;
  if (!row.isNew) return row;
  const pair = { followerId, followeeId: actor.id };
  if (state === 'REQUESTED') await tx.append(followRequested, pair);
  else {
    await countFollow(tx, pair.followerId, pair.followeeId, 1);
    const { isRemote } = row;
    await tx.append(followAccepted, { ...pair, wasRequested: false, isFollowerRemote: isRemote });
  }
  return row;
}

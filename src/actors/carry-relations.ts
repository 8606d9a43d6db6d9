/** What people of this server have with an actor, carried to the account that it has moved to. In pages, each idempotent. */
import type { Services } from '../platform/context.js';
import { statement, type Reader, type Transaction } from '../platform/db/database.js';
import { newId } from '../platform/ids.js';
import type { ActorId } from './actor.entity.js';
import { followInside } from './follow-actor.js';
import { lockPair } from './internal/relations.js';
import type { Moving } from './move-actor.js';
import { addBlock } from './set-block.js';
import { endPair } from './unfollow-actor.js';

/** Most people of one page. */
export const CARRIED_AT_ONCE = 100;

const LOCAL = 'join actors who on who.id = r.%s and who.domain is null';
const FOLLOWERS = statement(
  'moves.followers',
  `select r.id as "followId", r.follower_id as "followerId" from follows r ${LOCAL.replace('%s', 'follower_id')}
   where r.followee_id = $1 and r.state = 'ACCEPTED' and r.id > $2
   order by r.id limit ${CARRIED_AT_ONCE}`,
);
const FOLLOW = statement(
  'moves.follow',
  `select notifies_on_post as "notifiesOnPost", shows_reposts as "showsReposts" from follows
   where follower_id = $1 and followee_id = $2 and state = 'ACCEPTED'`,
);
const BLOCKERS = statement(
  'moves.blockers',
  `select r.blocker_id as id from blocks r ${LOCAL.replace('%s', 'blocker_id')}
   where r.blocked_id = $1 and r.blocker_id > $2 and r.blocker_id <> $3
     and not exists (select from follows where follower_id = r.blocker_id and followee_id = $3)
   order by r.blocker_id limit ${CARRIED_AT_ONCE}`,
);
const MUTERS = statement(
  'moves.muters',
  `select r.muter_id as id from mutes r ${LOCAL.replace('%s', 'muter_id')}
   where r.muted_id = $1 and r.muter_id > $2 and r.muter_id <> $3 order by r.muter_id limit ${CARRIED_AT_ONCE}`,
);
const MUTE = statement(
  'moves.mute',
  `insert into mutes (muter_id, muted_id, id, mutes_notifications, created_at, expires_at)
   select muter_id, $2, $3, mutes_notifications, $4, expires_at from mutes where muter_id = $5 and muted_id = $1
   on conflict (muter_id, muted_id) do nothing`,
);

/** The next local followers of an actor, by the id of the follow. */
export function findFollowersToMove(
  reader: Reader,
  actorId: ActorId,
  afterId: string,
): Promise<{ followId: string; followerId: ActorId }[]> {
  return reader.rows(FOLLOWERS, [actorId, afterId]);
}

/**
 * Turns a follow of one account into one of the other, with its choices, inside the caller's transaction.
 *
 * @returns whether there was one
 * @throws {DomainError} where the follower cannot follow there; the follow should stay as it is then
 */
export async function carryFollow(
  services: Pick<Services, 'clock'>,
  tx: Transaction,
  followerId: ActorId,
  { actorId, targetId }: Moving,
): Promise<boolean> {
  await lockPair(tx, followerId, actorId);
  const choices = await tx.row<{ notifiesOnPost: boolean; showsReposts: boolean }>(FOLLOW, [
    followerId,
    actorId,
  ]);
  if (!choices) return false;
  await followInside(services, tx, followerId, { actorId: targetId, ...choices });
  await endPair(tx, followerId, actorId);
  return true;
}

/** Lets the next local people who block an actor block where it has gone, unless they follow there. @returns the last of a full page */
export async function carrySomeBlocks(
  { database, clock }: Pick<Services, 'database' | 'clock'>,
  { actorId, targetId }: Moving,
  afterId: string,
): Promise<ActorId | null> {
  const page = await database.rows<{ id: ActorId }>(BLOCKERS, [actorId, afterId, targetId]);
  for (const { id } of page)
    await database.transaction(async (tx) => {
      await lockPair(tx, id, targetId);
      await addBlock(tx, { blockerId: id, blockedId: targetId }, clock.now());
    });
  return lastOfFull(page);
}

/** As `carrySomeBlocks`, for mutes with their end. */
export async function carrySomeMutes(
  { database, clock }: Pick<Services, 'database' | 'clock'>,
  { actorId, targetId }: Moving,
  afterId: string,
): Promise<ActorId | null> {
  const page = await database.rows<{ id: ActorId }>(MUTERS, [actorId, afterId, targetId]);
  const now = clock.now();
  await database.transaction(async (tx) => {
    for (const { id } of page) await tx.rows(MUTE, [actorId, targetId, newId(now), now, id]);
  });
  return lastOfFull(page);
}

function lastOfFull(page: readonly { id: ActorId }[]): ActorId | null {
  return page.length === CARRIED_AT_ONCE ? page.at(-1)!.id : null;
}

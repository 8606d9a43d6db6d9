/** Follows as causes. A follow that had to be asked for is no news to whoever accepted it. */
import type { ActorId } from '../../actors/actor.entity.js';
import { statement, type Reader, type Transaction } from '../../platform/db/database.js';
import { sinceEach, type Found, type Since } from './gathering.js';
import { withdraw, withdrawal } from './withdraw.js';

/** A follow as a round finds it. */
export interface FoundFollow extends Found {
  readonly acceptedAt: Date;
}

/** How a follow came about; null when there is none. */
export interface FollowState {
  readonly state: 'REQUESTED' | 'ACCEPTED';
  readonly wasRequested: boolean;
}

const SINCE = sinceEach(
  'notifications.follows_since',
  `select id, follower_id as "actorId", accepted_at as "acceptedAt" from follows
   where followee_id = g."subjectId" and state = 'ACCEPTED' and accepted_at = requested_at and id > g."sinceId"`,
);
const STATE = statement(
  'notifications.follow_state',
  `select state, coalesce(accepted_at > requested_at, true) as "wasRequested" from follows
   where follower_id = $1 and followee_id = $2`,
);
const WITHDRAW_FOLLOW = withdrawal(
  'notifications.withdraw_follow',
  `n.kind = 'FOLLOW'`,
  `exists (select from follows where follower_id = w."actorId" and followee_id = w."recipientId" and state = 'ACCEPTED')`,
);
const WITHDRAW_REQUEST = withdrawal(
  'notifications.withdraw_follow_request',
  `n.kind = 'FOLLOW_REQUEST'`,
  `exists (select from follows where follower_id = w."actorId" and followee_id = w."recipientId" and state = 'REQUESTED')`,
);
const WITHDRAW_ACCEPTANCE = withdrawal(
  'notifications.withdraw_follow_accepted',
  `n.kind = 'FOLLOW_ACCEPTED'`,
  `exists (select from follows where follower_id = w."recipientId" and followee_id = w."actorId" and state = 'ACCEPTED')`,
);

/** Follows behind an id, the oldest first. */
export function findFollowsSince(reader: Reader, since: readonly Since[]): Promise<FoundFollow[]> {
  return reader.rows<FoundFollow>(SINCE, [JSON.stringify(since)]);
}

/** How one follows another now. */
export function findFollowState(
  reader: Reader,
  followerId: ActorId,
  followeeId: ActorId,
): Promise<FollowState | null> {
  return reader.row<FollowState>(STATE, [followerId, followeeId]);
}

/** Takes out of the notifications of both sides what is not so any more between a follower and a followee. */
export async function withdrawFollow(
  tx: Transaction,
  followerId: ActorId,
  followeeId: ActorId,
): Promise<void> {
  const there = { recipientId: followeeId, actorId: followerId, subjectId: followeeId };
  const here = { recipientId: followerId, actorId: followeeId, subjectId: followeeId };
  await withdraw(tx, WITHDRAW_FOLLOW, [there]);
  await withdraw(tx, WITHDRAW_REQUEST, [there]);
  await withdraw(tx, WITHDRAW_ACCEPTANCE, [here]);
}

/** Follow, and the Accept or Reject of one. */
import type { ActorId } from '../../actors/actor.entity.js';
import { askToFollow } from '../../actors/follow-actor.js';
import { findRelationships } from '../../actors/relationship.queries.js';
import { respondToFollowRequest } from '../../actors/respond-to-follow-request.js';
import { removeFollower, unfollowActor } from '../../actors/unfollow-actor.js';
import { statement } from '../../platform/db/database.js';
import { remoteActorNoticed } from '../federation.events.js';
import { idOf, objectOf } from '../internal/read-properties.js';
import { acceptReceived } from '../jobs/federate-follow.job.js';
import { followChannel, unfollowChannel } from './channel-follows.js';
import { findOurActor, Unwanted, type Handler, type Receiving, type Undoing } from './receiving.js';
import { buryFollow, wasFollowUndone } from './tombstones.js';

const SENT_BY = statement(
  'sent_activities.sender',
  `select actor_id as "actorId" from sent_activities where uri = $1 and subject_id = $2`,
);

/** Somebody there follows one of ours. A repeat is answered again: the first answer may have been lost. */
export const handleFollow: Handler = async (receiving) => {
  const { context, command, sender, activity } = receiving;
  if (await followChannel(receiving)) return;
  const actorId = await findOurActor(context, idOf(activity.body['object']));
  if (!actorId || (await wasFollowUndone(receiving, activity.id))) throw new Unwanted();
  await context.database.transaction(async () => {
    const choices = { notifiesOnPost: false, showsReposts: true };
    const follow = await askToFollow(command, { actorId, ...choices });
    if (follow.state === 'ACCEPTED')
      await acceptReceived(context, {
        follow,
        uri: activity.id,
        follower: sender,
        followeeId: actorId,
      });
  });
};

/** Somebody there follows one of ours no longer, or never did before the Follow came. */
export const undoFollow: Undoing = async (receiving, undone) => {
  const { context, command, sender } = receiving;
  if (await unfollowChannel(receiving, undone)) return;
  const actorId = await findOurActor(context, idOf(undone['object']));
  if (!actorId) return;
  const now = context.clock.now();
  const [before] = await findRelationships(context.database, sender.actorId, [actorId], now);
  const uri = idOf(undone['id']);
  if (before?.isFollowing || before?.isRequested) await unfollowActor(command, actorId);
  else if (uri !== null) await buryFollow(receiving, uri);
};

/** Somebody there accepts one of ours who asked. A follow exists only from here on. */
export const acceptFollow: Handler = async (receiving) => {
  const followerId = await whoAsked(receiving);
  if (!followerId) return;
  const { command, context, sender } = receiving;
  await respondToFollowRequest(command, { actorId: followerId, accept: true });
  await context.database.transaction((tx) =>
    tx.append(remoteActorNoticed, { actorId: sender.actorId }),
  );
};

/** Somebody there turns one of ours down, also after having accepted. */
export const rejectFollow: Handler = async (receiving) => {
  const followerId = await whoAsked(receiving);
  if (followerId) await removeFollower(receiving.command, followerId);
};

/** The one of ours whose Follow of the sender is answered; null when it is about anything else. */
async function whoAsked({ context, sender, activity }: Receiving): Promise<ActorId | null> {
  const { object } = activity.body;
  const embedded = objectOf(object);
  if (embedded?.['type'] === 'Follow' && idOf(embedded['object']) === sender.uri)
    return findOurActor(context, idOf(embedded['actor']));
  const values = [idOf(object), sender.actorId];
  const sent = await context.database.row<{ actorId: ActorId }>(SENT_BY, values);
  return sent?.actorId ?? null;
}

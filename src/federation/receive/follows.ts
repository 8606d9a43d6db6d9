/** Follow, and the Accept or Reject of one. */
import type { ActorId } from '../../actors/actor.entity.js';
import { followActor } from '../../actors/follow-actor.js';
import { findRelationships } from '../../actors/relationship.queries.js';
import { respondToFollowRequest } from '../../actors/respond-to-follow-request.js';
import { removeFollower } from '../../actors/unfollow-actor.js';
import { statement } from '../../platform/db/database.js';
import { remoteActorNoticed } from '../federation.events.js';
import { idOf, objectOf } from '../internal/read-properties.js';
import { acceptAgain } from '../jobs/federate-follow.job.js';
import { findOurActor, type Handler, type Receiving } from './receiving.js';

const SENT_BY = statement(
  'sent_activities.sender',
  `select actor_id as "actorId" from sent_activities where uri = $1 and subject_id = $2`,
);

/** Somebody there follows one of ours. A repeat is answered again: the first answer may have been lost. */
export const handleFollow: Handler = async ({ context, command, sender, activity }) => {
  const actorId = await findOurActor(context, idOf(activity.body['object']));
  if (!actorId) return;
  const pair = { followerId: sender.actorId, followeeId: actorId };
  const now = context.clock.now();
  const [before] = await findRelationships(context.database, sender.actorId, [actorId], now);
  await followActor(command, { actorId, notifiesOnPost: false, showsReposts: true });
  if (before?.isFollowing) await acceptAgain(context, pair);
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

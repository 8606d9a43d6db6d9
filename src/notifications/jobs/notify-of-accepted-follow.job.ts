/** Tells somebody that a request of theirs was accepted; the request itself is nothing to answer any more. */
import type { ActorId } from '../../actors/actor.entity.js';
import { defineJob } from '../../platform/jobs/job.js';
import { findFollowState, withdrawFollow } from '../internal/follows.js';
import { notify } from '../notify.js';

/** Does nothing for a follow that nobody had to ask for. A repeat tells nobody twice. */
export const notifyOfAcceptedFollow = defineJob<{ followerId: ActorId; followeeId: ActorId }>(
  'notifyOfAcceptedFollow',
  (context, { followerId, followeeId }) =>
    context.database.transaction(async (tx) => {
      const follow = await findFollowState(tx, followerId, followeeId);
      if (follow?.state !== 'ACCEPTED' || !follow.wasRequested) return;
      await withdrawFollow(tx, followerId, followeeId);
      await notify(context, tx, [
        {
          recipientId: followerId,
          kind: 'FOLLOW_ACCEPTED',
          groupKey: followeeId,
          actorId: followeeId,
          postId: null,
        },
      ]);
    }),
);

/** Tells somebody that a follow waits for their answer. */
import type { ActorId } from '../../actors/actor.entity.js';
import { defineJob } from '../../platform/jobs/job.js';
import { findFollowState } from '../internal/follows.js';
import { notify } from '../notify.js';

/** Does nothing when it was answered or taken back. A repeat tells nobody twice. */
export const notifyOfFollowRequest = defineJob<{ followerId: ActorId; followeeId: ActorId }>(
  'notifyOfFollowRequest',
  (context, { followerId, followeeId }) =>
    context.database.transaction(async (tx) => {
      const follow = await findFollowState(tx, followerId, followeeId);
      if (follow?.state !== 'REQUESTED') return;
      await notify(context, tx, [
        {
          recipientId: followeeId,
          kind: 'FOLLOW_REQUEST',
          groupKey: followerId,
          actorId: followerId,
          postId: null,
        },
      ]);
    }),
);

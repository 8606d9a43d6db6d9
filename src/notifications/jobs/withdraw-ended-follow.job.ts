/** Takes a follow or a request that has ended out of the notifications of both sides. */
import type { ActorId } from '../../actors/actor.entity.js';
import { defineJob } from '../../platform/jobs/job.js';
import { withdrawFollow } from '../internal/follows.js';
import { lockGatherings } from '../internal/gathering.js';

/** What is so again by now stays. */
export const withdrawEndedFollow = defineJob<{ followerId: ActorId; followeeId: ActorId }>(
  'withdrawEndedFollow',
  ({ database }, { followerId, followeeId }) =>
    database.transaction(async (tx) => {
      const subjectId = followeeId;
      await lockGatherings(tx, [{ recipientId: followeeId, source: 'follows', subjectId }]);
      await withdrawFollow(tx, followerId, followeeId);
    }),
);

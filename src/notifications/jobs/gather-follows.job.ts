/** Tells people of new followers: one job for everybody who follows at that time. */
import type { ActorId } from '../../actors/actor.entity.js';
import { enqueueEach } from '../../platform/jobs/enqueue.js';
import { defineJobOfMany, type JobType } from '../../platform/jobs/job.js';
import { findFollowsSince } from '../internal/follows.js';
import { gather, type Gathering } from '../internal/gathering.js';

/** A repeat finds nothing new. */
export const gatherFollows: JobType<{ followeeId: ActorId }> = defineJobOfMany(
  'gatherFollows',
  (context, inputs) =>
    context.database.transaction(async (tx) => {
      const gatherings = inputs.map(({ followeeId }): Gathering => {
        return { recipientId: followeeId, source: 'follows', subjectId: followeeId };
      });
      const { waiting } = await gather(context, tx, gatherings, {
        find: (since) => findFollowsSince(tx, since),
        cause: ({ acceptedAt }) => ({
          kind: 'FOLLOW',
          groupKey: acceptedAt.toISOString().slice(0, 10),
          postId: null,
        }),
      });
      const later = waiting.map(({ subjectId, notBefore: runAt }) => {
        return { runAt, input: { followeeId: subjectId as ActorId } };
      });
      await enqueueEach(tx, gatherFollows, later);
    }),
  { keyOf: ({ followeeId }) => followeeId },
);

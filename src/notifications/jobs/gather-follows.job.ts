/** Tells people of new followers: one job for everybody who follows at that time. */
import type { ActorId } from '../../actors/actor.entity.js';
import { enqueueMany } from '../../platform/jobs/enqueue.js';
import { defineJobOfMany, type JobType } from '../../platform/jobs/job.js';
import { findFollowsSince } from '../internal/follows.js';
import { gather, plannedOf, type Gathered, type Gathering } from '../internal/gathering.js';

/** A repeat finds nothing new. */
export const gatherFollows: JobType<{ followeeId: ActorId } & Gathered> = defineJobOfMany(
  'gatherFollows',
  (context, inputs) =>
    context.database.transaction(async (tx) => {
      const gatherings = inputs.map(({ followeeId }): Gathering => {
        return { recipientId: followeeId, source: 'follows', subjectId: followeeId };
      });
      const { unplanned, notBefore } = await gather(
        context,
        tx,
        gatherings,
        {
          find: (since) => findFollowsSince(tx, since),
          cause: ({ acceptedAt }) => ({
            kind: 'FOLLOW',
            groupKey: acceptedAt.toISOString().slice(0, 10),
            postId: null,
          }),
        },
        plannedOf(inputs, ({ followeeId }) => followeeId),
      );
      const later = unplanned.map((subjectId) => {
        return { followeeId: subjectId as ActorId, isPlanned: true as const };
      });
      await enqueueMany(tx, notBefore, gatherFollows, later);
    }),
  { keyOf: ({ followeeId }) => followeeId },
);

/** Tells somebody of new followers: one job for everybody who follows at that time. */
import type { ActorId } from '../../actors/actor.entity.js';
import { enqueueAt } from '../../platform/jobs/enqueue.js';
import { defineJob, type JobType } from '../../platform/jobs/job.js';
import { findFollowsSince } from '../internal/follows.js';
import { gather, type Gathering } from '../internal/gathering.js';

/** A repeat finds nothing new. */
export const gatherFollows: JobType<{ followeeId: ActorId }> = defineJob(
  'gatherFollows',
  (context, input) =>
    context.database.transaction(async (tx) => {
      const { followeeId } = input;
      const gathering: Gathering = {
        recipientId: followeeId,
        source: 'follows',
        subjectId: followeeId,
      };
      const round = await gather(context, tx, gathering, {
        find: (sinceId) => findFollowsSince(tx, followeeId, sinceId),
        cause: ({ acceptedAt }) => ({
          kind: 'FOLLOW',
          groupKey: acceptedAt.toISOString().slice(0, 10),
          postId: null,
        }),
      });
      if ('notBefore' in round) await enqueueAt(tx, round.notBefore, gatherFollows, input);
    }),
  { keyOf: ({ followeeId }) => followeeId },
);

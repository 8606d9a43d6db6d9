/** Tells an author of reposts: one job for everybody who reposts the same post at that time. */
import { enqueueAt } from '../../platform/jobs/enqueue.js';
import { defineJob, type JobType } from '../../platform/jobs/job.js';
import type { PostId } from '../../posts/post.entity.js';
import { gather } from '../internal/gathering.js';
import { findRepostsSince, gatheringOfReposts } from '../internal/reposts.js';

/** A repeat finds nothing new. */
export const gatherReposts: JobType<{ postId: PostId }> = defineJob(
  'gatherReposts',
  (context, input) =>
    context.database.transaction(async (tx) => {
      const { postId } = input;
      const gathering = await gatheringOfReposts(tx, postId);
      if (!gathering) return;
      const round = await gather(context, tx, gathering, {
        find: (sinceId) => findRepostsSince(tx, postId, sinceId),
        cause: () => ({ kind: 'REPOST', groupKey: postId, postId }),
      });
      if ('notBefore' in round) await enqueueAt(tx, round.notBefore, gatherReposts, input);
    }),
  { keyOf: ({ postId }) => postId },
);

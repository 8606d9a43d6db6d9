/** Tells authors of reposts: one job for everybody who reposts the same post at that time. */
import { enqueueEach } from '../../platform/jobs/enqueue.js';
import { defineJobOfMany, type JobType } from '../../platform/jobs/job.js';
import type { PostId } from '../../posts/post.entity.js';
import { gather } from '../internal/gathering.js';
import { findRepostsSince, gatheringsOfReposts } from '../internal/reposts.js';

/** A repeat finds nothing new. */
export const gatherReposts: JobType<{ postId: PostId }> = defineJobOfMany(
  'gatherReposts',
  (context, inputs) =>
    context.database.transaction(async (tx) => {
      const postIds = inputs.map(({ postId }) => postId);
      const { waiting } = await gather(context, tx, await gatheringsOfReposts(tx, postIds), {
        find: (since) => findRepostsSince(tx, since),
        cause: ({ subjectId }) => ({
          kind: 'REPOST',
          groupKey: subjectId,
          postId: subjectId as PostId,
        }),
      });
      const later = waiting.map(({ subjectId, notBefore: runAt }) => {
        return { runAt, input: { postId: subjectId as PostId } };
      });
      await enqueueEach(tx, gatherReposts, later);
    }),
  { keyOf: ({ postId }) => postId },
);

/** Tells authors of reposts: one job for everybody who reposts the same post at that time. */
import { enqueueMany } from '../../platform/jobs/enqueue.js';
import { defineJobOfMany, type JobType } from '../../platform/jobs/job.js';
import type { PostId } from '../../posts/post.entity.js';
import { gather, plannedOf, type Gathered } from '../internal/gathering.js';
import { findRepostsSince, gatheringsOfReposts } from '../internal/reposts.js';

/** A repeat finds nothing new. */
export const gatherReposts: JobType<{ postId: PostId } & Gathered> = defineJobOfMany(
  'gatherReposts',
  (context, inputs) =>
    context.database.transaction(async (tx) => {
      const postIds = inputs.map(({ postId }) => postId);
      const { unplanned, notBefore } = await gather(
        context,
        tx,
        await gatheringsOfReposts(tx, postIds),
        {
          find: (since) => findRepostsSince(tx, since),
          cause: ({ subjectId }) => ({
            kind: 'REPOST',
            groupKey: subjectId,
            postId: subjectId as PostId,
          }),
        },
        plannedOf(inputs, ({ postId }) => postId),
      );
      const later = unplanned.map((subjectId) => {
        return { postId: subjectId as PostId, isPlanned: true as const };
      });
      await enqueueMany(tx, notBefore, gatherReposts, later);
    }),
  { keyOf: ({ postId }) => postId },
);

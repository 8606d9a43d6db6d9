/** Tells authors of likes and other reactions: one job for everybody who reacts to the same thing at that time. */
import { enqueueEach } from '../../platform/jobs/enqueue.js';
import { defineJobOfMany, type JobType } from '../../platform/jobs/job.js';
import type { CommentId, PostId } from '../../posts/post.entity.js';
import { gather } from '../internal/gathering.js';
import {
  findReactionsSince,
  gatheringsOfReactions,
  withdrawReactions,
} from '../internal/reactions.js';

/** A repeat finds nothing new. */
export const gatherReactions: JobType<{ subjectId: PostId | CommentId }> = defineJobOfMany(
  'gatherReactions',
  (context, inputs) =>
    context.database.transaction(async (tx) => {
      const subjectIds = inputs.map(({ subjectId }) => subjectId);
      const gatherings = await gatheringsOfReactions(tx, subjectIds);
      const { deeds, waiting } = await gather(context, tx, gatherings, {
        find: (since) => findReactionsSince(tx, since),
        cause: ({ isLike, subjectId }) => ({
          kind: isLike ? 'LIKE' : 'REACTION',
          groupKey: subjectId,
          postId: subjectId as PostId,
        }),
      });
      // Whoever changed a like into something else leaves the likes.
      await withdrawReactions(tx, deeds);
      const later = waiting.map(({ subjectId, notBefore: runAt }) => {
        return { runAt, input: { subjectId: subjectId as PostId } };
      });
      await enqueueEach(tx, gatherReactions, later);
    }),
  { keyOf: ({ subjectId }) => subjectId },
);

/** Tells authors of likes and other reactions: one job for everybody who reacts to the same thing at that time. */
import { enqueueMany } from '../../platform/jobs/enqueue.js';
import { defineJobOfMany, type JobType } from '../../platform/jobs/job.js';
import type { CommentId, PostId } from '../../posts/post.entity.js';
import { gather, plannedOf, type Gathered } from '../internal/gathering.js';
import {
  findReactionsSince,
  gatheringsOfReactions,
  withdrawReactions,
} from '../internal/reactions.js';

/** A repeat finds nothing new. */
export const gatherReactions: JobType<{ subjectId: PostId | CommentId } & Gathered> =
  defineJobOfMany(
    'gatherReactions',
    (context, inputs) =>
      context.database.transaction(async (tx) => {
        const subjectIds = inputs.map(({ subjectId }) => subjectId);
        const gatherings = await gatheringsOfReactions(tx, subjectIds);
        const { deeds, unplanned, notBefore } = await gather(
          context,
          tx,
          gatherings,
          {
            find: (since) => findReactionsSince(tx, since),
            cause: ({ isLike, subjectId }) => ({
              kind: isLike ? 'LIKE' : 'REACTION',
              groupKey: subjectId,
              postId: subjectId as PostId,
            }),
          },
          plannedOf(inputs, ({ subjectId }) => subjectId),
        );
        // Whoever changed a like into something else leaves the likes.
        await withdrawReactions(tx, deeds);
        const later = unplanned.map((subjectId) => {
          return { subjectId: subjectId as PostId, isPlanned: true as const };
        });
        await enqueueMany(tx, notBefore, gatherReactions, later);
      }),
    { keyOf: ({ subjectId }) => subjectId },
  );

/** Tells an author of likes and other reactions: one job for everybody who reacts to the same thing at that time. */
import { enqueueAt } from '../../platform/jobs/enqueue.js';
import { defineJob, type JobType } from '../../platform/jobs/job.js';
import type { CommentId, PostId } from '../../posts/post.entity.js';
import { gather } from '../internal/gathering.js';
import {
  findReactionsSince,
  gatheringOfReactions,
  withdrawReactions,
} from '../internal/reactions.js';

/** A repeat finds nothing new. */
export const gatherReactions: JobType<{ subjectId: PostId | CommentId }> = defineJob(
  'gatherReactions',
  (context, input) =>
    context.database.transaction(async (tx) => {
      const { subjectId } = input;
      const gathering = await gatheringOfReactions(tx, subjectId);
      if (!gathering) return;
      const round = await gather(context, tx, gathering, {
        find: (sinceId) => findReactionsSince(tx, subjectId, sinceId),
        cause: ({ isLike }) => ({
          kind: isLike ? 'LIKE' : 'REACTION',
          groupKey: subjectId,
          postId: subjectId,
        }),
      });
      if ('notBefore' in round) await enqueueAt(tx, round.notBefore, gatherReactions, input);
      // Whoever changed a like into something else leaves the likes.
      else await withdrawReactions(tx, gathering, round.actorIds);
    }),
  { keyOf: ({ subjectId }) => subjectId },
);

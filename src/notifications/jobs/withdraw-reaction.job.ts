/** Takes a reaction that was taken back out of the notifications of the author. */
import type { ActorId } from '../../actors/actor.entity.js';
import { defineJob } from '../../platform/jobs/job.js';
import type { CommentId, PostId } from '../../posts/post.entity.js';
import { lockGathering } from '../internal/gathering.js';
import { gatheringOfReactions, withdrawReactions } from '../internal/reactions.js';

/** Does nothing when there is such a reaction again. */
export const withdrawReaction = defineJob<{ subjectId: PostId | CommentId; actorId: ActorId }>(
  'withdrawReaction',
  ({ database }, { subjectId, actorId }) =>
    database.transaction(async (tx) => {
      const gathering = await gatheringOfReactions(tx, subjectId);
      if (!gathering) return;
      await lockGathering(tx, gathering);
      await withdrawReactions(tx, gathering, [actorId]);
    }),
);

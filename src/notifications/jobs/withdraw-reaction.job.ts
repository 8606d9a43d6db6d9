/** Takes reactions that were taken back out of the notifications of authors. */
import type { ActorId } from '../../actors/actor.entity.js';
import { defineJobOfMany } from '../../platform/jobs/job.js';
import type { CommentId, PostId } from '../../posts/post.entity.js';
import { deedsOf, lockGatherings } from '../internal/gathering.js';
import { gatheringsOfReactions, withdrawReactions } from '../internal/reactions.js';

/** Does nothing where there is such a reaction again. */
export const withdrawReaction = defineJobOfMany<{
  subjectId: PostId | CommentId;
  actorId: ActorId;
}>('withdrawReaction', ({ database }, inputs) =>
  database.transaction(async (tx) => {
    const subjectIds = inputs.map(({ subjectId }) => subjectId);
    const locked = await lockGatherings(tx, await gatheringsOfReactions(tx, subjectIds));
    await withdrawReactions(tx, deedsOf(locked, inputs));
  }),
);

/** Tells an author of reactions: one job for everybody who reacts to the same story at that time. */
import { enqueueAt } from '../../platform/jobs/enqueue.js';
import { defineJob, type JobType } from '../../platform/jobs/job.js';
import type { StoryId } from '../../stories/story.entity.js';
import { gather } from '../internal/gathering.js';
import { findStoryReactionsSince, gatheringOfStory } from '../internal/story-deeds.js';

/** A repeat finds nothing new. */
export const gatherStoryReactions: JobType<{ storyId: StoryId }> = defineJob(
  'gatherStoryReactions',
  (context, input) =>
    context.database.transaction(async (tx) => {
      const { storyId } = input;
      const gathering = await gatheringOfStory(tx, storyId);
      if (!gathering) return;
      const { unplanned, notBefore } = await gather(
        context,
        tx,
        [gathering],
        {
          find: (since) => findStoryReactionsSince(tx, since),
          cause: () => ({ kind: 'STORY_REACTION', groupKey: storyId, postId: null, storyId }),
        },
        [storyId],
      );
      if (unplanned.length > 0) await enqueueAt(tx, notBefore, gatherStoryReactions, input);
    }),
  { keyOf: ({ storyId }) => storyId },
);

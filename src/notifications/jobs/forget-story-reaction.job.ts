/** Takes a reaction that was taken back out of the notifications of the author of a story. */
import type { ActorId } from '../../actors/actor.entity.js';
import { defineJob } from '../../platform/jobs/job.js';
import type { StoryId } from '../../stories/story.entity.js';
import { lockGatherings } from '../internal/gathering.js';
import { gatheringOfStory, withdrawStoryReaction } from '../internal/story-deeds.js';

/** Does nothing when there is such a reaction again. */
export const forgetStoryReaction = defineJob<{ storyId: StoryId; actorId: ActorId }>(
  'forgetStoryReaction',
  ({ database }, { storyId, actorId }) =>
    database.transaction(async (tx) => {
      const gathering = await gatheringOfStory(tx, storyId);
      if (!gathering) return;
      await lockGatherings(tx, [gathering]);
      await withdrawStoryReaction(tx, gathering, actorId);
    }),
);

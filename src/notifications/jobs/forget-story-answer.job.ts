/** Takes back what told of an answer to a story that is gone. */
import type { ActorId } from '../../actors/actor.entity.js';
import { defineJob } from '../../platform/jobs/job.js';
import type { StoryAnswerId } from '../../stories/story.entity.js';
import { withdrawAnswer } from '../internal/story-deeds.js';

/** Which answer, whose it was, and who was told. */
export interface GoneStoryAnswer {
  readonly answerId: StoryAnswerId;
  readonly actorId: ActorId;
  readonly recipientId: ActorId;
}

/** A repeat finds nothing more. */
export const forgetStoryAnswer = defineJob<GoneStoryAnswer>(
  'forgetStoryAnswer',
  ({ database }, { answerId, actorId, recipientId }) =>
    database.transaction((tx) => withdrawAnswer(tx, recipientId, actorId, answerId)),
);

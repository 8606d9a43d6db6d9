/** Tells an author of an answer to a story. */
import type { ActorId } from '../../actors/actor.entity.js';
import { statement } from '../../platform/db/database.js';
import { defineJob } from '../../platform/jobs/job.js';
import type { StoryAnswerId, StoryId } from '../../stories/story.entity.js';
import { notify } from '../notify.js';

// A deletion waits, so that it finds what it has to take back.
const ANSWER = statement(
  'notifications.story_answer',
  `select a.story_id as "storyId", a.actor_id as "actorId", s.author_id as "recipientId"
   from story_answers a join stories s on s.id = a.story_id where a.id = $1 for key share of a`,
);

interface Answer {
  readonly storyId: StoryId;
  readonly actorId: ActorId;
  readonly recipientId: ActorId;
}

/** Does nothing when it is gone. A repeat tells nobody twice. */
export const notifyOfStoryAnswer = defineJob<{ answerId: StoryAnswerId }>(
  'notifyOfStoryAnswer',
  (context, { answerId }) =>
    context.database.transaction(async (tx) => {
      const answer = await tx.row<Answer>(ANSWER, [answerId]);
      if (!answer) return;
      const about = { kind: 'STORY_ANSWER', groupKey: answerId, postId: null } as const;
      await notify(context, tx, [{ ...answer, ...about }]);
    }),
);

/** Tells those whom a story mentions. */
import type { ActorId } from '../../actors/actor.entity.js';
import { statement } from '../../platform/db/database.js';
import { defineJob } from '../../platform/jobs/job.js';
import type { StoryId } from '../../stories/story.entity.js';
import { notify } from '../notify.js';

const MENTIONED = statement(
  'notifications.mentioned_in_story',
  `select m.actor_id as "recipientId", s.author_id as "actorId"
   from stories s join story_mentions m on m.story_id = s.id where s.id = $1 order by m.actor_id`,
);

/** A repeat tells nobody twice. */
export const notifyMentionedInStory = defineJob<{ storyId: StoryId }>(
  'notifyMentionedInStory',
  (context, { storyId }) =>
    context.database.transaction(async (tx) => {
      const mentioned = await tx.rows<{ recipientId: ActorId; actorId: ActorId }>(MENTIONED, [
        storyId,
      ]);
      const about = { kind: 'STORY_MENTION', groupKey: storyId, postId: null, storyId } as const;
      await notify(
        context,
        tx,
        mentioned.map((cause) => ({ ...cause, ...about })),
      );
    }),
);

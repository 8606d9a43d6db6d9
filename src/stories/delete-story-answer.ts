/** Taking an answer to a story back, or away. */
import type { CommandContext } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import { NotFound } from '../platform/errors.js';
import type { ActorId } from '../actors/actor.entity.js';
import { storyAnswerDeleted } from './stories.events.js';
import { requireViewer } from '../platform/require-viewer.js';
import type { StoryAnswerId, StoryId } from './story.entity.js';

const DELETE = statement(
  'stories.delete_answer',
  `delete from story_answers a using stories s where a.id = $1 and s.id = a.story_id
   and (a.actor_id = $2 or s.author_id = $2) returning a.story_id as "storyId", s.author_id as "authorId", a.actor_id as "actorId"`,
);

/**
 * Deletes an answer, by who wrote it or by the author of the story. Opens its own transaction.
 *
 * @throws {NotFound} NOT_FOUND, for everybody else too
 */
export async function deleteStoryAnswer(
  context: CommandContext,
  answerId: StoryAnswerId,
): Promise<void> {
  const { actorId } = requireViewer(context);
  await context.database.transaction(async (tx) => {
    const gone = await tx.row<{ storyId: StoryId; authorId: ActorId; actorId: ActorId }>(DELETE, [
      answerId,
      actorId,
    ]);
    if (!gone) throw new NotFound(['answerId']);
    await tx.append(storyAnswerDeleted, { ...gone, answerId });
  });
}

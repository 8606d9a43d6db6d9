/** Deleting a story before its time: the row, its picture, and what others did with it. */
import { releaseMedia } from '../media/attach-media.js';
import type { MediaId } from '../media/media.entity.js';
import type { CommandContext } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import { NotFound } from '../platform/errors.js';
import { requireViewer } from '../platform/require-viewer.js';
import { storyDeleted } from './stories.events.js';
import type { StoryId, StoryVisibility } from './story.entity.js';

const DELETE = statement(
  'stories.delete',
  'delete from stories where id = $1 and author_id = $2 and removed_at is null returning media_id as "mediaId", visibility',
);

/**
 * Deletes a story of the viewer. Opens its own transaction.
 *
 * @throws {NotFound} NOT_FOUND, also for somebody else's story
 */
export async function deleteStory(context: CommandContext, storyId: StoryId): Promise<void> {
  const { actorId: authorId } = requireViewer(context);
  await context.database.transaction(async (tx) => {
    const story = await tx.row<{ mediaId: MediaId; visibility: StoryVisibility }>(DELETE, [
      storyId,
      authorId,
    ]);
    if (!story) throw new NotFound(['storyId']);
    await releaseMedia(tx, context.clock.now(), [story.mediaId]);
    await tx.append(storyDeleted, { storyId, authorId, visibility: story.visibility });
  });
}

/** What the staff takes out of sight: nobody sees it, its author neither, but nothing is erased, so that it can come back. */
import type { ActorId } from '../actors/actor.entity.js';
import { statement, type Transaction } from '../platform/db/database.js';
import { storyDeleted, storyPublished } from './stories.events.js';
import type { StoryId, StoryVisibility } from './story.entity.js';

const SET = statement(
  'stories.set_removed',
  `update stories set removed_at = $2 where id = any($1::uuid[]) and (removed_at is null) = ($2::timestamptz is not null)
   returning id as "storyId", author_id as "authorId", visibility`,
);

/**
 * Removes stories, or restores what was removed, inside the caller's transaction. What is so already stays as it is.
 *
 * @param ids other things may be among them
 * @param removedAt null = restore
 */
export async function setStoriesRemoved(
  tx: Transaction,
  ids: readonly string[],
  removedAt: Date | null,
): Promise<void> {
  const changed = await tx.rows<{
    storyId: StoryId;
    authorId: ActorId;
    visibility: StoryVisibility;
  }>(SET, [ids, removedAt]);
  for (const story of changed) {
    if (removedAt === null) await tx.append(storyPublished, { ...story, mentionedIds: [] });
    else await tx.append(storyDeleted, story);
  }
}

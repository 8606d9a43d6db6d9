/** Reacting to a story: one emoji per person, which the author alone sees. */
import type { ActorId } from '../actors/actor.entity.js';
import { readShortcode } from '../emojis/emoji.js';
import { requireUsableEmoji } from '../emojis/require-emoji.js';
import type { CommandContext } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import { newId } from '../platform/ids.js';
import { requireViewer } from '../platform/require-viewer.js';
import { requireReaction } from '../posts/reaction-content.js';
import { lockOthersStory } from './seen-story.js';
import { storyReactionSet } from './stories.events.js';
import type { StoryId } from './story.entity.js';

const SET = statement(
  'stories.set_reaction',
  `insert into story_reactions as r (story_id, actor_id, id, content, created_at) values ($1, $2, $3, $4, $5)
   on conflict (story_id, actor_id) do update
     set id = excluded.id, content = excluded.content, created_at = excluded.created_at
     where r.content <> excluded.content
   returning id`,
);
const REMOVE = statement(
  'stories.remove_reaction',
  `delete from story_reactions r using stories s where r.story_id = $1 and r.actor_id = $2 and s.id = r.story_id
   returning s.author_id as "authorId"`,
);

/**
 * Sets, changes or (null) removes the viewer's reaction. Setting what is set already leaves no trace. A reaction can be
 * removed when the story is not seen any more. Opens its own transaction.
 *
 * @param input.content one emoji in any spelling, or a custom one as `:shortcode:`
 * @throws {NotFound} NOT_FOUND
 * @throws {Forbidden} FORBIDDEN for an own story
 * @throws {Invalid} INVALID_INPUT for anything but one emoji, and for a custom one that cannot be used
 */
export async function setStoryReaction(
  context: CommandContext,
  input: { storyId: StoryId; content: string | null },
): Promise<void> {
  const viewer = requireViewer(context);
  const content = input.content === null ? null : requireReaction(input.content);
  const { actorId } = viewer;
  const { storyId } = input;
  const now = context.clock.now();
  await context.database.transaction(async (tx) => {
    const removed =
      content === null && (await tx.row<{ authorId: ActorId }>(REMOVE, [storyId, actorId]));
    const { authorId } = removed || (await lockOthersStory(context, tx, viewer, storyId));
    const changed =
      content === null
        ? removed
        : await tx.row(SET, [storyId, actorId, newId<'reaction'>(now), content, now]);
    if (!changed) return;
    const shortcode = content === null ? null : readShortcode(content);
    if (shortcode !== null) await requireUsableEmoji(tx, actorId, shortcode, ['content']);
    await tx.append(storyReactionSet, { storyId, authorId, actorId, content });
  });
}

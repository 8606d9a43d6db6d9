/** Remembering what somebody has seen. Only the author of a story learns of it. */
import type { CommandContext } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import { Invalid } from '../platform/errors.js';
import { newId } from '../platform/ids.js';
import { requireViewer } from '../platform/require-viewer.js';
import type { StoryId } from './story.entity.js';
import { storyVisibleTo } from './story-visibility.js';

/** Most stories of one call. */
export const SEEN_AT_ONCE = 100;

// In one order, so that two calls at once do not wait for each other in a circle; the lock passes over what is deleted meanwhile.
const SEE = statement(
  'stories.see',
  `insert into story_views (story_id, actor_id, id, seen_at)
   select s.id, $2, wanted.view_id, $4 from unnest($1::uuid[], $3::uuid[]) as wanted (story_id, view_id)
     join stories s on s.id = wanted.story_id
   where s.author_id <> $2::uuid and ${storyVisibleTo('s', '$2::uuid', '$4')}
   order by s.id for key share of s
   on conflict (story_id, actor_id) do nothing`,
);

/**
 * Marks stories as seen by the viewer. Idempotent; own stories, and those that the viewer does not see, are passed over.
 * Opens its own transaction.
 *
 * @throws {Invalid} INVALID_INPUT for more than 100
 */
export async function markStoriesSeen(
  context: CommandContext,
  storyIds: readonly StoryId[],
): Promise<void> {
  const { actorId } = requireViewer(context);
  if (storyIds.length > SEEN_AT_ONCE) {
    const limit = String(SEEN_AT_ONCE);
    throw new Invalid(`At most ${limit} stories at once.`, ['storyIds'], 'MAX_ITEMS', limit);
  }
  const ids = [...new Set(storyIds)];
  const now = context.clock.now();
  await context.database.transaction((tx) =>
    tx.rows(SEE, [ids, actorId, ids.map(() => newId(now)), now]),
  );
}

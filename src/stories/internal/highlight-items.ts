/** The stories of a highlight: own ones, each once, in order. */
import { statement, type Transaction } from '../../platform/db/database.js';
import { Invalid, NotFound } from '../../platform/errors.js';
import type { Highlight } from '../highlight.entity.js';
import type { StoryId } from '../story.entity.js';

/** Most stories of one highlight. */
export const HIGHLIGHT_LENGTH = 100;

// Locked, so that the end by the clock waits for what is decided here.
const OWN_STORIES = statement(
  'highlights.own_stories',
  'select id from stories where id = any($1::uuid[]) and author_id = $2 and removed_at is null for key share',
);
const CLEAR = statement('highlights.clear', 'delete from highlight_items where highlight_id = $1');
const FILL = statement(
  'highlights.fill',
  `insert into highlight_items (highlight_id, story_id, position)
   select $1, id, place from unnest($2::uuid[]) with ordinality as t(id, place)`,
);
const CONTAINS = statement(
  'highlights.contains',
  'select from highlight_items where highlight_id = $1 and story_id = $2',
);

/**
 * Refuses a list of stories that can't be a highlight's.
 *
 * @throws {Invalid} INVALID_INPUT for more than 100, and for a repeated one
 */
export function requireHighlightItems(storyIds: readonly StoryId[]): void {
  if (storyIds.length > HIGHLIGHT_LENGTH) {
    const limit = String(HIGHLIGHT_LENGTH);
    throw new Invalid(`At most ${limit} stories.`, ['storyIds'], 'MAX_ITEMS', limit);
  }
  const repeated = storyIds.findIndex((id, index) => storyIds.indexOf(id) !== index);
  if (repeated >= 0)
    throw new Invalid('Each story can stand here once.', ['storyIds', String(repeated)], 'UNIQUE');
}

/**
 * Gives a highlight its stories. Needs the highlight's lock.
 *
 * @throws {NotFound} NOT_FOUND for a story that is not the owner's, with its place in `storyIds`
 */
export async function replaceHighlightItems(
  tx: Transaction,
  { id, ownerId }: Highlight,
  storyIds: readonly StoryId[],
): Promise<void> {
  const rows = await tx.rows<{ id: StoryId }>(OWN_STORIES, [storyIds, ownerId]);
  const own = new Set(rows.map((row) => row.id));
  const index = storyIds.findIndex((storyId) => !own.has(storyId));
  if (index >= 0) throw new NotFound(['storyIds', String(index)]);
  await tx.rows(CLEAR, [id]);
  if (storyIds.length > 0) await tx.rows(FILL, [id, storyIds]);
}

/**
 * Chooses the story whose picture stands for a highlight; null = the first. Needs the highlight's lock.
 *
 * @throws {NotFound} NOT_FOUND for a story that is not in it
 */
export async function chooseCover(
  tx: Transaction,
  highlight: Highlight,
  storyId: StoryId | null,
): Promise<void> {
  if (storyId !== null && !(await tx.row(CONTAINS, [highlight.id, storyId])))
    throw new NotFound(['coverStoryId']);
  highlight.coverStoryId = storyId;
}

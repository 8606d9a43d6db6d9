/** Who has seen a story: for its author alone. Whoever is behind a block or not shown is left out. */
import type { ActorId } from '../actors/actor.entity.js';
import { statement, type Reader } from '../platform/db/database.js';
import type { PageRequest } from '../platform/db/page.js';
import { batchedPage } from '../posts/page-sql.js';
import { blockedBetween, isShown } from '../posts/visibility.js';

/** Somebody in the list of a story. */
export interface StoryViewer {
  /** Story. */
  readonly ownerId: string;
  readonly id: string;
  readonly actorId: ActorId;
  readonly since: Date;
}

const OF_OWN = `from story_views v join stories s on s.id = v.story_id join actors a on a.id = v.actor_id
  where s.id = owner.id and ${isShown('a.status')}`;

const PAGE = batchedPage('stories.viewers', {
  select: `select v.id, v.actor_id as "actorId", v.seen_at as since ${OF_OWN} and s.author_id = $4::uuid
    and not ${blockedBetween('v.actor_id', '$4::uuid')}`,
  key: 'v.id',
});

const COUNTS = statement(
  'stories.count_viewers',
  `select owner.id, (select count(*)::int ${OF_OWN} and s.author_id = $2::uuid and not ${blockedBetween('v.actor_id', '$2::uuid')}) as count
   from unnest($1::uuid[]) as owner(id)`,
);

/** A page of those who saw each of several stories of the viewer, the latest first. */
export function findStoryViewers(
  reader: Reader,
  storyIds: readonly string[],
  request: PageRequest,
  authorId: ActorId,
): Promise<StoryViewer[]> {
  return reader.rows<StoryViewer>(...PAGE(storyIds, request, [authorId]));
}

/** How many saw each of several stories of the viewer. */
export function countStoryViewers(
  reader: Reader,
  storyIds: readonly string[],
  authorId: ActorId,
): Promise<{ id: string; count: number }[]> {
  return reader.rows(COUNTS, [storyIds, authorId]);
}

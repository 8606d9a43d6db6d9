/** Reads of highlights, and of the author's archive. A highlight of which somebody sees no story is not there for them. */
import type { ActorId } from '../actors/actor.entity.js';
import type { MediaId } from '../media/media.entity.js';
import { bothWays, GREATEST_INTEGER } from '../platform/db/both-ways.js';
import { statement, type Reader } from '../platform/db/database.js';
import type { PageRequest } from '../platform/db/page.js';
import { singlePage } from '../posts/page-sql.js';
import type { HighlightId } from './highlight.entity.js';
import { selectStories, type StoryRow } from './stories.queries.js';
import { isLive, storyVisibleTo } from './story-visibility.js';

/** A highlight as the API shows it. */
export interface HighlightRow {
  readonly id: HighlightId;
  readonly ownerId: ActorId;
  readonly title: string;
  readonly position: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** Picture of the chosen story, else of the first one that the viewer sees; null when there is none. */
  readonly coverMediaId: MediaId | null;
}

/** A story in a highlight, and its place there. */
export type HighlightedStory = StoryRow & { readonly ownerId: HighlightId; readonly place: number };

function selectHighlights(viewer: string, now: string): string {
  return `select h.id, h.owner_id as "ownerId", h.title, h.position, h.created_at as "createdAt", h.updated_at as "updatedAt",
      cover.media_id as "coverMediaId"
    from highlights h left join lateral (
      select s.media_id from highlight_items item join stories s on s.id = item.story_id
      where item.highlight_id = h.id and ${storyVisibleTo('s', viewer, now)}
      order by s.id is not distinct from h.cover_story_id desc, item.position limit 1) cover on true
    where (h.owner_id = ${viewer} or cover.media_id is not null)`;
}

const BY_IDS = statement(
  'highlights.by_ids',
  `${selectHighlights('$2::uuid', '$3')} and h.id = any($1::uuid[])`,
);
const BY_POSITION = {
  order: 'asc',
  lowest: ['-1'],
  highest: [GREATEST_INTEGER],
} as const;
const OF_OWNERS = bothWays({
  ...BY_POSITION,
  name: 'highlights.of_owners',
  text: ({ beyond, order }) =>
    `select page.*, owner.id as "ownerId" from unnest($1::uuid[]) as owner(id) cross join lateral (
       ${selectHighlights('$4::uuid', '$5')} and h.owner_id = owner.id and h.position ${beyond} $2::int
       order by h.position ${order} limit $3) page order by page.position ${order}`,
});
const ITEMS = bothWays({
  ...BY_POSITION,
  name: 'highlights.items',
  text: ({ beyond, order }) =>
    `select page.*, owner.id as "ownerId" from unnest($1::uuid[]) as owner(id) cross join lateral (
       select story.*, item.position as place from highlight_items item join lateral (
         ${selectStories('$4::uuid')} where s.id = item.story_id and ${storyVisibleTo('s', '$4::uuid', '$5')}) story on true
       where item.highlight_id = owner.id and item.position ${beyond} $2::int
       order by item.position ${order} limit $3) page
     order by page.place ${order}`,
});
const COUNTS = statement(
  'highlights.counts',
  `select owner.id, (select count(*)::int from highlight_items item join stories s on s.id = item.story_id
     where item.highlight_id = owner.id and ${storyVisibleTo('s', '$2::uuid', '$3')}) as count
   from unnest($1::uuid[]) as owner(id)`,
);
const ARCHIVE = singlePage('stories.archive', {
  select: `${selectStories('$3::uuid')} where s.author_id = $3::uuid and not ${isLive('s', '$4')} and s.removed_at is null`,
  key: 's.id',
});

/** Highlights that the viewer sees, by id, in no particular order; all others are left out. */
export function findHighlights(
  reader: Reader,
  ids: readonly string[],
  viewerId: ActorId | null,
  now: Date,
): Promise<HighlightRow[]> {
  return reader.rows<HighlightRow>(BY_IDS, [ids, viewerId, now]);
}

/** A page of the highlights of each of several actors, in their order. */
export function findHighlightsOfOwners(
  reader: Reader,
  ownerIds: readonly string[],
  request: PageRequest,
  viewerId: ActorId | null,
  now: Date,
): Promise<HighlightRow[]> {
  const { query, from } = OF_OWNERS(request);
  return reader.rows<HighlightRow>(query, [ownerIds, ...from, request.size + 1, viewerId, now]);
}

/** A page of the stories in each of several highlights, in their order, as far as the viewer sees them. */
export function findStoriesOfHighlights(
  reader: Reader,
  ids: readonly string[],
  request: PageRequest,
  viewerId: ActorId | null,
  now: Date,
): Promise<HighlightedStory[]> {
  const { query, from } = ITEMS(request);
  return reader.rows<HighlightedStory>(query, [ids, ...from, request.size + 1, viewerId, now]);
}

/** How many stories of each highlight the viewer sees. */
export function countHighlightStories(
  reader: Reader,
  ids: readonly string[],
  viewerId: ActorId | null,
  now: Date,
): Promise<{ id: string; count: number }[]> {
  return reader.rows(COUNTS, [ids, viewerId, now]);
}

/** A page of somebody's own stories that have ended, the newest first. */
export function findArchivedStories(
  reader: Reader,
  authorId: ActorId,
  request: PageRequest,
  now: Date,
): Promise<StoryRow[]> {
  return reader.rows<StoryRow>(...ARCHIVE(request, [authorId, now]));
}

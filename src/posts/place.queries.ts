/** Reads of the posts that were made at a place. */
import type { ActorId } from '../actors/actor.entity.js';
import { statement, type Reader } from '../platform/db/database.js';
import type { PageRequest } from '../platform/db/page.js';
import { notFiltered, notLimited, notMuted, showsNobodyHidden } from './filtered.js';
import { batchedPage } from './page-sql.js';
import { selectedVisibleTo, selectPosts, type PostRow } from './post.queries.js';
import { filterConditions, filterValues, type TimelineChoice } from './timeline-choice.js';
import { postListedTo } from './visibility.js';

/** Posts are counted up to here: the exact number of a popular place would cost more than it says. */
export const COUNTED_PLACE_POSTS = 10_000;

const COUNTS = statement(
  'places.post_counts',
  `select owner.id, (select count(*)::int from (
     select from posts p where p.place_id = owner.id and p.deleted_at is null and p.kind <> 'comment'
       and ${postListedTo('p', '$2::uuid')} limit ${COUNTED_PLACE_POSTS}
   ) counted) as count from unnest($1::uuid[]) as owner(id)`,
);
const READER = { viewer: '$4::uuid', now: '$10::timestamptz' };
const POSTS = batchedPage('places.posts', {
  select: `${selectPosts('$4::uuid')} where p.place_id = owner.id and p.deleted_at is null and p.kind <> 'comment'
    and ${selectedVisibleTo('$4::uuid')} and ${filterConditions('p', 5)}
    and ${notLimited(READER.viewer)} and ${notMuted('p', READER)} and ${showsNobodyHidden('p', READER)}
      and ${notFiltered('p', READER, 'PUBLIC')}`,
  key: 'p.id',
});

/** How many posts at each place the viewer sees, at most `COUNTED_PLACE_POSTS`. */
export function countPlacePosts(
  reader: Reader,
  ids: readonly string[],
  viewerId: ActorId | null,
): Promise<{ id: string; count: number }[]> {
  return reader.rows(COUNTS, [ids, viewerId]);
}

/** A page of posts at each of several places, newest first. Muted authors are left out. */
export function findPostsOfPlaces(
  reader: Reader,
  ids: readonly string[],
  choice: TimelineChoice,
  request: PageRequest,
  viewerId: ActorId | null,
  now: Date,
): Promise<(PostRow & { ownerId: string })[]> {
  return reader.rows(...POSTS(ids, request, [viewerId, ...filterValues(choice), now]));
}

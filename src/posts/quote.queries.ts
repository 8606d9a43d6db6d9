/** Reads of quotes: the posts that quote a post, as far as the viewer sees them. */
import type { ActorId } from '../actors/actor.entity.js';
import type { PageRequest } from '../platform/db/page.js';
import { statement, type Reader } from '../platform/db/database.js';
import { batchedPage } from './page-sql.js';
import type { PostId } from './post.entity.js';
import { selectedVisibleTo, selectPosts, type PostRow } from './post.queries.js';
import { postListedTo } from './visibility.js';

/** Quotes are counted up to here: the exact number of a very popular post would cost more than it says. */
export const COUNTED_QUOTES = 10_000;

const IS_QUOTE = 'p.quoted_id = owner.id and p.quote_detached_at is null and p.deleted_at is null';

const QUOTES = batchedPage('quotes.of_posts', {
  select: `${selectPosts('$4::uuid')} where ${IS_QUOTE} and ${selectedVisibleTo('$4::uuid')}`,
  key: 'p.id',
});
const COUNTS = statement(
  'quotes.counts',
  `select owner.id, (select count(*)::int from (
     select from posts p where ${IS_QUOTE} and ${postListedTo('p', '$2::uuid')} limit ${COUNTED_QUOTES}) counted) as count
   from unnest($1::uuid[]) as owner(id)`,
);

/** A page of posts that quote each of several posts, the newest first. */
export function findQuotes(
  reader: Reader,
  postIds: readonly string[],
  request: PageRequest,
  viewerId: ActorId | null,
): Promise<(PostRow & { ownerId: string })[]> {
  return reader.rows(...QUOTES(postIds, request, [viewerId]));
}

/** How many posts quote each post, as far as the viewer sees them. */
export function countQuotes(
  reader: Reader,
  postIds: readonly string[],
  viewerId: ActorId | null,
): Promise<{ id: PostId; count: number }[]> {
  return reader.rows(COUNTS, [postIds, viewerId]);
}

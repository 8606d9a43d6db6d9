/** Which keyword filters of the viewer match what they see. */
import type { ActorId } from '../actors/actor.entity.js';
import type { ContentFilterId } from '../filters/content-filter.js';
import { foldedText, isInForce, says } from '../filters/filter-conditions.js';
import { statement, type Reader } from '../platform/db/database.js';
import { textOf } from './filtered.js';

/** A filter and what of it a post or comment says. */
export interface FilterMatchRow {
  readonly subjectId: string;
  readonly filterId: ContentFilterId;
  /** In the order of the filter; at least one. */
  readonly keywords: readonly string[];
}

const MATCHES = statement(
  'posts.filter_matches',
  `with said as materialized (
     select p.id, ${foldedText(textOf('p'))} from posts p
     where p.id = any($1::uuid[]) and p.author_id <> $2 and exists (select from content_filters where owner_id = $2)
   )
   select said.id as "subjectId", filter.id as "filterId", array_agg(keyword.keyword order by keyword.place) as keywords
   from content_filters filter join content_filter_keywords keyword on keyword.filter_id = filter.id
     join said on ${says('said', 'keyword')}
   where filter.owner_id = $2 and ${isInForce('filter', '$3')}
   group by said.id, filter.id order by filter.id`,
);

/** What the filters of the viewer find in posts or comments that the viewer is known to see, whatever they do with it. */
export function findFilterMatches(
  reader: Reader,
  subjectIds: readonly string[],
  viewerId: ActorId,
  now: Date,
): Promise<FilterMatchRow[]> {
  return reader.rows<FilterMatchRow>(MATCHES, [subjectIds, viewerId, now]);
}

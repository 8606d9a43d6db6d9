/** Hashtags by the beginning of their names, without regard to case and accents. */
import type { ActorId } from '../actors/actor.entity.js';
import { bothWays, HIGHEST_ID, LOWEST_ID } from '../platform/db/both-ways.js';
import type { Reader } from '../platform/db/database.js';
import { toPage, type Page, type PageRequest } from '../platform/db/page.js';
import { JOINERS } from '../posts/content/hashtag.js';
import type { HashtagRow } from '../posts/hashtag.queries.js';
import { postListedTo } from '../posts/visibility.js';

/** A hashtag and the first part of its sort key; the second is its id. */
export interface FoundHashtag extends HashtagRow {
  readonly folded: string;
}

const FOLDED = `(fold_text(h.name) collate "C")`;

// A range instead of a pattern, so that the index gives its order and the page ends the search.
const FIND = bothWays({
  name: 'search.hashtags',
  order: 'asc',
  lowest: ['', LOWEST_ID],
  highest: ['\u{10FFFF}', HIGHEST_ID],
  text: ({
    beyond,
    order,
  }) => `select h.id, h.name, h.display_name as "displayName", ${FOLDED} as folded from hashtags h
   where ${FOLDED} >= fold_text($1) collate "C" and ${FOLDED} < (fold_text($1) || chr(1114111)) collate "C"
     and (${FOLDED}, h.id) ${beyond} ($2::text collate "C", $3::uuid)
     and exists (select from post_hashtags used join posts p on p.id = used.post_id
       where used.hashtag_id = h.id and p.kind <> 'comment' and ${postListedTo('p', '$4::uuid')})
   order by ${FOLDED} ${order}, h.id ${order} limit $5`,
});

/** A page of hashtags that begin so and that the viewer sees a post with, by name: the one that is called exactly so first. */
export async function findHashtagsByBeginning(
  reader: Reader,
  viewerId: ActorId,
  text: string,
  request: PageRequest,
): Promise<Page<FoundHashtag>> {
  const beginning = text.replace(/^#/, '').replace(JOINERS, '');
  if (!/^[\p{L}\p{M}\p{N}_]+$/u.test(beginning)) return toPage(request, []);
  const { query, from } = FIND(request);
  const values = [beginning, ...from, viewerId, request.size + 1];
  return toPage(request, await reader.rows<FoundHashtag>(query, values));
}

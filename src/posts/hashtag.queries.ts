/** Reads of hashtags. One that is used only where the viewer may not look is not there for them, unless they follow it. */
import type { ActorId } from '../actors/actor.entity.js';
import type { PageRequest } from '../platform/db/page.js';
import { statement, type Reader } from '../platform/db/database.js';
import { foldHashtag } from './content/hashtag.js';
import { notFiltered, notLimited, notMuted, showsNobodyHidden } from './filtered.js';
import { batchedPage } from './page-sql.js';
import { selectedVisibleTo, selectPosts, type PostRow } from './post.queries.js';
import { filterConditions, filterValues, type TimelineChoice } from './timeline-choice.js';
import { postListedTo } from './visibility.js';

/** A hashtag. */
export interface HashtagRow {
  readonly id: string;
  readonly name: string;
  readonly displayName: string;
}

/** Posts are counted up to here: the exact number of a popular hashtag would cost more than it says. */
export const COUNTED_POSTS = 10_000;

const USED = `exists (select from post_hashtags used join posts p on p.id = used.post_id
  where used.hashtag_id = h.id and p.kind <> 'comment' and ${postListedTo('p', '$2::uuid')})`;
const COLUMNS = `h.id, h.name, h.display_name as "displayName"`;
// Who only follows a hashtag learns nothing from it, not even how others wrote it.
const KNOWN = `select h.id, h.name, case when use.is_seen then h.display_name else followed.display_name end as "displayName"
  from hashtags h cross join lateral (select ${USED} as is_seen) use
  left join followed_hashtags followed on followed.hashtag_id = h.id and followed.follower_id = $2::uuid
  where (use.is_seen or followed.id is not null)`;
const BY_IDS = statement('hashtags.by_ids', `${KNOWN} and h.id = any($1::uuid[])`);
const BY_NAME = statement('hashtags.by_name', `${KNOWN} and h.name = $1`);
const BY_NAMES = statement('hashtags.by_names', `${KNOWN} and h.name = any($1::text[])`);
const OF_POSTS = statement(
  'hashtags.of_posts',
  `select use.post_id as "postId", ${COLUMNS} from post_hashtags use join hashtags h on h.id = use.hashtag_id
   where use.post_id = any($1::uuid[]) order by h.name`,
);
const COUNTS = statement(
  'hashtags.counts',
  `select owner.id, (select count(*)::int from (
     select from post_hashtags use join posts p on p.id = use.post_id
     where use.hashtag_id = owner.id and p.kind <> 'comment' and ${postListedTo('p', '$2::uuid')} limit ${COUNTED_POSTS}
   ) counted) as count from unnest($1::uuid[]) as owner(id)`,
);
const READER = { viewer: '$4::uuid', now: '$10::timestamptz' };
const POSTS = batchedPage('hashtags.posts', {
  select: `${selectPosts('$4::uuid', 'post_hashtags use join posts p on p.id = use.post_id')}
    where use.hashtag_id = owner.id and p.kind <> 'comment' and ${selectedVisibleTo('$4::uuid')} and ${filterConditions('p', 5)}
      and ${notLimited(READER.viewer)} and ${notMuted('p', READER)} and ${showsNobodyHidden('p', READER)}
      and ${notFiltered('p', READER, 'PUBLIC')}`,
  key: 'use.post_id',
});

/** Hashtags by id, as far as the viewer sees a post that uses them, or follows them. */
export function findHashtags(
  reader: Reader,
  ids: readonly string[],
  viewerId: ActorId | null,
): Promise<HashtagRow[]> {
  return reader.rows<HashtagRow>(BY_IDS, [ids, viewerId]);
}

/** A hashtag by its name in any spelling, with or without #; null when the viewer sees no post that uses it, and does not follow it. */
export async function findHashtag(
  reader: Reader,
  written: string,
  viewerId: ActorId | null,
): Promise<HashtagRow | null> {
  const name = foldHashtag(written);
  return name === null ? null : reader.row<HashtagRow>(BY_NAME, [name, viewerId]);
}

/** Hashtags by their folded names, as far as the viewer sees a post that uses them. */
export function findHashtagsByNames(
  reader: Reader,
  names: readonly string[],
  viewerId: ActorId | null,
): Promise<HashtagRow[]> {
  return reader.rows<HashtagRow>(BY_NAMES, [names, viewerId]);
}

/** Hashtags of posts that the viewer is known to see, by name. */
export function findHashtagsOfPosts(
  reader: Reader,
  postIds: readonly string[],
): Promise<(HashtagRow & { postId: string })[]> {
  return reader.rows(OF_POSTS, [postIds]);
}

/** How many posts with each hashtag the viewer sees, at most `COUNTED_POSTS`. */
export function countHashtagPosts(
  reader: Reader,
  ids: readonly string[],
  viewerId: ActorId | null,
): Promise<{ id: string; count: number }[]> {
  return reader.rows(COUNTS, [ids, viewerId]);
}

/** A page of posts with each of several hashtags, newest first. Muted authors are left out. */
export function findPostsOfHashtags(
  reader: Reader,
  ids: readonly string[],
  choice: TimelineChoice,
  request: PageRequest,
  viewerId: ActorId | null,
  now: Date,
): Promise<(PostRow & { ownerId: string })[]> {
  return reader.rows(...POSTS(ids, request, [viewerId, ...filterValues(choice), now]));
}

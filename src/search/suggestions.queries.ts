/**
 * Whom somebody may want to follow, and why. Only people who want to be found, and only what everybody could know:
 * hidden follow lists and posts that are not public count for nothing.
 */
import { blocksDomainOf } from '../actors/domain-blocks.queries.js';
import type { ActorId } from '../actors/actor.entity.js';
import { statement, type Reader } from '../platform/db/database.js';
import { blockedBetween } from '../posts/visibility.js';
import { IS_LISTED } from './directory.queries.js';

/** Why somebody is suggested. */
export const SUGGESTION_REASONS = {
  FOLLOWED_BY_FOLLOWED: 'People whom the viewer follows follow them; `count` = how many.',
  SHARED_HASHTAGS:
    'Their newest public posts use hashtags that the viewer follows or used lately; `count` = how many hashtags.',
  SHARED_PLACES:
    'Their newest public posts come from places that the viewer posted from lately; `count` = how many places.',
  FOLLOWS_VIEWER: 'They follow the viewer; `count` = 1.',
  POPULAR_HERE:
    'They are among the 100 most followed people of this server who show their followers; `count` = followers.',
} as const;

/** One of the reasons. */
export type SuggestionReason = keyof typeof SUGGESTION_REASONS;

/** Most suggestions of one answer. */
export const MOST_SUGGESTIONS = 40;

/** How suggestions are ordered. */
export const SUGGESTION_FORMULA =
  '3 × FOLLOWED_BY_FOLLOWED + 2 × SHARED_HASHTAGS + 2 × SHARED_PLACES + 2 × FOLLOWS_VIEWER + ln(1 + followers), those of who hides them not counted';

/** A person with the reasons. */
export interface SuggestionRow {
  readonly actorId: ActorId;
  readonly score: number;
  readonly counts: Readonly<Partial<Record<SuggestionReason, number>>>;
}

// Each source looks at so much and no more, however busy the viewer is.
const FIND = statement(
  'suggestions.of_viewer',
  `with followed as materialized (
     select followee_id as id from follows where follower_id = $1 and state = 'ACCEPTED' order by id desc limit 1000
   ), recent as materialized (
     select id, place_id from posts where author_id = $1 and deleted_at is null and kind <> 'comment' order by id desc limit 100
   ), tags as (
     select hashtag_id as id from followed_hashtags where follower_id = $1
     union select hashtag_id from post_hashtags where post_id in (select id from recent) limit 100
   ), reason as (
     (select f.followee_id as id, 'FOLLOWED_BY_FOLLOWED' as kind, count(*)::int as count
      from followed join actors who on who.id = followed.id and not who.hides_follow_lists
        cross join lateral (select followee_id from follows
          where follower_id = followed.id and state = 'ACCEPTED' order by id desc limit 200) f
      group by 1 order by 3 desc limit 500)
     union all
     select p.author_id, 'SHARED_HASHTAGS', count(distinct tags.id)::int from tags cross join lateral (
       select post_id from post_hashtags where hashtag_id = tags.id order by post_id desc limit 100) used
       join posts p on p.id = used.post_id
     where p.visibility = 'PUBLIC' and p.kind <> 'comment' and p.deleted_at is null and p.archived_at is null group by 1
     union all
     select p.author_id, 'SHARED_PLACES', count(distinct place.id)::int
     from (select distinct place_id as id from recent where place_id is not null) place cross join lateral (
       select author_id from posts where place_id = place.id and deleted_at is null and kind <> 'comment'
         and visibility = 'PUBLIC' and archived_at is null order by id desc limit 100) p group by 1
     union all
     (select follower_id, 'FOLLOWS_VIEWER', 1 from follows
      where followee_id = $1 and state = 'ACCEPTED' order by id desc limit 500)
     union all
     (select a.id, 'POPULAR_HERE', c.followers from actors a join actor_counts c on c.actor_id = a.id
      where ${IS_LISTED} and not a.hides_follow_lists and c.followers > 0 order by c.followers desc limit 100)
   ), gathered as (
     select id, json_object_agg(kind, count) as counts,
       sum(case kind when 'FOLLOWED_BY_FOLLOWED' then 3 * count when 'SHARED_HASHTAGS' then 2 * count
         when 'SHARED_PLACES' then 2 * count when 'FOLLOWS_VIEWER' then 2 else 0 end) as closeness
     from reason group by id
   )
   select a.id as "actorId", gathered.counts, gathered.closeness + ln(1 + case when a.hides_follow_lists then 0 else coalesce(c.followers, 0) end) as score
   from gathered join actors a on a.id = gathered.id left join actor_counts c on c.actor_id = a.id
   where a.id <> $1 and a.is_discoverable and a.status = 'ACTIVE' and not ${blockedBetween('a.id', '$1::uuid')}
     and not exists (select from follows where follower_id = $1 and followee_id = a.id)
     and not exists (select from mutes where muter_id = $1 and muted_id = a.id and (expires_at is null or expires_at > $2))
     and not ${blocksDomainOf('$1::uuid', 'a.id')}
     and not exists (select from dismissed_suggestions where owner_id = $1 and actor_id = a.id)
   order by score desc, a.id desc limit $3`,
);

/** Suggestions for the viewer, the best first by `SUGGESTION_FORMULA`. */
export async function findSuggestions(
  reader: Reader,
  viewerId: ActorId,
  size: number,
  now: Date,
): Promise<SuggestionRow[]> {
  return reader.rows<SuggestionRow>(FIND, [viewerId, now, size]);
}

/**
 * What is known of somebody: made anew, each time it is needed, of what they did and can take back. Nothing of it is
 * stored but what they want forgotten.
 */
import type { ActorId } from '../actors/actor.entity.js';
import { addSeconds } from '../platform/clock.js';
import { statement, type Reader } from '../platform/db/database.js';
import { firstIdAt, type Id } from '../platform/ids.js';
import type { ActKind } from '../ranking/signal.js';
import { PROFILE_DAYS } from './feed.js';

/** Something that somebody did with a post of somebody else, or a follow. */
export interface ActRow {
  readonly kind: ActKind | 'LESS';
  readonly authorId: ActorId;
  readonly at: Date;
  /** Of the post; none for a follow. */
  readonly hashtags: readonly { readonly id: Id<'hashtag'>; readonly name: string }[];
}

/** What is to be forgotten of one author or hashtag. */
export interface ResetRow {
  readonly actorId: ActorId | null;
  readonly hashtagId: Id<'hashtag'> | null;
  readonly resetAt: Date;
}

const EACH = 100;
const FOLLOWS = 200;
/** Who watches for so long, or to the end, wanted to see it. */
const WATCHED_MS = 30_000;

// Ids begin with the time: the newest of each kind, as far back as $2.
const ACTS = statement(
  'feeds.acts',
  `with act as (
     (select 'LIKE' as kind, post_id, created_at as at from reactions where actor_id = $1 and id >= $2::uuid order by id desc limit ${EACH})
     union all (select 'REPOST', post_id, created_at from reposts where actor_id = $1 and id >= $2::uuid order by id desc limit ${EACH})
     union all (select 'BOOKMARK', post_id, created_at from bookmarks where owner_id = $1 and id >= $2::uuid order by id desc limit ${EACH})
     union all (select 'COMMENT', root_id, published_at from posts where author_id = $1 and kind = 'comment' and deleted_at is null
       and id >= $2::uuid order by id desc limit ${EACH})
     union all (select 'WATCH', post_id, last_seen_at from playback_history where actor_id = $1 and last_seen_at >= $3
       and (watched_ms >= ${WATCHED_MS} or is_completed) order by last_seen_at desc limit ${EACH})
     union all (select 'LESS', post_id, given_at from feed_feedback where owner_id = $1 order by given_at desc limit ${EACH})
   )
   select act.kind, p.author_id as "authorId", act.at, coalesce((select json_agg(json_build_object('id', h.id, 'name', h.name) order by h.name)
       from post_hashtags used join hashtags h on h.id = used.hashtag_id where used.post_id = p.id), '[]') as hashtags
   from act join posts p on p.id = act.post_id where p.kind <> 'comment' and p.author_id <> $1 and p.deleted_at is null
   union all select * from (select 'FOLLOW', followee_id, coalesce(accepted_at, requested_at), '[]'::json from follows
     where follower_id = $1 and state = 'ACCEPTED' and id >= $2::uuid order by id desc limit ${FOLLOWS}) followed`,
);
const RESETS = statement(
  'feeds.resets',
  `select actor_id as "actorId", hashtag_id as "hashtagId", reset_at as "resetAt" from interest_resets where owner_id = $1`,
);

/** The newest acts of somebody, in no particular order. */
export function findActs(reader: Reader, ownerId: ActorId, now: Date): Promise<ActRow[]> {
  const since = addSeconds(now, -PROFILE_DAYS * 86_400);
  return reader.rows<ActRow>(ACTS, [ownerId, firstIdAt(since), since]);
}

/** What somebody wants forgotten. */
export function findResets(reader: Reader, ownerId: ActorId): Promise<ResetRow[]> {
  return reader.rows<ResetRow>(RESETS, [ownerId]);
}

const HIDDEN = statement(
  'feeds.hidden_authors',
  `select actor_id as "actorId" from hidden_feed_authors where owner_id = $1 order by hidden_at desc, actor_id`,
);

/** Authors whom somebody wants in no ranked feed, the last hidden first. */
export async function findHiddenAuthors(reader: Reader, ownerId: ActorId): Promise<ActorId[]> {
  const rows = await reader.rows<{ actorId: ActorId }>(HIDDEN, [ownerId]);
  return rows.map(({ actorId }) => actorId);
}

/**
 * Entries of home timelines that came by a followed hashtag. Only posts for everybody, or for everybody of this server,
 * come so, and none of limited authors. A post that is there already stays where it is.
 */
import type { ActorId } from '../actors/actor.entity.js';
import { statement, type Database, type Transaction } from '../platform/db/database.js';
import type { Id } from '../platform/ids.js';
import type { PostId } from '../posts/post.entity.js';
import { postListedTo } from '../posts/visibility.js';
import { AFTER_ALL, BACKFILLED_POSTS, FAN_OUT_BATCH, WRITE_LOCK } from './home-entries.js';
import { bringsHome, releaseEntries } from './release-entries.js';

const AUTHORS_AT_ONCE = 100;

const comesHome = (owner: string): string => `${bringsHome('p')} and ${postListedTo('p', owner)}`;

const FAN_OUT = statement(
  'home.fan_out_hashtags',
  `with batch as (
     select f.follower_id, f.id from followed_hashtags f
     where f.hashtag_id in (select hashtag_id from post_hashtags where post_id = $1) and f.id < $2
     order by f.id desc limit $3
   ), written as (
     insert into home_timeline_entries (owner_id, post_id, author_id, is_by_hashtag)
     select follower_id, p.id, p.author_id, true from (select distinct follower_id from batch) follower
       join posts p on p.id = $1 and ${comesHome('follower_id')}
     on conflict do nothing
   )
   select id as "lastId" from batch order by id limit 1`,
);

const BACKFILL = statement(
  'home.backfill_hashtag',
  `insert into home_timeline_entries (owner_id, post_id, author_id, is_by_hashtag)
   select $1, p.id, p.author_id, true from post_hashtags used join posts p on p.id = used.post_id
   where used.hashtag_id = $2 and ${comesHome('$1::uuid')}
     and exists (select from followed_hashtags where follower_id = $1 and hashtag_id = $2)
   order by used.post_id desc limit ${BACKFILLED_POSTS}
   on conflict do nothing`,
);

const NO_REASON = `from home_timeline_entries entry
  where entry.owner_id = $1 and entry.is_by_hashtag and not exists (select from followed_hashtags followed
    join post_hashtags used on used.hashtag_id = followed.hashtag_id and used.post_id = entry.post_id
    where followed.follower_id = $1)`;
// In the order of ids, so that two of these never wait for each other in a circle.
const LOCK_AUTHORS = statement(
  'home.lock_authors_by_hashtag',
  `select pg_advisory_xact_lock(hashtextextended(author_id::text, 2)), author_id as "authorId"
   from (select distinct author_id ${NO_REASON} order by author_id limit ${AUTHORS_AT_ONCE}) author`,
);
const EMPTY = statement(
  'home.empty_hashtags',
  releaseEntries(
    `select owner_id, post_id, author_id, repost_id ${NO_REASON} and author_id = any($2::uuid[])`,
  ),
);

/** Writes entries for everybody who follows a hashtag of the post: one transaction per batch, the newest follows first. Idempotent. */
export async function writeToHashtagFollowers(
  database: Database,
  post: { readonly id: PostId; readonly authorId: ActorId },
): Promise<void> {
  let after: string | null = AFTER_ALL;
  while (after !== null) {
    const values: readonly unknown[] = [post.id, after, FAN_OUT_BATCH];
    after = await database.transaction(async (tx): Promise<string | null> => {
      await tx.rows(WRITE_LOCK, [post.authorId]);
      return (await tx.row<{ lastId: string }>(FAN_OUT, values))?.lastId ?? null;
    });
  }
}

/** Writes entries for the recent posts with a hashtag that the owner follows now. Idempotent. */
export async function writeRecentOfHashtag(
  tx: Transaction,
  ownerId: ActorId,
  hashtagId: Id<'hashtag'>,
): Promise<void> {
  await tx.rows(BACKFILL, [ownerId, hashtagId]);
}

/**
 * Removes the entries of some authors that came by hashtags which the owner follows no more, unless they have another
 * reason to be there; answers of how many authors, 0 when none is left. Idempotent; a new follow keeps them.
 */
export async function removeOfHashtags(tx: Transaction, ownerId: ActorId): Promise<number> {
  const authors = await tx.rows<{ authorId: ActorId }>(LOCK_AUTHORS, [ownerId]);
  if (authors.length === 0) return 0;
  await tx.rows(EMPTY, [ownerId, authors.map(({ authorId }) => authorId)]);
  return authors.length;
}

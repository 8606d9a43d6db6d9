/**
 * Rows of home timelines, written ahead so that reading costs the same for everybody. Only entries of
 * people of this server exist. An entry is never proof that its owner may see the post: reads ask the rule.
 */
import type { ActorId } from '../actors/actor.entity.js';
import { statement, type Transaction } from '../platform/db/database.js';
import type { Id } from '../platform/ids.js';
import type { PostId } from '../posts/post.entity.js';
import { visibleTo } from '../posts/visibility.js';
import { releaseEntries } from './release-entries.js';

/** Followers that one statement writes for. */
export const FAN_OUT_BATCH = 2_000;

/** Posts that a new follower finds in the home timeline at once. */
export const BACKFILLED_POSTS = 100;

const WITHDRAW_BATCH = 5_000;
/** Greater than every id. */
export const AFTER_ALL = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

// Writers share the author's or reposter's lock; who removes entries takes it alone, and so waits for what is being written.
/** Taken with the id of whose posts or reposts are written. */
export const WRITE_LOCK = statement(
  'home.write_lock',
  'select pg_advisory_xact_lock_shared(hashtextextended($1::text, 2))',
);
/** Taken with the id of whose posts or reposts leave. */
export const REMOVE_LOCK = statement(
  'home.remove_lock',
  'select pg_advisory_xact_lock(hashtextextended($1::text, 2))',
);

const FAN_OUT = statement(
  'home.fan_out',
  `with batch as (
     select f.follower_id, f.id from follows f
     where f.followee_id = $2 and f.state = 'ACCEPTED' and not f.is_remote and f.id < $3 order by f.id desc limit $4
   ), written as (
     insert into home_timeline_entries (owner_id, post_id, author_id)
     select batch.follower_id, p.id, p.author_id from batch
       join posts p on p.id = $1 and ${visibleTo('p', 'batch.follower_id')}
     on conflict do nothing
   )
   select id as "lastId" from batch order by id limit 1`,
);

const BACKFILL = statement(
  'home.backfill',
  `insert into home_timeline_entries (owner_id, post_id, author_id)
   select $1, p.id, p.author_id from posts p
   where p.author_id = $2 and p.kind <> 'comment' and ${visibleTo('p', '$1::uuid')}
     and exists (select from follows where follower_id = $1 and followee_id = $2 and state = 'ACCEPTED')
     and exists (select from actors where id = $1 and domain is null)
   order by p.id desc limit ${BACKFILLED_POSTS}
   on conflict do nothing`,
);

const EMPTY = statement(
  'home.empty',
  releaseEntries(`select owner_id, post_id, author_id, repost_id from home_timeline_entries
    where owner_id = $1 and coalesce(reposter_id, author_id) = $2
      and not exists (select from follows where follower_id = $1 and followee_id = $2 and state = 'ACCEPTED')`),
);

const WITHDRAW = statement(
  'home.withdraw',
  `with gone as (
     delete from home_timeline_entries where (owner_id, post_id) in (
       select owner_id, post_id from home_timeline_entries where post_id = $1 limit ${WITHDRAW_BATCH})
     returning 1
   ) select count(*)::int as count from gone`,
);

/**
 * Writes entries for one batch of the author's followers here, the newest follows first. Idempotent. Who
 * follows later gets the post with all recent ones.
 *
 * @param after last follow of the batch before; null = the first batch
 * @returns the last follow of this batch; null when there was none left
 */
export async function writeBatch(
  tx: Transaction,
  post: { readonly id: PostId; readonly authorId: ActorId },
  after: Id<'follow'> | null,
): Promise<Id<'follow'> | null> {
  await tx.rows(WRITE_LOCK, [post.authorId]);
  const row = await tx.row<{ lastId: Id<'follow'> }>(FAN_OUT, [
    post.id,
    post.authorId,
    after ?? AFTER_ALL,
    FAN_OUT_BATCH,
  ]);
  return row?.lastId ?? null;
}

/** Writes entries for the recent posts of somebody whom the owner follows now. Idempotent. */
export async function writeRecent(
  tx: Transaction,
  ownerId: ActorId,
  authorId: ActorId,
): Promise<void> {
  await tx.rows(WRITE_LOCK, [authorId]);
  await tx.rows(BACKFILL, [ownerId, authorId]);
}

/**
 * Removes what came through somebody whom the owner follows no more, unless it has another reason to be there.
 * Idempotent; a new follow keeps it.
 */
export async function removeFollowed(
  tx: Transaction,
  ownerId: ActorId,
  followedId: ActorId,
): Promise<void> {
  await tx.rows(REMOVE_LOCK, [followedId]);
  await tx.rows(EMPTY, [ownerId, followedId]);
}

/** Removes some entries of a post; answers how many, 0 when none is left. */
export async function removeBatch(tx: Transaction, postId: PostId): Promise<number> {
  return (await tx.row<{ count: number }>(WITHDRAW, [postId]))?.count ?? 0;
}

/**
 * Entries of home timelines that came by a repost. A post is in a home timeline once at most: one that is there
 * already stays where it is, unless it came long ago; then the repost brings it up.
 */
import type { ActorId } from '../actors/actor.entity.js';
import { statement, type Transaction } from '../platform/db/database.js';
import { firstIdAt, type Id } from '../platform/ids.js';
import type { RepostId } from '../posts/post.entity.js';
import { visibleTo } from '../posts/visibility.js';
import { AFTER_ALL, FAN_OUT_BATCH, REMOVE_LOCK, WRITE_LOCK } from './home-entries.js';
import { releaseEntries } from './release-entries.js';

/** Entries older than this are brought up by a repost; younger ones stay where they are. */
export const REPOST_DISTANCE_MS = 24 * 60 * 60 * 1000;

const RELEASED_AT_ONCE = 2_000;

const FAN_OUT = statement(
  'home.fan_out_repost',
  `with batch as (
     select f.follower_id, f.shows_reposts, f.id from follows f
     where f.followee_id = $2 and f.state = 'ACCEPTED' and not f.is_remote and f.id < $3 order by f.id desc limit $4
   ), written as (
     insert into home_timeline_entries (owner_id, post_id, author_id, repost_id, reposter_id)
     select batch.follower_id, p.id, p.author_id, r.id, r.actor_id from batch
       join reposts r on r.id = $1
       join posts p on p.id = r.post_id and ${visibleTo('p', 'batch.follower_id')}
     where batch.shows_reposts and batch.follower_id <> p.author_id
     on conflict (owner_id, post_id) do update
       set repost_id = excluded.repost_id, reposter_id = excluded.reposter_id
       where home_timeline_entries.entry_id < $5
   )
   select id as "lastId" from batch order by id limit 1`,
);

const WITHDRAW = statement(
  'home.withdraw_repost',
  releaseEntries(
    `select owner_id, post_id, author_id, repost_id from home_timeline_entries where repost_id = $1 limit ${RELEASED_AT_ONCE}`,
  ),
);

/** A repost as it is fanned out. */
export interface FannedRepost {
  readonly id: RepostId;
  readonly reposterId: ActorId;
  readonly createdAt: Date;
}

/**
 * Writes entries for one batch of the reposter's followers here, the newest follows first. Idempotent.
 *
 * @param after last follow of the batch before; null = the first batch
 * @returns the last follow of this batch; null when there was none left
 */
export async function writeRepostBatch(
  tx: Transaction,
  { id, reposterId, createdAt }: FannedRepost,
  after: Id<'follow'> | null,
): Promise<Id<'follow'> | null> {
  await tx.rows(WRITE_LOCK, [reposterId]);
  const row = await tx.row<{ lastId: Id<'follow'> }>(FAN_OUT, [
    id,
    reposterId,
    after ?? AFTER_ALL,
    FAN_OUT_BATCH,
    firstIdAt(new Date(createdAt.getTime() - REPOST_DISTANCE_MS)),
  ]);
  return row?.lastId ?? null;
}

/** Releases some entries of a repost that was taken back; answers how many, 0 when none is left. */
export async function releaseRepostBatch(
  tx: Transaction,
  repost: { readonly id: RepostId; readonly reposterId: ActorId },
): Promise<number> {
  await tx.rows(REMOVE_LOCK, [repost.reposterId]);
  return (await tx.row<{ count: number }>(WITHDRAW, [repost.id]))?.count ?? 0;
}

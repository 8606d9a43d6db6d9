/**
 * Trends: which hashtags and posts of the last 24 hours many people care about. The numbers are computed by the clock;
 * only public posts of authors who want to be found count, and nobody counts twice.
 */
import { blocksDomainOf } from '../actors/domain-blocks.queries.js';
import type { ActorId } from '../actors/actor.entity.js';
import { statement, type Reader, type Transaction } from '../platform/db/database.js';
import { firstIdAt } from '../platform/ids.js';
import { addSeconds } from '../platform/clock.js';
import { isCountedIn } from '../posts/comment-visibility.js';
import type { PostId } from '../posts/post.entity.js';
import { blockedBetween, postListedTo } from '../posts/visibility.js';

/** How hashtags are ordered. */
export const HASHTAG_FORMULA =
  'people × ln(1 + people ÷ (1 + people per day of the 7 days before)), of the last 24 hours, from 2 people on';

/** How posts are ordered. */
export const POST_FORMULA =
  '(people who reacted + 2 × people who commented + 3 × people who reposted) × 2^(−age in hours ÷ 24), of posts of the last 3 days and what happened in the last 24 hours, the author not counted, from 2 people on';

/** Entries of each kind that are kept. */
const KEPT_TRENDS = 100;

/** Most entries of one answer. */
export const MOST_TRENDS = 40;

const DAY = 86_400;
const OPEN_AUTHOR = `author.is_discoverable and author.status = 'ACTIVE'`;
const OPEN_POST = `p.visibility = 'PUBLIC' and p.kind <> 'comment' and p.deleted_at is null and p.archived_at is null
  and not p.is_sensitive`;

const LOCK = statement(
  'trends.lock',
  `select pg_advisory_xact_lock(hashtextextended('trends', 0))`,
);
const CLEAR_HASHTAGS = statement('trends.clear_hashtags', 'delete from trending_hashtags');
const CLEAR_POSTS = statement('trends.clear_posts', 'delete from trending_posts');

// Ids begin with the time: a range of ids is a range of time. Days are counted back from now, 0 = the last 24 hours.
const FILL_HASHTAGS = statement(
  'trends.fill_hashtags',
  `with use as (
     select used.hashtag_id, p.author_id,
       floor(extract(epoch from $1::timestamptz - p.published_at) / ${DAY})::int as day
     from post_hashtags used join posts p on p.id = used.post_id join actors author on author.id = p.author_id
     where used.post_id >= $2::uuid and ${OPEN_POST} and ${OPEN_AUTHOR}
   ), daily as (
     select hashtag_id, day, count(*)::int as uses, count(distinct author_id)::int as people
     from use where day between 0 and 7 group by 1, 2
   ), total as (
     select hashtag_id, coalesce(sum(uses) filter (where day = 0), 0)::int as uses,
       coalesce(sum(people) filter (where day = 0), 0)::int as people,
       coalesce(sum(people) filter (where day > 0), 0) / 7.0 as before,
       json_agg(json_build_object('day', day, 'uses', uses, 'people', people) order by day) as history
     from daily group by 1
   )
   insert into trending_hashtags (hashtag_id, score, uses, people, history, computed_at)
   select hashtag_id, people * ln(1 + people / (1 + before)), uses, people, history, $1
   from total where people >= 2 order by 2 desc, hashtag_id limit ${KEPT_TRENDS}`,
);

const FILL_POSTS = statement(
  'trends.fill_posts',
  `with act as (
     select r.post_id, r.actor_id, 1 as weight from reactions r where r.id >= $2::uuid
     union all select c.root_id, c.author_id, 2 from posts c
       where c.id >= $2::uuid and c.kind = 'comment' and c.deleted_at is null and c.hidden_through is null and ${isCountedIn('c')}
     union all select r.post_id, r.actor_id, 3 from reposts r where r.id >= $2::uuid
   ), person as (
     select post_id, actor_id, max((weight = 1)::int) as reacted, max((weight = 2)::int) as commented,
       max((weight = 3)::int) as reposted from act group by 1, 2
   ), total as (
     select p.id, sum(reacted)::int as reactions, sum(commented)::int as comments, sum(reposted)::int as reposts,
       extract(epoch from $1::timestamptz - min(p.published_at)) / 3600 as age
     from person join posts p on p.id = person.post_id join actors author on author.id = p.author_id
       join actors who on who.id = person.actor_id
     where p.id >= $3::uuid and ${OPEN_POST} and ${OPEN_AUTHOR} and person.actor_id <> p.author_id
       and who.status in ('ACTIVE', 'MOVED', 'MEMORIAL')
     group by p.id having count(*) >= 2
   )
   insert into trending_posts (post_id, score, reactions, comments, reposts, computed_at)
   select id, (reactions + 2 * comments + 3 * reposts) * power(2, -age / 24), reactions, comments, reposts, $1
   from total order by 2 desc, id limit ${KEPT_TRENDS}`,
);

/** Computes both lists anew, inside the caller's transaction; of two at once the second one waits. */
export async function computeTrends(tx: Transaction, now: Date): Promise<void> {
  await tx.rows(LOCK);
  await tx.rows(CLEAR_HASHTAGS);
  await tx.rows(FILL_HASHTAGS, [now, firstIdAt(addSeconds(now, -8 * DAY))]);
  await tx.rows(CLEAR_POSTS);
  await tx.rows(FILL_POSTS, [
    now,
    firstIdAt(addSeconds(now, -DAY)),
    firstIdAt(addSeconds(now, -3 * DAY)),
  ]);
}

/** One day of a hashtag. */
export interface TrendDay {
  /** 0 = the last 24 hours, 1 = the 24 hours before … 7. */
  readonly day: number;
  readonly uses: number;
  readonly people: number;
}

/** A hashtag with its numbers. */
export interface TrendingHashtagRow {
  readonly hashtagId: string;
  readonly score: number;
  readonly uses: number;
  readonly people: number;
  /** Days without uses are left out. */
  readonly history: readonly TrendDay[];
  readonly computedAt: Date;
}

/** A post with its numbers. */
export interface TrendingPostRow {
  readonly postId: PostId;
  readonly score: number;
  readonly reactions: number;
  readonly comments: number;
  readonly reposts: number;
  readonly computedAt: Date;
}

const isApproved = (subject: string, autoApproved: string): string =>
  `coalesce((select decision.is_allowed from trend_decisions decision where decision.${subject} = t.${subject}), ${autoApproved})`;
/** Posts that trend and may be shown, with their `place` from 1 on: SQL for other lists. */
export function trendingPlaces(autoApproved: string): string {
  return `select t.post_id, row_number() over (order by t.score desc, t.post_id)::int as place
    from trending_posts t join posts p on p.id = t.post_id join actors author on author.id = p.author_id
    where ${isApproved('post_id', autoApproved)} and ${OPEN_POST} and ${OPEN_AUTHOR}`;
}

const isUndecided = (subject: string): string =>
  `not exists (select from trend_decisions decision where decision.${subject} = t.${subject})`;

const HASHTAGS = `select t.hashtag_id as "hashtagId", t.score, t.uses, t.people, t.history, t.computed_at as "computedAt"
  from trending_hashtags t`;
const POSTS = `select t.post_id as "postId", t.score, t.reactions, t.comments, t.reposts, t.computed_at as "computedAt"
  from trending_posts t join posts p on p.id = t.post_id join actors author on author.id = p.author_id`;

const SHOWN_HASHTAGS = statement(
  'trends.hashtags',
  `${HASHTAGS} where ${isApproved('hashtag_id', '$2::boolean')} and exists (
     select from post_hashtags used join posts p on p.id = used.post_id
     where used.hashtag_id = t.hashtag_id and p.kind <> 'comment' and ${postListedTo('p', '$1::uuid')})
   order by t.score desc, t.hashtag_id limit $3`,
);
const SHOWN_POSTS = statement(
  'trends.posts',
  `${POSTS} where ${isApproved('post_id', '$2::boolean')} and ${OPEN_POST} and ${OPEN_AUTHOR}
     and not ${blockedBetween('p.author_id', '$1::uuid')} and not exists (select from mutes
       where muter_id = $1::uuid and muted_id = p.author_id and (expires_at is null or expires_at > $4))
     and not ${blocksDomainOf('$1::uuid', 'p.author_id')}
   order by t.score desc, t.post_id limit $3`,
);
const WAITING_HASHTAGS = statement(
  'trends.waiting_hashtags',
  `${HASHTAGS} where ${isUndecided('hashtag_id')} order by t.score desc, t.hashtag_id limit $1`,
);
const WAITING_POSTS = statement(
  'trends.waiting_posts',
  `${POSTS} where ${isUndecided('post_id')} and ${OPEN_POST} and ${OPEN_AUTHOR} order by t.score desc, t.post_id limit $1`,
);

/** Who looks, and what is shown without a decision of the staff. */
export interface TrendReader {
  readonly viewerId: ActorId | null;
  readonly isAutoApproved: boolean;
  readonly now: Date;
}

/** Hashtags that trend, as far as they may be shown. */
export function findTrendingHashtags(
  reader: Reader,
  { viewerId, isAutoApproved }: TrendReader,
  size: number,
): Promise<TrendingHashtagRow[]> {
  return reader.rows(SHOWN_HASHTAGS, [viewerId, isAutoApproved, size]);
}

/** Posts that trend, as far as they may be shown. */
export function findTrendingPosts(
  reader: Reader,
  { viewerId, isAutoApproved, now }: TrendReader,
  size: number,
): Promise<TrendingPostRow[]> {
  return reader.rows(SHOWN_POSTS, [viewerId, isAutoApproved, size, now]);
}

/** Hashtags that trend and that the staff has not decided about. */
export function findWaitingHashtags(reader: Reader, size: number): Promise<TrendingHashtagRow[]> {
  return reader.rows(WAITING_HASHTAGS, [size]);
}

/** Posts that trend and that the staff has not decided about. */
export function findWaitingPosts(reader: Reader, size: number): Promise<TrendingPostRow[]> {
  return reader.rows(WAITING_POSTS, [size]);
}

/**
 * What authors learn of how their posts are watched. Only numbers of at least five people leave this file: a post's day
 * with fewer is left out everywhere, of sums too, so that no sum gives away what was left out.
 */
import type { ActorId } from '../actors/actor.entity.js';
import type { AccountId } from '../accounts/account.entity.js';
import { addSeconds, type Clock } from '../platform/clock.js';
import { statement, type Database } from '../platform/db/database.js';
import type { Entitlements } from '../platform/entitlements.js';
import { Invalid } from '../platform/errors.js';
import { firstIdAt } from '../platform/ids.js';
import type { PostId } from '../posts/post.entity.js';

/** Fewest people whose numbers are told. */
export const FEWEST_PEOPLE = 5;
/** A playback that began yesterday goes on counting there, so a day stands still on the second one after it. */
const OPEN_DAYS = 2;
/** How many posts of an account are added up, the latest. */
export const POSTS_ADDED = 2000;
/** How long numbers are kept, which bounds accounts without a limit. */
const KEPT_DAYS = 800;
const DAY_SECONDS = 24 * 3600;

/** Calendar days in UTC, both included. */
export interface DateRange {
  readonly from: string;
  readonly to: string;
}

/** What the numbers stand on. */
export interface AnalyticsContext {
  readonly database: Database;
  readonly clock: Clock;
  readonly entitlements: Entitlements;
}

/** Whose numbers are asked for. */
export interface AnalyticsOwner {
  readonly accountId: AccountId;
  readonly actorId: ActorId;
}

/** One day, as far as five people or more are in it. A share is null with fewer than five people on either side. */
export interface AnalyticsDay {
  readonly day: string;
  /** Null = fewer than five people, or not yet at rest. */
  readonly views: number | null;
  /** As other servers told; null = fewer than five. */
  readonly viewsElsewhere: number | null;
  readonly watchTimeMs: bigint | null;
  readonly completionRate: number | null;
  readonly followerShare: number | null;
  /** People who did it on that day; null = fewer than five with every one of the posts. */
  readonly likes: number | null;
  readonly comments: number | null;
  readonly reposts: number | null;
}

interface DayRow {
  readonly key: string;
  readonly day: string;
  readonly views: number | null;
  readonly viewsElsewhere: number | null;
  readonly watchedMs: string | null;
  readonly completionRate: number | null;
  readonly followerShare: number | null;
  readonly likes: number | null;
  readonly comments: number | null;
  readonly reposts: number | null;
}

// Each share is of those posts alone whose two sides have enough people.
const shareOf = (part: string): string => {
  const isTold = `least(d.${part}, d.views - d.${part}) >= ${FEWEST_PEOPLE}`;
  return `(sum(d.${part}) filter (where ${isTold}))::float8 / (sum(d.views) filter (where ${isTold}))::float8`;
};
const sumOf = (part: string, told = part): string =>
  `sum(d.${part}) filter (where d.${told} >= ${FEWEST_PEOPLE})`;
const NUMBERS = `d.day::text as day, ${sumOf('views')}::int as views, ${sumOf('views_elsewhere')}::int as "viewsElsewhere",
  ${sumOf('watched_ms', 'views')}::text as "watchedMs",
  ${shareOf('completions')} as "completionRate", ${shareOf('follower_views')} as "followerShare",
  ${sumOf('likes')}::int as likes, ${sumOf('comments')}::int as comments, ${sumOf('reposts')}::int as reposts`;
const IS_TOLD = `greatest(d.views, d.views_elsewhere, d.likes, d.comments, d.reposts) >= ${FEWEST_PEOPLE}`;

const OF_POSTS = statement(
  'playback.analytics_of_posts',
  `select asked.key, ${NUMBERS}
   from unnest($2::text[], $3::uuid[], $4::date[], $5::date[]) as asked (key, post_id, from_day, to_day)
     join posts p on p.id = asked.post_id and p.author_id = $1
     join post_days d on d.post_id = p.id and d.day between asked.from_day and asked.to_day
   where ${IS_TOLD} group by asked.key, d.day`,
);
const OF_ACCOUNT = statement(
  'playback.analytics_of_account',
  `select '' as key, ${NUMBERS}
   from (select id from posts where author_id = $1 and deleted_at is null and kind <> 'comment' order by id desc limit ${POSTS_ADDED}) p
     join post_days d on d.post_id = p.id and d.day between $2::date and $3::date
   where ${IS_TOLD} group by d.day`,
);
const FOLLOWS = statement(
  'playback.follows_won',
  `select (requested_at at time zone 'UTC')::date::text as day, count(*)::int as count from follows
   where followee_id = $1 and state = 'ACCEPTED' and id >= $2 and id < $3 group by 1`,
);

/** Numbers of one own post in a period; `key` tells several apart. */
export interface PostPeriod {
  readonly key: string;
  readonly postId: PostId;
  readonly range: DateRange;
}

/** The days of each period, by its key, cut to what the account may look back on. Posts of others have empty days. */
export async function findPostAnalytics(
  context: AnalyticsContext,
  owner: AnalyticsOwner,
  periods: readonly PostPeriod[],
): Promise<Map<string, AnalyticsDay[]>> {
  const reach = await reachOf(context, owner);
  const cut = periods.map((period) => ({ ...period, range: cutTo(period.range, reach) }));
  const rows = await context.database.rows<DayRow>(OF_POSTS, [
    owner.actorId,
    cut.map(({ key }) => key),
    cut.map(({ postId }) => postId),
    cut.map(({ range }) => range.from),
    cut.map(({ range }) => earlier(range.to, reach.atRest)),
  ]);
  const byKey = Map.groupBy(rows, ({ key }) => key);
  return new Map(cut.map(({ key, range }) => [key, everyDay(range, byKey.get(key) ?? [])]));
}

/** Numbers of an account. */
export interface AccountAnalytics {
  readonly days: AnalyticsDay[];
  /** Follows of each day that still last. */
  readonly newFollowers: { readonly day: string; readonly count: number }[];
}

/** The days of all own posts together, cut to what the account may look back on. */
export async function findAccountAnalytics(
  context: AnalyticsContext,
  owner: AnalyticsOwner,
  range: DateRange,
): Promise<AccountAnalytics> {
  requireRange(range);
  const reach = await reachOf(context, owner);
  const { from, to } = cutTo(range, reach);
  if (from > to) return { days: [], newFollowers: [] };
  const until = earlier(to, reach.atRest);
  const rows = await context.database.rows<DayRow>(OF_ACCOUNT, [owner.actorId, from, until]);
  const ids = [firstIdAt(new Date(from)), firstIdAt(new Date(shift(to, 1)))];
  const follows = await context.database.rows<{ day: string; count: number }>(FOLLOWS, [
    owner.actorId,
    ...ids,
  ]);
  const won = new Map(follows.map(({ day, count }) => [day, count]));
  const days = everyDay({ from, to }, rows);
  return { days, newFollowers: days.map(({ day }) => ({ day, count: won.get(day) ?? 0 })) };
}

/** @throws {Invalid} INVALID_INPUT for a period that ends before it begins */
export function requireRange({ from, to }: DateRange): void {
  if (from > to)
    throw new Invalid('The period ends before it begins.', ['range', 'to'], 'MIN', from);
}

interface Reach {
  readonly oldest: string;
  readonly today: string;
  readonly atRest: string;
}

async function reachOf(
  { entitlements, clock }: AnalyticsContext,
  owner: AnalyticsOwner,
): Promise<Reach> {
  const limit = await entitlements.limit(owner.accountId, 'ANALYTICS_DAYS');
  const days = limit === null || limit > KEPT_DAYS ? KEPT_DAYS : Number(limit);
  const today = dayOf(clock.now());
  return { oldest: shift(today, -days), today, atRest: lastDayAtRest(clock.now()) };
}

function cutTo({ from, to }: DateRange, { oldest, today }: Reach): DateRange {
  return { from: from > oldest ? from : oldest, to: earlier(to, today) };
}

function everyDay({ from, to }: DateRange, rows: readonly DayRow[]): AnalyticsDay[] {
  const known = new Map(rows.map((row) => [row.day, row]));
  const days: AnalyticsDay[] = [];
  for (let day = from; day <= to; day = shift(day, 1)) {
    const row = known.get(day);
    days.push({
      day,
      views: row?.views ?? null,
      viewsElsewhere: row?.viewsElsewhere ?? null,
      watchTimeMs: row?.watchedMs == null ? null : BigInt(row.watchedMs),
      completionRate: row?.completionRate ?? null,
      followerShare: row?.followerShare ?? null,
      likes: row?.likes ?? null,
      comments: row?.comments ?? null,
      reposts: row?.reposts ?? null,
    });
  }
  return days;
}

/** The last day whose numbers change no more. */
export function lastDayAtRest(now: Date): string {
  return shift(dayOf(now), -OPEN_DAYS);
}

const dayOf = (instant: Date): string => instant.toISOString().slice(0, 10);
const shift = (day: string, days: number): string =>
  dayOf(addSeconds(new Date(day), days * DAY_SECONDS));
const earlier = (one: string, other: string): string => (one < other ? one : other);

/** Trays: the unexpired stories of one author each, ordered by how close the author is to the viewer. */
import type { ActorId } from '../actors/actor.entity.js';
import { addSeconds } from '../platform/clock.js';
import { bothWays, HIGHEST_ID, LOWEST_ID } from '../platform/db/both-ways.js';
import { statement, type Reader } from '../platform/db/database.js';
import type { PageRequest } from '../platform/db/page.js';
import { firstIdAt } from '../platform/ids.js';
import { isSeenBy } from './stories.queries.js';
import { isLive, storyVisibleTo } from './story-visibility.js';

/** What the order of trays is, for everybody to read; the statement below is its only other form. */
export const TRAY_ORDER =
  'The viewer’s own come first, then authors with a story that the viewer has not seen, then the others; within each, the author with the most points, and among equals the one with the newest story. Points: 20 when the author is one of the viewer’s close friends, 10 when the author follows the viewer, 10 when the viewer asked to be told of the author’s posts, and 1 for each of the viewer’s reactions to and comments on the author’s posts and reactions to the author’s stories within 30 days (the latest 500 of each); at most 50. Nothing else counts.';

const CLOSENESS_SECONDS = 30 * 24 * 3600;
const MAX_POINTS = 50;
// A rank is own, unseen and points in one number, so that a cursor has one.
const OWN = 1000;
const UNSEEN = 100;

/** The stories of one author. */
export interface TrayRow {
  readonly authorId: ActorId;
  readonly hasUnseen: boolean;
}

/** A tray and its place in the order. */
export interface RankedTray extends TrayRow {
  readonly rank: number;
  readonly newestId: string;
}

const NOT_MUTED = `not exists (select from mutes where muter_id = $1 and muted_id = f.followee_id
  and (expires_at is null or expires_at > $2))`;

const TRAYS = bothWays({
  name: 'stories.trays',
  order: 'desc',
  lowest: ['-1', LOWEST_ID],
  highest: ['9999', HIGHEST_ID],
  text: ({ beyond, order }) => `with author as (
     select $1::uuid as id, ${OWN} as points
     union all
     select f.followee_id, case when f.notifies_on_post then 10 else 0 end
       + case when exists (select from close_friends where owner_id = $1 and friend_id = f.followee_id) then 20 else 0 end
       + case when exists (select from follows where follower_id = f.followee_id and followee_id = $1 and state = 'ACCEPTED')
         then 10 else 0 end
     from follows f where f.follower_id = $1 and f.state = 'ACCEPTED' and ${NOT_MUTED}
   ), tray as (
     select author.id, author.points, bool_or(not (${isSeenBy('s', '$1::uuid')})) as has_unseen,
       (array_agg(s.id order by s.id desc))[1] as newest_id
     from author join stories s on s.author_id = author.id
     where ${isLive('s', '$2')} and ${storyVisibleTo('s', '$1::uuid', '$2')}
     group by author.id, author.points
   ), deed as (
     (select p.author_id from reactions r join posts p on p.id = r.post_id
      where r.actor_id = $1 and r.id > $3 order by r.id desc limit 500)
     union all
     (select p.author_id from posts c join posts p on p.id = c.root_id
      where c.author_id = $1 and c.published_at > $4 and c.kind = 'comment' and c.deleted_at is null
      order by c.published_at desc limit 500)
     union all
     (select s.author_id from story_reactions r join stories s on s.id = r.story_id
      where r.actor_id = $1 and r.id > $3 order by r.id desc limit 500)
   ), ranked as (
     select tray.id, tray.has_unseen, tray.newest_id,
       case when tray.id = $1 then ${OWN} else least(${MAX_POINTS}, tray.points + coalesce(deeds.number, 0))
         + case when tray.has_unseen then ${UNSEEN} else 0 end end as rank
     from tray left join (select author_id, count(*)::int as number from deed group by author_id) deeds on deeds.author_id = tray.id
   )
   select id as "authorId", has_unseen as "hasUnseen", rank, newest_id as "newestId" from ranked
   where (rank, newest_id) ${beyond} ($5::int, $6::uuid)
   order by ranked.rank ${order}, ranked.newest_id ${order} limit $7`,
});

const OF_AUTHORS = statement(
  'stories.trays_of_authors',
  `select s.author_id as "authorId", bool_or(not (${isSeenBy('s', '$2::uuid')})) as "hasUnseen" from stories s
   where s.author_id = any($1::uuid[]) and ${isLive('s', '$3')} and ${storyVisibleTo('s', '$2::uuid', '$3')}
   group by s.author_id`,
);

/** A page of the viewer's tray: own stories and those of people whom the viewer follows and does not mute. */
export function findTrays(
  reader: Reader,
  viewerId: ActorId,
  request: PageRequest,
  now: Date,
): Promise<RankedTray[]> {
  const since = addSeconds(now, -CLOSENESS_SECONDS);
  const { query, from } = TRAYS(request);
  const values = [viewerId, now, firstIdAt(since), since, ...from, request.size + 1];
  return reader.rows<RankedTray>(query, values);
}

/** Trays of authors of whom the viewer sees an unexpired story; all others are left out. */
export function findTraysOfAuthors(
  reader: Reader,
  authorIds: readonly ActorId[],
  viewerId: ActorId | null,
  now: Date,
): Promise<TrayRow[]> {
  return reader.rows<TrayRow>(OF_AUTHORS, [authorIds, viewerId, now]);
}

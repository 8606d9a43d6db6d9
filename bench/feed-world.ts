// A database with many videos and a reader who follows people and likes their posts, made by SQL in bulk.
import { startTimelineWorld, type TimelineWorld, type WorldSize } from './timeline-world.js';

const LIKES = 300;
const EXTRA_FOLLOWS = 30;
const SOUNDS = 20;
const WATCHED = 200;

/** Posts are videos, some with the same sound; what trends and what is picked is there, and the reader allows a profile. */
export async function startFeedWorld(size: WorldSize): Promise<TimelineWorld> {
  await using stack = new AsyncDisposableStack();
  const world = stack.use(await startTimelineWorld(size));
  const { pool } = world;
  await pool.query(`update actors set is_discoverable = true`);
  await pool.query(
    `update media set kind = 'video', video = '{"durationMs":12000,"sources":[],"captions":[]}', mime_type = 'video/mp4'`,
  );
  await pool.query(`update posts set kind = 'video'`);
  await pool.query(
    `with reader as (select id from actors where username = 'author0'), newest as (select id from posts order by id desc limit $1)
     insert into reactions (post_id, actor_id, id, content, created_at) select newest.id, reader.id, uuidv7(), '❤', now() from newest, reader`,
    [LIKES],
  );
  await pool.query(
    `insert into hashtags (id, name, display_name, created_at) select uuidv7(), 'tag' || n, 'tag' || n, now() from generate_series(1, 50) n`,
  );
  await pool.query(
    `insert into post_hashtags (hashtag_id, post_id) select h.id, p.id from (select id, row_number() over (order by id desc) as n from posts order by id desc limit 5000) p
     join hashtags h on h.name = 'tag' || (1 + p.n % 50)`,
  );
  await pool.query(
    `insert into trending_posts (post_id, score, reactions, comments, reposts, computed_at)
     select id, 100 - n, 5, 1, 0, now() from (select id, row_number() over (order by id) as n from (
       select id from posts order by id desc limit 400) recent) numbered where n <= 100`,
  );
  await pool.query(
    `insert into editorial_picks (id, post_id, criterion, reason_html, reason_source, picked_at, expires_at)
     select uuidv7(), id, 'CRAFT', '<p>Light</p>', 'Light', now(), now() + interval '10 days' from (select id from posts order by id desc offset 500 limit 30) p`,
  );
  // Every tenth video has one of a few sounds, so that a sound has more videos in a larger world.
  await pool.query(
    `with origin as (select id, row_number() over (order by id desc) as n from posts order by id desc limit $1),
     made as (insert into sounds (id, origin_id, duration_ms, created_at) select uuidv7(), id, 12000, now() from origin returning id),
     numbered as (select id, row_number() over () - 1 as n from made)
     insert into sound_uses (post_id, sound_id, source)
     select p.id, numbered.id, 'RECOGNISED' from (select id, row_number() over (order by id desc) as n from posts) p
     join numbered on numbered.n = p.n / 10 % $1 where p.n % 10 = 0`,
    [SOUNDS],
  );
  await pool.query(
    `insert into playback_history (actor_id, post_id, first_seen_at, last_seen_at, watched_ms, is_completed)
     select reader.id, p.id, now(), now(), 12000, true
     from (select id from actors where username = 'author0') reader, (select id from posts order by id limit $1) p`,
    [WATCHED],
  );
  // Whom the reader follows follow others in turn.
  await pool.query(
    `insert into follows (follower_id, followee_id, id, state, requested_at, accepted_at)
     select near.followee_id, far.id, uuidv7(), 'ACCEPTED', now(), now()
     from (select followee_id from follows order by id desc limit 40) near
     cross join lateral (select id from actors where id <> near.followee_id order by id desc limit $1) far on conflict do nothing`,
    [EXTRA_FOLLOWS],
  );
  await pool.query(
    `insert into feed_preferences (owner_id, is_profiled, updated_at) select id, true, now() from actors where username = 'author0'`,
  );
  await pool.query(
    `insert into server_settings (key, value) values ('instance', '{"autoApproveTrends": true}')
     on conflict (key) do update set value = excluded.value`,
  );
  await pool.query('vacuum analyze');
  const owned = stack.move();
  return { ...world, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

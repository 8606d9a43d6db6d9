// A database with many posts and one reader who follows many people, made by SQL in bulk.
import { randomBytes, createHash } from 'node:crypto';
import type pg from 'pg';
import { startBenchDatabase, type BenchDatabase } from './bench-database.js';

/** How large the world is. */
export interface WorldSize {
  readonly posts: number;
  /** People the reader follows, out of `authors`. */
  readonly follows: number;
  readonly authors: number;
}

/** A seeded database. */
export interface TimelineWorld extends BenchDatabase {
  /** Session token of the reader. */
  readonly token: string;
}

/** Only the newest posts have pictures: no page that is measured reaches further back. */
const POSTS_WITH_MEDIA = 21_000;

/** Starts a PostgreSQL of its own and fills it. */
export async function startTimelineWorld(size: WorldSize): Promise<TimelineWorld> {
  await using stack = new AsyncDisposableStack();
  const database = stack.use(await startBenchDatabase());
  const token = await seed(database.pool, size);
  const owned = stack.move();
  return { ...database, token, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

async function seed(pool: pg.Pool, { posts, follows, authors }: WorldSize): Promise<string> {
  const token = `trs_${randomBytes(32).toString('base64url')}`;
  await pool.query(
    `insert into actors (id, username, uri, url, display_name, joined_at, updated_at)
     select uuidv7(), 'author' || n, 'https://bench.example/actors/' || n, 'https://bench.example/@author' || n, 'Author ' || n, now(), now()
     from generate_series(0, $1) n`,
    [authors],
  );
  await pool.query(`insert into actor_counts (actor_id) select id from actors`);
  await pool.query(
    `with reader as (select id from actors where username = 'author0'),
      account as (insert into accounts (id, actor_id, email, email_canonical, email_verified_at, password_hash, password_changed_at, state, created_at, updated_at)
        select uuidv7(), id, 'reader@bench.example', 'reader@bench.example', now(), '-', now(), 'ACTIVE', now(), now() from reader returning id)
     insert into sessions (id, account_id, kind, token_digest, scopes, created_at, authenticated_at)
     select uuidv7(), id, 'SESSION', $1, array['read', 'write'], now(), now() from account`,
    [createHash('sha256').update(token).digest()],
  );
  await pool.query(
    `insert into follows (follower_id, followee_id, id, state, requested_at, accepted_at)
     select (select id from actors where username = 'author0'), a.id, uuidv7(), 'ACCEPTED', now(), now()
     from actors a where a.username in (select 'author' || n from generate_series(1, $1) n)`,
    [follows],
  );
  await seedPosts(pool, posts, authors);
  await pool.query('vacuum analyze');
  await pool.query('checkpoint');
  return token;
}

async function seedPosts(pool: pg.Pool, posts: number, authors: number): Promise<void> {
  await pool.query(
    `insert into posts (id, kind, author_id, is_local, uri, url, content_html, visibility, published_at)
     select p.id, 'photo', a.id, true, 'https://bench.example/posts/' || p.n, 'https://bench.example/posts/' || p.n,
       '<p>A caption of some length about picture ' || p.n || ', with a <a href="https://bench.example/tags/light" class="hashtag" rel="nofollow noopener ugc">#light</a></p>', 'PUBLIC', p.at
     from (select n, uuidv7(make_interval(secs => n - $1)) as id, now() + make_interval(secs => n - $1) as at from generate_series(1, $1) n) p
     join actors a on a.username = 'author' || (1 + p.n % $2)`,
    [posts, authors],
  );
  await pool.query(
    `insert into post_counts (post_id, likes, reactions, comments) select id, 3, 3, 1 from posts`,
  );
  await pool.query(
    `insert into home_timeline_entries (owner_id, post_id, author_id)
     select f.follower_id, p.id, p.author_id from follows f join posts p on p.author_id = f.followee_id`,
  );
  await pool.query(
    `with recent as (select id, author_id from posts order by id desc limit $1),
      pictures as (insert into media (id, owner_id, kind, purpose, access, state, mime_type, size_bytes, width, height, blurhash, alt_text, attached_at, created_at, updated_at)
        select uuidv7(), author_id, 'image', 'POST', 'PUBLIC', 'READY', 'image/jpeg', 100000, 2048, 1536, 'LEHV6nWB2yk8pyo0adR*.7kCMdnj', 'A picture', now(), now(), now()
        from recent returning id, owner_id),
      ranked_posts as (select id, author_id, row_number() over (partition by author_id order by id) as place from recent),
      ranked_media as (select id, owner_id, row_number() over (partition by owner_id order by id) as place from pictures),
      attached as (insert into post_media (post_id, media_id, position)
        select p.id, m.id, 0 from ranked_posts p join ranked_media m on m.owner_id = p.author_id and m.place = p.place returning media_id)
     insert into renditions (media_id, name, storage_key, mime_type, width, height, size_bytes)
     select pictures.id, r.name, 'renditions/' || pictures.id || r.name, 'image/jpeg', r.width, r.width * 3 / 4, 1000
     from pictures, (values ('full', 4096), ('large', 2048), ('medium', 1080), ('small', 640), ('thumb', 320)) as r(name, width)`,
    [POSTS_WITH_MEDIA],
  );
}

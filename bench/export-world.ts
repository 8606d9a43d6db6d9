// A database with people who have published little and much, and a storage with the one picture that all of it shows.
import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type pg from 'pg';
import { startBenchDatabase, type BenchDatabase } from './bench-database.js';

/** The database and its people, in the order of the sizes that were asked for. */
export interface ExportWorld extends BenchDatabase {
  /** Where the storage is. */
  readonly serverDirectory: string;
  readonly accountIds: readonly string[];
}

/** Bytes of each picture. They do not compress, as those of photographs do not. */
const PICTURE_BYTES = 100_000;
const PICTURE_KEY = 'originals/bench';

/** One person per size, with so many posts, each with a picture, and as many comments, bookmarks, likes and earlier versions. */
export async function startExportWorld(sizes: readonly number[]): Promise<ExportWorld> {
  await using stack = new AsyncDisposableStack();
  const database = stack.use(await startBenchDatabase());
  const { pool } = database;
  const serverDirectory = path.join(database.dataDirectory, 'server');
  const picture = path.join(serverDirectory, 'media', PICTURE_KEY);
  await mkdir(path.dirname(picture), { recursive: true });
  await writeFile(picture, randomBytes(PICTURE_BYTES));
  await pool.query(
    `insert into actors (id, username, uri, url, display_name, joined_at, updated_at)
     select uuidv7(), 'person' || n, 'https://bench.example/actors/' || n, 'https://bench.example/@person' || n, 'Person ' || n, now(), now()
     from generate_series(1, $1) n`,
    [sizes.length],
  );
  const accountIds: string[] = [];
  for (const [index, posts] of sizes.entries())
    accountIds.push(await seedPerson(pool, index + 1, posts));
  await pool.query('insert into post_counts (post_id) select id from posts');
  await pool.query('vacuum analyze');
  const owned = stack.move();
  return {
    ...database,
    serverDirectory,
    accountIds,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function seedPerson(pool: pg.Pool, number: number, posts: number): Promise<string> {
  const { rows } = await pool.query<{ accountId: string; actorId: string }>(
    `insert into accounts (id, actor_id, email, email_canonical, email_verified_at, password_hash, password_changed_at, state, created_at, updated_at)
     select uuidv7(), id, username || '@bench.example', username || '@bench.example', now(), '-', now(), 'ACTIVE', now(), now()
     from actors where username = 'person' || $1::int returning id as "accountId", actor_id as "actorId"`,
    [number],
  );
  const { accountId, actorId } = rows[0]!;
  await seedPosts(pool, actorId, posts);
  await pool.query(
    `insert into bookmarks (id, owner_id, post_id, created_at) select uuidv7(), $1, id, now() from posts where author_id = $1 and kind = 'photo'`,
    [actorId],
  );
  await pool.query(
    `insert into reactions (post_id, actor_id, id, content, created_at) select id, $1, uuidv7(), '❤', now() from posts where author_id = $1 and kind = 'photo'`,
    [actorId],
  );
  return accountId;
}

async function seedPosts(pool: pg.Pool, actorId: string, posts: number): Promise<void> {
  const uri = `'https://bench.example/posts/' || id`;
  const text = `'<p>A caption of some length about picture ' || n || ': ' || repeat('light over water, ', 20) || '</p>'`;
  await pool.query(
    `insert into posts (id, kind, author_id, is_local, uri, url, content_html, content_source, visibility, published_at)
     select id, 'photo', $1, true, ${uri}, ${uri}, ${text}, ${text}, 'PUBLIC', now() + make_interval(secs => n - $2)
     from (select n, uuidv7(make_interval(secs => n - $2)) as id from generate_series(1, $2::int) n) made`,
    [actorId, posts],
  );
  await pool.query(
    `insert into posts (id, kind, author_id, is_local, root_id, uri, url, content_html, visibility, published_at)
     select id, 'comment', $1, true, root_id, ${uri}, ${uri}, '<p>Fine.</p>', 'PUBLIC', now()
     from (select uuidv7() as id, id as root_id from posts where author_id = $1) made`,
    [actorId],
  );
  await pool.query(
    `insert into post_revisions (id, post_id, content_html, content_source, edited_at)
     select uuidv7(), id, content_html, content_source, now() from posts where author_id = $1 and kind = 'photo'`,
    [actorId],
  );
  await pool.query(
    `with pictures as (
       insert into media (id, owner_id, kind, purpose, access, state, mime_type, size_bytes, original_key, width, height, alt_text, attached_at, created_at, updated_at)
       select uuidv7(), $1, 'image', 'POST', 'PUBLIC', 'READY', 'image/jpeg', $2, $3, 2048, 1536, 'A picture', now(), now(), now()
       from posts where author_id = $1 and kind = 'photo' returning id)
     insert into post_media (post_id, media_id, position)
     select p.id, m.id, 0 from (select id, row_number() over (order by id) as place from posts where author_id = $1 and kind = 'photo') p
     join (select id, row_number() over (order by id) as place from pictures) m using (place)`,
    [actorId, PICTURE_BYTES, PICTURE_KEY],
  );
}

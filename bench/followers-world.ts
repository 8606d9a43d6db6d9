// A database with authors who have few and many followers, all of them people of this server.
import { createHash, randomBytes } from 'node:crypto';
import type pg from 'pg';
import { startBenchDatabase, type BenchDatabase } from './bench-database.js';

/** Somebody who publishes. */
export interface Author {
  readonly actorId: string;
  readonly token: string;
  /** Pictures that are ready, in no post yet. */
  readonly mediaIds: string[];
}

/** The database and its authors, in the order of the sizes that were asked for. */
export interface FollowersWorld extends BenchDatabase {
  readonly authors: readonly Author[];
}

/** One author per size, followed by so many people, with `pictures` to publish each. */
export async function startFollowersWorld(
  sizes: readonly number[],
  pictures: number,
): Promise<FollowersWorld> {
  await using stack = new AsyncDisposableStack();
  const database = stack.use(await startBenchDatabase());
  const { pool } = database;
  await pool.query(
    `insert into actors (id, username, uri, url, display_name, joined_at, updated_at)
     select uuidv7(), 'person' || n, 'https://bench.example/actors/' || n, 'https://bench.example/@person' || n, 'Person ' || n, now(), now()
     from generate_series(1, $1) n`,
    [Math.max(...sizes) + sizes.length],
  );
  await pool.query('insert into actor_counts (actor_id) select id from actors');
  const authors: Author[] = [];
  for (const [index, followers] of sizes.entries()) {
    authors.push(await seedAuthor(pool, { number: index + 1, followers, pictures }));
  }
  await pool.query('vacuum analyze');
  await pool.query('checkpoint');
  const owned = stack.move();
  return { ...database, authors, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

async function seedAuthor(
  pool: pg.Pool,
  size: { readonly number: number; readonly followers: number; readonly pictures: number },
): Promise<Author> {
  const token = `trs_${randomBytes(32).toString('base64url')}`;
  const [author] = await rows<{ id: string }>(
    pool,
    `with author as (select id from actors where username = 'person' || $1::int),
      account as (insert into accounts (id, actor_id, email, email_canonical, email_verified_at, password_hash, password_changed_at, state, created_at, updated_at)
        select uuidv7(), id, 'person' || $1 || '@bench.example', 'person' || $1 || '@bench.example', now(), '-', now(), 'ACTIVE', now(), now() from author returning id),
      session as (insert into sessions (id, account_id, kind, token_digest, scopes, created_at, authenticated_at)
        select uuidv7(), id, 'SESSION', $2, array['read', 'write'], now(), now() from account)
     select id from author`,
    [size.number, createHash('sha256').update(token).digest()],
  );
  const actorId = author!.id;
  await pool.query(
    `insert into follows (follower_id, followee_id, id, state, requested_at, accepted_at)
     select id, $1, uuidv7(), 'ACCEPTED', now(), now() from actors where id <> $1 order by id desc limit $2`,
    [actorId, size.followers],
  );
  const media = await rows<{ id: string }>(
    pool,
    `insert into media (id, owner_id, kind, purpose, access, state, mime_type, size_bytes, width, height, blurhash, alt_text, created_at, updated_at)
     select uuidv7(), $1, 'image', 'POST', 'PRIVATE', 'READY', 'image/jpeg', 100000, 2048, 1536, 'LEHV6nWB2yk8pyo0adR*.7kCMdnj', 'A picture', now(), now()
     from generate_series(1, $2) returning id`,
    [actorId, size.pictures],
  );
  return { actorId, token, mediaIds: media.map(({ id }) => id) };
}

async function rows<Row extends pg.QueryResultRow>(
  pool: pg.Pool,
  text: string,
  values: readonly unknown[],
): Promise<Row[]> {
  return (await pool.query<Row>(text, [...values])).rows;
}

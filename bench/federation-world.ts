// A database with people of other servers whom ours knows, and somebody here with posts whom they follow.
import { createHash, randomBytes } from 'node:crypto';
import { startBenchDatabase, type BenchDatabase } from './bench-database.js';
import { makePeerKeys, type PeerKeys } from './peer-actors.js';

/** Somebody of this server, followed from elsewhere. */
export interface FollowedAuthor {
  readonly actorId: string;
  readonly token: string;
  /** On which the followers are. */
  readonly hosts: number;
  /** Pictures that are ready, in no post yet. */
  readonly mediaIds: string[];
}

/** The database, who is in it, and the key of everybody elsewhere. */
export interface FederationWorld extends BenchDatabase {
  readonly keys: PeerKeys;
  readonly authors: readonly FollowedAuthor[];
  /** Addresses of posts of the first author. */
  readonly postUris: readonly string[];
  /** Addresses of everybody elsewhere. */
  readonly peerUris: readonly string[];
}

const HOSTS = 200;
const POSTS = 50;

/** So many people on 200 hosts, and one author per number of followers, who are on the first so many hosts. */
export async function startFederationWorld(
  peers: number,
  followers: readonly { readonly count: number; readonly hosts: number }[],
  pictures = 0,
): Promise<FederationWorld> {
  await using stack = new AsyncDisposableStack();
  const database = stack.use(await startBenchDatabase());
  const { pool } = database;
  const keys = makePeerKeys();
  await pool.query(
    `with made as (
       insert into actors (id, username, domain, uri, url, joined_at, updated_at)
       select uuidv7(), 'peer' || n, 'h' || n % ${HOSTS} || '.example',
         'https://h' || n % ${HOSTS} || '.example/users/peer' || n, 'https://h' || n % ${HOSTS} || '.example/@peer' || n, now(), now()
       from generate_series(0, $1::int - 1) n returning id, uri, domain)
     insert into remote_actors (actor_id, host, inbox_url, shared_inbox_url, followers_uri, key_id, public_key_pem, fetched_at)
     select id, domain, uri || '/inbox', 'https://' || domain || '/inbox', uri || '/followers', uri || '#main-key', $2, now() from made`,
    [peers, keys.publicKeyPem],
  );
  const authors: FollowedAuthor[] = [];
  for (const [number, { count, hosts }] of followers.entries()) {
    const token = `trs_${randomBytes(32).toString('base64url')}`;
    const made = await pool.query<{ id: string }>(
      `with author as (
         insert into actors (id, username, uri, url, joined_at, updated_at)
         select id, 'author' || $1::int, 'https://bench.example/actors/' || id, 'https://bench.example/@author' || $1, now(), now()
         from (select uuidv7() as id) made returning id),
       account as (insert into accounts (id, actor_id, email, email_canonical, email_verified_at, password_hash, password_changed_at, state, created_at, updated_at)
         select uuidv7(), id, 'a' || $1 || '@bench.example', 'a' || $1 || '@bench.example', now(), '-', now(), 'ACTIVE', now(), now() from author returning id),
       session as (insert into sessions (id, account_id, kind, token_digest, scopes, created_at, authenticated_at)
         select uuidv7(), id, 'SESSION', $2, array['read', 'write'], now(), now() from account)
       select id from author`,
      [number, createHash('sha256').update(token).digest()],
    );
    const actorId = made.rows[0]!.id;
    await pool.query(
      `insert into follows (follower_id, followee_id, id, state, requested_at, accepted_at, is_remote)
       select actor_id, $1, uuidv7(), 'ACCEPTED', now(), now(), true from (
         select actor_id from remote_actors where substring(host from 'h(\\d+)')::int < $3 order by actor_id limit $2) one`,
      [actorId, count, hosts],
    );
    const media = await pool.query<{ id: string }>(
      `insert into media (id, owner_id, kind, purpose, access, state, mime_type, size_bytes, width, height, blurhash, alt_text, created_at, updated_at)
       select uuidv7(), $1, 'image', 'POST', 'PRIVATE', 'READY', 'image/jpeg', 100000, 2048, 1536, 'LEHV6nWB2yk8pyo0adR*.7kCMdnj', 'A picture', now(), now()
       from generate_series(1, $2) returning id`,
      [actorId, pictures],
    );
    authors.push({ actorId, token, hosts, mediaIds: media.rows.map(({ id }) => id) });
  }
  await pool.query('insert into actor_counts (actor_id) select id from actors');
  const posts = await pool.query<{ uri: string }>(
    `insert into posts (id, kind, author_id, is_local, uri, url, content_html, visibility, published_at)
     select id, 'photo', $1, true, 'https://bench.example/posts/' || id, 'https://bench.example/posts/' || id, '<p>Light</p>', 'PUBLIC', now()
     from (select uuidv7() as id from generate_series(1, ${POSTS})) made returning uri`,
    [authors[0]!.actorId],
  );
  await pool.query('insert into post_counts (post_id) select id from posts');
  const uris = await pool.query<{ uri: string }>('select uri from actors where domain is not null');
  await pool.query('vacuum analyze');
  await pool.query('checkpoint');
  const owned = stack.move();
  return {
    ...database,
    keys,
    authors,
    postUris: posts.rows.map(({ uri }) => uri),
    peerUris: uris.rows.map(({ uri }) => uri),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

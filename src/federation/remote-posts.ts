/** What the documents of posts and comments of other servers say beside what they say to people. */
import { originOf } from './addresses.js';
import type { Services } from '../platform/context.js';
import { statement, type Reader } from '../platform/db/database.js';
import { statementForMany } from '../platform/db/for-many.js';
import type { CommentId, PostId } from '../posts/post.entity.js';
import type { ReadNote } from './internal/read-note.js';

const KEEP = statementForMany(
  'remote_posts.keep',
  `insert into remote_posts (post_id, replies_uri, fetched_at)
   select id, uri, now from jsonb_to_recordset($1::jsonb) as asked(id uuid, uri text, now timestamptz)
   on conflict (post_id) do update set replies_uri = excluded.replies_uri, fetched_at = excluded.fetched_at`,
);
const COUNTED = statement(
  'remote_posts.counted',
  `update post_counts set remote_likes = coalesce($2, remote_likes), remote_comments = coalesce($3, remote_comments),
     remote_reposts = coalesce($4, remote_reposts) where post_id = $1`,
);
const FIND = statement(
  'remote_posts.find',
  `select p.uri, r.replies_uri as "repliesUri", r.replies_fetched_at as "repliesFetchedAt", r.fetched_at as "fetchedAt", author.uri as "authorUri",
     p.visibility in ('PUBLIC', 'UNLISTED') as "isForEverybody"
   from posts p left join remote_posts r on r.post_id = p.id join actors author on author.id = p.author_id
   where p.id = $1 and p.deleted_at is null and not p.is_local`,
);
const TRIED = statement(
  'remote_posts.replies_tried',
  `insert into remote_posts (post_id, fetched_at, replies_fetched_at) values ($1, to_timestamp(0), $2)
   on conflict (post_id) do update set replies_fetched_at = excluded.replies_fetched_at`,
);

/** A post or comment of another server, and where it tells who answered it. */
export interface RemotePostFacts {
  readonly uri: string;
  readonly authorUri: string;
  /** Public or unlisted. */
  readonly isForEverybody: boolean;
  /** Null = it was never looked at since it is known. */
  readonly fetchedAt: Date | null;
  readonly repliesUri: string | null;
  readonly repliesFetchedAt: Date | null;
}

/** Keeps what the document of a post or comment says now. */
export async function keepRemoteFacts(
  { database, clock }: Pick<Services, 'database' | 'clock'>,
  id: PostId | CommentId,
  { uri, repliesUri, totals }: ReadNote,
): Promise<void> {
  const own = repliesUri !== null && originOf(repliesUri) === originOf(uri) ? repliesUri : null;
  await database.transaction(async (tx) => {
    await tx.ask(KEEP, { id, uri: own, now: clock.now() });
    const { likes, comments, reposts } = totals;
    if ((likes ?? comments ?? reposts) !== null)
      await tx.rows(COUNTED, [id, likes, comments, reposts]);
  });
}

/** What is known of a post or comment of another server; null when it is none, or is gone. */
export function findRemoteFacts(
  reader: Reader,
  id: PostId | CommentId,
): Promise<RemotePostFacts | null> {
  return reader.row<RemotePostFacts>(FIND, [id]);
}

/** Notes that its answers were asked for. */
export async function noteRepliesTried(
  { database, clock }: Pick<Services, 'database' | 'clock'>,
  id: PostId | CommentId,
): Promise<void> {
  await database.transaction((tx) => tx.rows(TRIED, [id, clock.now()]));
}

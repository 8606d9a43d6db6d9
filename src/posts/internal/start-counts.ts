/** The counters of a post or comment, which are also what commands lock, and the rank of comments. */
import { statement, type Transaction } from '../../platform/db/database.js';
import type { CommentId, PostId } from '../post.entity.js';

/** Seconds of newness that ten times as many likes are worth in the order TOP. */
export const SECONDS_PER_TENFOLD_LIKES = 45_000;

const START = statement(
  'post_counts.start',
  `insert into post_counts (post_id, root_id, top_rank) values ($1, $2, extract(epoch from $3::timestamptz)::float8)`,
);

/** SQL that ranks a comment by so many likes; the older of two with the same likes comes second. */
export function topRank(likes: string): string {
  return `(select extract(epoch from p.published_at)::float8 from posts p where p.id = post_counts.post_id)
    + ${SECONDS_PER_TENFOLD_LIKES} * log(1 + (${likes})::float8)`;
}

/** Counters of something new. `comment` null for a post. */
export async function startCounts(
  tx: Transaction,
  id: PostId | CommentId,
  comment: { rootId: PostId; publishedAt: Date } | null = null,
): Promise<void> {
  await tx.rows(START, [id, comment?.rootId ?? null, comment?.publishedAt ?? null]);
}

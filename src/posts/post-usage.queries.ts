/** How much somebody publishes, for limits and for showing it. */
import { addSeconds } from '../platform/clock.js';
import { statement } from '../platform/db/database.js';
import type { UsageCounter } from '../platform/entitlements.js';

const DAY_SECONDS = 24 * 3600;
const PUBLISHED_SINCE = statement(
  'posts.published_since',
  `select count(*) as count from posts where author_id = $1 and published_at > $2 and kind <> 'comment'`,
);

/** Counter of POSTS_PER_DAY; deleted posts count too. */
export const countPostsToday: UsageCounter = async (reader, { actorId }, now) => {
  const since = addSeconds(now, -DAY_SECONDS);
  const row = await reader.row<{ count: string }>(PUBLISHED_SINCE, [actorId, since]);
  return BigInt(row?.count ?? 0);
};

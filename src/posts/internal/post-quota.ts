/** Counts an author's posts, and refuses more than the account may publish in a day. */
import type { Services } from '../../platform/context.js';
import { statement, type Transaction } from '../../platform/db/database.js';
import type { EntitledOwner } from '../../platform/entitlements.js';
import { QuotaExceeded } from '../../platform/errors.js';
import type { ActorId } from '../../actors/actor.entity.js';
import type { Visibility } from '../../actors/visibility.js';
import { countPostsToday } from '../post-usage.queries.js';

const COUNT = statement(
  'posts.count',
  `insert into actor_counts as c (actor_id, posts) values ($1, greatest($2::int, 0))
   on conflict (actor_id) do update set posts = c.posts + $2::int`,
);
/**
 * Adds to the shown counter of an author's posts. Only posts that everybody may see are shown as a
 * number: a counter must not tell of posts that are hidden. Locks the author's counters.
 */
export async function countPost(
  tx: Transaction,
  authorId: ActorId,
  visibility: Visibility,
  change: 1 | -1,
): Promise<void> {
  const isShown = visibility === 'PUBLIC' || visibility === 'UNLISTED';
  await tx.rows(COUNT, [authorId, isShown ? change : 0]);
}

/**
 * Refuses a post beyond the entitlement POSTS_PER_DAY; deleted posts count too. Needs the lock of
 * `countPost`, so that two posts at once do not both take the last place.
 *
 * @throws {QuotaExceeded} QUOTA_EXCEEDED
 */
export async function requirePostQuota(
  { entitlements, clock }: Services,
  tx: Transaction,
  author: EntitledOwner,
): Promise<void> {
  const limit = await entitlements.limit(author.accountId, 'POSTS_PER_DAY');
  if (limit === null) return;
  const count = await countPostsToday(tx, author, clock.now());
  if (count >= limit) {
    throw new QuotaExceeded('POSTS_PER_DAY', limit, count);
  }
}

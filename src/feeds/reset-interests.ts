/** Forgetting interests: some, or all. */
import type { ActorId } from '../actors/actor.entity.js';
import type { CommandContext } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import { Invalid } from '../platform/errors.js';
import type { Id } from '../platform/ids.js';
import { requireViewer } from '../platform/require-viewer.js';
import { isShown } from '../posts/visibility.js';
import { dropProfiledSnapshots, forgetProfile } from './internal/forget-profile.js';

/** Interests that one request forgets. */
export const RESETS_AT_ONCE = 100;

/** Whose posts, and which hashtags; or everything. */
export interface InterestReset {
  readonly actorIds: readonly ActorId[];
  readonly hashtagIds: readonly Id<'hashtag'>[];
  readonly isAll: boolean;
  /** Something was named, whether it is there or not. */
  readonly isNamed: boolean;
}

const RESET = statement(
  'feeds.reset',
  `insert into interest_resets (owner_id, actor_id, hashtag_id, reset_at)
   select $1::uuid, a.id, null::uuid, $4::timestamptz from actors a where a.id = any($2::uuid[]) and ${isShown('a.status')}
   union all select $1::uuid, null, h.id, $4::timestamptz from hashtags h where h.id = any($3::uuid[])
   on conflict (owner_id, actor_id, hashtag_id) do update set reset_at = excluded.reset_at`,
);
// A page that is being computed with what is to be forgotten is stored before, or not at all.
const LOCK = statement(
  'feeds.lock_preferences',
  'select from feed_preferences where owner_id = $1 for no key update',
);
const SWEEP = statement(
  'feeds.sweep_resets',
  `delete from interest_resets where owner_id = $1 and reset_at < $2::timestamptz - interval '181 days'`,
);

/**
 * Forgets what the viewer did with posts of these authors or with these hashtags until now; what is done from now on
 * counts again. What is not there is passed over. Opens its own transaction.
 *
 * @throws {Forbidden} FORBIDDEN for anonymous callers
 * @throws {Invalid} INVALID_INPUT for more than 100, and for nothing
 */
export async function resetInterests(
  context: CommandContext,
  { actorIds, hashtagIds, isAll, isNamed }: InterestReset,
): Promise<void> {
  const { actorId } = requireViewer(context);
  if (!isAll && !isNamed)
    throw new Invalid('Name what to forget, or ask for all.', ['subjectIds'], 'MIN_ITEMS', '1');
  const count = actorIds.length + hashtagIds.length;
  if (count > RESETS_AT_ONCE) {
    const limit = String(RESETS_AT_ONCE);
    throw new Invalid(`At most ${limit} at once.`, ['subjectIds'], 'MAX_ITEMS', limit);
  }
  const now = context.clock.now();
  await context.database.transaction(async (tx) => {
    if (isAll) return forgetProfile(tx, actorId, now);
    await tx.rows(LOCK, [actorId]);
    await tx.rows(RESET, [actorId, actorIds, hashtagIds, now]);
    // What was done before is too old to count anyway.
    await tx.rows(SWEEP, [actorId, now]);
    await dropProfiledSnapshots(tx, actorId);
  });
}

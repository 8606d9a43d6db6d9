/** Forgetting what somebody watched: all of it, or one post. */
import type { ActorId } from '../actors/actor.entity.js';
import type { CommandContext } from '../platform/context.js';
import { statement, type Transaction } from '../platform/db/database.js';
import { NotFound } from '../platform/errors.js';
import { requireViewer } from '../platform/require-viewer.js';
import type { PostId } from '../posts/post.entity.js';
import { lastDayAtRest } from './analytics.js';
import { playbackForgotten } from './playback.events.js';

const CLEAR_HISTORY = statement(
  'playback.clear_history',
  `with gone as (delete from playback_history where actor_id = $1 and ($2::uuid is null or post_id = $2) returning 1) select count(*)::int as count from gone`,
);
// Of days that are still counted it goes from the numbers, too: whoever watches again after this counts once all the same.
// Numbers of days at rest stay as they are, or a difference would tell who left them. Rows in the order of countViews.
const CLEAR_VIEWINGS = statement(
  'playback.clear_viewings',
  `with gone as (delete from viewings where actor_id = $1 and ($3::uuid is null or post_id = $3) returning *),
   held as (
     select gone.* from post_days d join gone on gone.post_id = d.post_id and gone.day = d.day
     where d.day > $2::date order by d.post_id, d.day for update of d)
   update post_days d set views = d.views - held.counted_view::int,
     follower_views = d.follower_views - (held.counted_view and held.is_follower)::int,
     watched_ms = d.watched_ms - held.counted_ms, completions = d.completions - held.counted_completion::int
   from held where d.post_id = held.post_id and d.day = held.day`,
);

/**
 * Forgets what the viewer has watched and where they stopped. Opens its own transaction.
 *
 * @returns how many posts were in the history
 */
export async function clearPlaybackHistory(context: CommandContext): Promise<number> {
  const { actorId } = requireViewer(context);
  return context.database.transaction((tx) => forget(context, tx, actorId, null));
}

/**
 * Forgets that the viewer has watched a post. Opens its own transaction.
 *
 * @throws {NotFound} NOT_FOUND for one that is not in their history
 */
export async function removeFromPlaybackHistory(
  context: CommandContext,
  postId: PostId,
): Promise<void> {
  const { actorId } = requireViewer(context);
  await context.database.transaction(async (tx) => {
    if ((await forget(context, tx, actorId, postId)) === 0) throw new NotFound(['postId']);
  });
}

/** @param postId null = everything */
async function forget(
  { clock }: CommandContext,
  tx: Transaction,
  actorId: ActorId,
  postId: PostId | null,
): Promise<number> {
  await tx.rows(CLEAR_VIEWINGS, [actorId, lastDayAtRest(clock.now()), postId]);
  const gone = await tx.row<{ count: number }>(CLEAR_HISTORY, [actorId, postId]);
  if (gone?.count) await tx.append(playbackForgotten, { actorId });
  return gone?.count ?? 0;
}

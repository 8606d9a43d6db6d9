/** Forgetting what somebody watched. */
import type { CommandContext } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import { requireViewer } from '../platform/require-viewer.js';

const CLEAR_HISTORY = statement(
  'playback.clear_history',
  `with gone as (delete from playback_history where actor_id = $1 returning 1) select count(*)::int as count from gone`,
);
// What was counted stays in numbers in which nobody is to be found.
const CLEAR_VIEWINGS = statement(
  'playback.clear_viewings',
  'delete from viewings where actor_id = $1',
);

/**
 * Forgets what the viewer has watched and where they stopped. Opens its own transaction.
 *
 * @returns how many posts were in the history
 */
export async function clearPlaybackHistory(context: CommandContext): Promise<number> {
  const { actorId } = requireViewer(context);
  return context.database.transaction(async (tx) => {
    await tx.rows(CLEAR_VIEWINGS, [actorId]);
    return (await tx.row<{ count: number }>(CLEAR_HISTORY, [actorId]))?.count ?? 0;
  });
}

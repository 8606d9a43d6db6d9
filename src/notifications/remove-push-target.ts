/** A client wants to be woken no more. */
import type { CommandContext } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import { NotFound } from '../platform/errors.js';
import { requireViewer } from '../platform/require-viewer.js';
import type { PushTargetId } from './push-targets.queries.js';

const REMOVE = statement(
  'push_targets.remove',
  'delete from push_targets where account_id = $1 and id = $2 returning id',
);

/**
 * Removes a target of the viewer.
 *
 * @throws {Forbidden} FORBIDDEN for anonymous callers
 * @throws {NotFound} NOT_FOUND, also for somebody else's
 */
export async function removePushTarget(
  context: CommandContext,
  targetId: PushTargetId,
): Promise<void> {
  const { accountId } = requireViewer(context);
  const removed = await context.database.transaction((tx) => tx.row(REMOVE, [accountId, targetId]));
  if (!removed) throw new NotFound(['targetId']);
}

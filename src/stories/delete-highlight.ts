/** Deleting a highlight; stories that it alone kept go by the clock. */
import type { CommandContext } from '../platform/context.js';
import { requireViewer } from '../platform/require-viewer.js';
import type { HighlightId } from './highlight.entity.js';
import { lockOwnHighlight } from './own-highlight.js';

/**
 * Deletes a highlight of the viewer. Opens its own transaction.
 *
 * @throws {NotFound} NOT_FOUND, also for somebody else's highlight
 */
export async function deleteHighlight(
  context: CommandContext,
  highlightId: HighlightId,
): Promise<void> {
  const viewer = requireViewer(context);
  await context.database.transaction(async (tx) => {
    tx.em.remove(await lockOwnHighlight(tx, viewer, highlightId));
  });
}

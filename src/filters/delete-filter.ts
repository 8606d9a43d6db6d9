/** Deleting a keyword filter. */
import type { CommandContext } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import { requireViewer } from '../platform/require-viewer.js';
import type { ContentFilterId } from './content-filter.js';
import { lockOwnFilter } from './internal/own-filter.js';

const DELETE = statement('content_filters.delete', 'delete from content_filters where id = $1');

/**
 * Deletes a filter of the viewer. Opens its own transaction.
 *
 * @throws {NotFound} NOT_FOUND, also for somebody else's filter
 */
export async function deleteFilter(
  context: CommandContext,
  filterId: ContentFilterId,
): Promise<void> {
  const viewer = requireViewer(context);
  await context.database.transaction(async (tx) => {
    await lockOwnFilter(tx, viewer, filterId);
    await tx.rows(DELETE, [filterId]);
  });
}

/** How commands reach a filter of the viewer. */
import type { Viewer } from '../../platform/context.js';
import { statement, type Transaction } from '../../platform/db/database.js';
import { NotFound } from '../../platform/errors.js';
import type { ContentFilterId } from '../content-filter.js';

const LOCK = statement(
  'content_filters.lock',
  'select id from content_filters where id = $1 and owner_id = $2 for update',
);

/**
 * Locks a filter of the viewer until the end of the transaction.
 *
 * @throws {NotFound} NOT_FOUND, also for somebody else's filter
 */
export async function lockOwnFilter(
  tx: Transaction,
  viewer: Viewer,
  filterId: ContentFilterId,
): Promise<void> {
  if (!(await tx.row(LOCK, [filterId, viewer.actorId]))) throw new NotFound(['filterId']);
}

/** How commands reach a highlight that only its owner may change. */
import type { Viewer } from '../platform/context.js';
import { statement, type Transaction } from '../platform/db/database.js';
import { NotFound } from '../platform/errors.js';
import type { ActorId } from '../actors/actor.entity.js';
import { Highlight, type HighlightId } from './highlight.entity.js';

const LOCK_OWNER = statement(
  'highlights.lock_owner',
  'select id from actors where id = $1 for no key update',
);

/**
 * Makes commands about the number and order of one person's highlights wait for each other until the end of the
 * transaction. What they count or order is read by a statement of its own, so that it is taken after the lock.
 */
export async function lockHighlightsOf(tx: Transaction, ownerId: ActorId): Promise<void> {
  await tx.rows(LOCK_OWNER, [ownerId]);
}

const LOCK = statement(
  'highlights.lock',
  'select id from highlights where id = $1 and owner_id = $2 for update',
);

/**
 * The viewer's own highlight, locked until the end of the transaction.
 *
 * @throws {NotFound} NOT_FOUND when it is not there or somebody else's
 */
export async function lockOwnHighlight(
  tx: Transaction,
  viewer: Viewer,
  id: HighlightId,
): Promise<Highlight> {
  if (!(await tx.row(LOCK, [id, viewer.actorId]))) throw new NotFound(['highlightId']);
  return tx.em.findOneOrFail(Highlight, { id });
}

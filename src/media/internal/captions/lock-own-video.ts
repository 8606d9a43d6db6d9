/** How commands reach a video whose captions only its owner may change. */
import { statement, type Transaction } from '../../../platform/db/database.js';
import { NotFound } from '../../../platform/errors.js';
import type { Id } from '../../../platform/ids.js';
import type { MediaId } from '../../media.entity.js';

const LOCK = statement(
  'captions.lock_video',
  `select id from media where id = $1 and owner_id = $2 and kind = 'video' and deleted_at is null for no key update`,
);

/**
 * Locks a video until the end of the transaction.
 *
 * @throws {NotFound} NOT_FOUND when it is not there, no video or somebody else's
 */
export async function lockOwnVideo(
  tx: Transaction,
  mediaId: MediaId,
  ownerId: Id<'actor'>,
): Promise<void> {
  if (!(await tx.row(LOCK, [mediaId, ownerId]))) throw new NotFound(['mediaId']);
}

/** What the staff takes out of sight: nobody sees it, its owner neither, but nothing is erased, so that it can come back. */
import { statement, type Transaction } from '../platform/db/database.js';

const SET = statement(
  'starter_packs.set_removed',
  `update starter_packs set removed_at = $2 where id = any($1::uuid[]) and (removed_at is null) = ($2::timestamptz is not null)`,
);

/**
 * Removes packs, or restores what was removed, inside the caller's transaction. What is so already stays as it is.
 *
 * @param ids other things may be among them
 * @param removedAt null = restore
 */
export async function setStarterPacksRemoved(
  tx: Transaction,
  ids: readonly string[],
  removedAt: Date | null,
): Promise<void> {
  await tx.rows(SET, [ids, removedAt]);
}

/** Waits for the moment at which one transaction waits for another: the middle of a race. */
import { statement, type Reader } from '../../src/platform/db/database.js';

const WAITS = statement(
  'test.waits_for_lock',
  `select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock') as waits`,
);

/**
 * Resolves when somebody in this database waits for a lock.
 *
 * @returns false when `pending` was over before that
 */
export async function untilLockWait(reader: Reader, pending: Promise<unknown>): Promise<boolean> {
  const over = pending.then(
    () => 'OVER',
    () => 'OVER',
  );
  while ((await Promise.race([over, Promise.resolve('OPEN')])) === 'OPEN') {
    if ((await reader.row<{ waits: boolean }>(WAITS))?.waits) return true;
  }
  return false;
}

/** Refuses emoji that cannot be used. */
import { statement, type Transaction } from '../platform/db/database.js';
import { Invalid } from '../platform/errors.js';

const ENABLED = statement(
  'emojis.enabled',
  'select id from emojis where shortcode = $1 and is_enabled',
);

/**
 * Needs a transaction.
 *
 * @throws {Invalid} INVALID_INPUT when there is no enabled emoji of this shortcode
 */
export async function requireUsableEmoji(
  tx: Transaction,
  shortcode: string,
  path: readonly string[],
): Promise<void> {
  if (await tx.row(ENABLED, [shortcode])) return;
  throw new Invalid('There is no such emoji here.', path, 'ENUM');
}

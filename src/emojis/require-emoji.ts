/** Refuses emoji that cannot be used. */
import type { ActorId } from '../actors/actor.entity.js';
import { statement, type Transaction } from '../platform/db/database.js';
import { Invalid } from '../platform/errors.js';
import type { EmojiName } from './emoji.js';

const USABLE = statement(
  'emojis.usable',
  `select a.domain from actors a where a.id = $1 and case when a.domain is null
     then exists (select from emojis where shortcode = $2 and is_enabled)
     else exists (select from remote_emojis e where e.domain = a.domain and e.shortcode = $2) end`,
);

/**
 * The emoji that an actor means by a shortcode: that of its own server. Needs a transaction.
 *
 * @throws {Invalid} INVALID_INPUT when there is no enabled emoji of this shortcode
 */
export async function requireUsableEmoji(
  tx: Transaction,
  actorId: ActorId,
  shortcode: string,
  path: readonly string[],
): Promise<EmojiName> {
  const usable = await tx.row<{ domain: string | null }>(USABLE, [actorId, shortcode]);
  if (usable) return { shortcode, domain: usable.domain };
  throw new Invalid('There is no such emoji here.', path, 'ENUM');
}

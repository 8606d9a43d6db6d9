/** The rows of emoji as commands read and write them, one command at a time. */
import { statement, type Transaction } from '../../platform/db/database.js';
import { TooMany } from '../../platform/errors.js';
import type { EmojiId } from '../emoji.js';
import type { EmojiRow } from '../emojis.queries.js';

/** An emoji of this server without its dates. */
export type StoredEmoji = Omit<EmojiRow, 'domain' | 'createdAt' | 'updatedAt'>;

/** Most custom emoji of a server. */
export const MAX_EMOJIS = 5_000;

const FIND = statement(
  'emojis.find',
  `select id, shortcode, category, aliases, media_id as "mediaId", is_listed as "isListed", is_enabled as "isEnabled"
   from emojis where id = $1`,
);
const COUNT = statement('emojis.count', 'select count(*)::int as count from emojis');
const STORE = statement(
  'emojis.store',
  `insert into emojis (id, shortcode, category, aliases, media_id, is_listed, is_enabled, created_at, updated_at)
   values ($1, $2, $3, $4, $5::uuid, $6, $7, $8, $8)
   on conflict (id) do update set category = excluded.category, aliases = excluded.aliases,
     media_id = excluded.media_id, is_listed = excluded.is_listed, is_enabled = excluded.is_enabled,
     updated_at = excluded.updated_at`,
);

/** An emoji by id; null when there is none. */
export function findStoredEmoji(tx: Transaction, id: EmojiId): Promise<StoredEmoji | null> {
  return tx.row<StoredEmoji>(FIND, [id]);
}

/**
 * Refuses more emoji than a server may have.
 *
 * @throws {TooMany} LIMIT_EXCEEDED
 */
export async function requireRoom(tx: Transaction, more: number): Promise<void> {
  const known = await tx.row<{ count: number }>(COUNT);
  if ((known?.count ?? 0) + more > MAX_EMOJIS)
    throw new TooMany(`At most ${MAX_EMOJIS} emoji.`, MAX_EMOJIS);
}

/** Writes an emoji, new or changed. */
export async function storeEmoji(tx: Transaction, emoji: StoredEmoji, now: Date): Promise<void> {
  const { id, shortcode, category, aliases, mediaId, isListed, isEnabled } = emoji;
  await tx.rows(STORE, [id, shortcode, category, aliases, mediaId, isListed, isEnabled, now]);
}

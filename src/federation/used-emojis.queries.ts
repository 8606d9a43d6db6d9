/** The emoji of this server that texts of its people write. */
import { shortcodesIn } from '../emojis/emoji.js';
import { findEmojisByName, type DrawnEmoji } from '../emojis/emojis.queries.js';
import type { Reader } from '../platform/db/database.js';

/** The enabled emoji that texts or HTML name as `:shortcode:`. */
export async function emojisUsedIn(
  reader: Reader,
  ...texts: readonly (string | null)[]
): Promise<DrawnEmoji[]> {
  return (await emojisUsedInEach(reader, [texts]))[0]!;
}

/** As `emojisUsedIn`, for several things at once, in their order. */
export async function emojisUsedInEach(
  reader: Reader,
  textsOfEach: readonly (readonly (string | null)[])[],
): Promise<DrawnEmoji[][]> {
  const used = textsOfEach.map((texts) => new Set(shortcodesIn(...texts)));
  const names = [...new Set(used.flatMap((shortcodes) => [...shortcodes]))];
  if (names.length === 0) return used.map(() => []);
  const own = names.map((shortcode) => ({ shortcode, domain: null }));
  const enabled = (await findEmojisByName(reader, own)).filter(({ isEnabled }) => isEnabled);
  return used.map((shortcodes) => enabled.filter(({ shortcode }) => shortcodes.has(shortcode)));
}

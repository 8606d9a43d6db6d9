/** What a reaction can be: exactly one emoji, of Unicode or a custom one. A like is the heart. */
import { readShortcode } from '../emojis/emoji.js';
import { Invalid } from '../platform/errors.js';

/** The reaction that counts as a like. */
export const LIKE = '❤';

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
const EMOJI = new RegExp('^\\p{RGI_Emoji}$', 'v');
const TEXT_STYLE = new RegExp(
  '[\\p{Emoji}--\\p{Emoji_Presentation}--[0-9#*]](?!\\p{Emoji_Modifier})',
  'gv',
);

/**
 * The one spelling under which an emoji is stored and counted; null when the text is not exactly one
 * emoji. Emoji that can also be text (☺, ✌) get their variation selector, the heart loses it.
 *
 * @source UTS #51, RGI emoji set
 */
export function normaliseReaction(written: string): string | null {
  if (written.length > 64 || [...graphemes.segment(written)].length !== 1) return null;
  const bare = written.replaceAll('\uFE0F', '').replaceAll('\uFE0E', '');
  if (bare === LIKE) return LIKE;
  const spellings = [written, bare, bare.replace(TEXT_STYLE, '$&\uFE0F')];
  return spellings.find((spelling) => EMOJI.test(spelling)) ?? null;
}

/**
 * The emoji that somebody reacts with, as it is stored: `:shortcode:` for a custom one, whether it is there or not.
 *
 * @throws {Invalid} INVALID_INPUT for anything but one emoji
 */
export function requireReaction(written: string): string {
  const content = readShortcode(written) === null ? normaliseReaction(written) : written;
  if (content === null) throw new Invalid('A reaction is exactly one emoji.', ['content'], 'EMOJI');
  return content;
}

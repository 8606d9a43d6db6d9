/** What a reaction with an emoji of Unicode can be: exactly one. A like is the heart. */

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

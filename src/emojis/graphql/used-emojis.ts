/** The emoji that texts and reactions use, loaded in one batch for all of them. */
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { defineLoader, load } from '../../platform/graphql/loader.js';
import { readShortcode, shortcodesIn } from '../emoji.js';
import { findEmojisByShortcode } from '../emojis.queries.js';
import { toEmojiSource, type EmojiSource } from './emoji.type.js';

const byShortcodeLoader = defineLoader<string, EmojiSource>(async (context, shortcodes) => {
  const emojis = await findEmojisByShortcode(context.database, shortcodes);
  return new Map(emojis.map((emoji) => [emoji.shortcode, toEmojiSource(emoji)]));
});

/** The enabled emoji that texts or HTML write as `:shortcode:`, each once, in order. */
export async function emojisOfTexts(
  context: GraphQLContext,
  ...texts: readonly (string | null)[]
): Promise<EmojiSource[]> {
  const shortcodes = shortcodesIn(...texts);
  const found = await Promise.all(
    shortcodes.map((shortcode) => load(context, byShortcodeLoader, shortcode)),
  );
  return found.filter((emoji) => emoji !== null && emoji.isEnabled) as EmojiSource[];
}

/** As `emojisOfTexts`, for texts that are no HTML: there an angle bracket begins nothing. */
export function emojisOfPlainTexts(
  context: GraphQLContext,
  ...texts: readonly (string | null)[]
): Promise<EmojiSource[]> {
  return emojisOfTexts(context, ...texts.map((text) => text?.replaceAll('<', ' ') ?? null));
}

/** The emoji of a reaction, also when it can no longer be used; null for one of Unicode, or when it is gone. */
export async function emojiOfReaction(
  context: GraphQLContext,
  content: string,
): Promise<EmojiSource | null> {
  const shortcode = readShortcode(content);
  return shortcode === null ? null : load(context, byShortcodeLoader, shortcode);
}

/** The emoji that texts and reactions use, loaded in one batch for all of them. */
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { defineLoader, load } from '../../platform/graphql/loader.js';
import { readEmojiName, shortcodesIn, writeEmojiName } from '../emoji.js';
import { findEmojisByName } from '../emojis.queries.js';
import { toEmojiSource, type EmojiSource } from './emoji.type.js';

/** By what `writeEmojiName` makes of their names. */
const byNameLoader = defineLoader<string, EmojiSource>(async (context, written) => {
  const names = written.map((name) => readEmojiName(name)).filter((name) => name !== null);
  const emojis = await findEmojisByName(context.database, names);
  return new Map(emojis.map((emoji) => [writeEmojiName(emoji), toEmojiSource(emoji)]));
});

/**
 * The enabled emoji that texts or HTML write as `:shortcode:`, each once, in order. They are those of the server of whoever
 * wrote; null = of this one.
 */
export async function emojisOfTexts(
  context: GraphQLContext,
  domain: string | null,
  ...texts: readonly (string | null)[]
): Promise<EmojiSource[]> {
  const shortcodes = shortcodesIn(...texts);
  const found = await Promise.all(
    shortcodes.map((shortcode) =>
      load(context, byNameLoader, writeEmojiName({ shortcode, domain })),
    ),
  );
  return found.filter((emoji) => emoji !== null && emoji.isEnabled) as EmojiSource[];
}

/** As `emojisOfTexts` for texts of this server that are no HTML: there an angle bracket begins nothing. */
export function emojisOfPlainTexts(
  context: GraphQLContext,
  ...texts: readonly (string | null)[]
): Promise<EmojiSource[]> {
  return emojisOfTexts(context, null, ...texts.map((text) => text?.replaceAll('<', ' ') ?? null));
}

/** The emoji of a reaction, also when it can no longer be used; null for one of Unicode, or when it is gone. */
export async function emojiOfReaction(
  context: GraphQLContext,
  content: string,
): Promise<EmojiSource | null> {
  return readEmojiName(content) === null ? null : load(context, byNameLoader, content);
}

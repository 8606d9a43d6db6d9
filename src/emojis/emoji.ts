/** What a custom emoji is called, and where texts use it. */
import type { Id } from '../platform/ids.js';

/** Identity of a custom emoji. */
export type EmojiId = Id<'emoji'>;

/** Rule of shortcodes. */
export const SHORTCODE = /^[a-zA-Z0-9_]{2,64}$/;

/** Shortcodes that are looked up for one thing, most. */
const MAX_PER_TEXT = 100;

// A name directly beside letters or digits is part of a time, an address or a namespace.
const IN_TEXT = /(?<![\p{L}\p{N}_:]):([a-zA-Z0-9_]{2,64}):(?![\p{L}\p{N}_:])/gu;
const TAGS = /<[^>]*>/g;
const WHOLE = /^:([a-zA-Z0-9_]{2,64}):$/;

/** The shortcode of a text that is exactly `:shortcode:`; null for any other. */
export function readShortcode(text: string): string | null {
  return WHOLE.exec(text)?.[1] ?? null;
}

/** Shortcodes that texts or HTML write between colons, each once, in order; at most a hundred. */
export function shortcodesIn(...texts: readonly (string | null)[]): string[] {
  const found = new Set<string>();
  for (const text of texts) {
    if (!text?.includes(':')) continue;
    const words = text.replace(TAGS, ' ');
    for (const [, shortcode] of words.matchAll(IN_TEXT)) found.add(shortcode!);
  }
  return [...found].slice(0, MAX_PER_TEXT);
}

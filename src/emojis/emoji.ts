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

const NAME_OF_OTHER = /^:([a-zA-Z0-9_]{2,64})@([a-z0-9.:-]{1,253}):$/;

/** What tells an emoji from all others: each server has names of its own. */
export interface EmojiName {
  readonly shortcode: string;
  /** Host of its server; null for this one. */
  readonly domain: string | null;
}

/** How a reaction is stored: `:shortcode:`, of another server `:shortcode@domain:`. */
export function writeEmojiName({ shortcode, domain }: EmojiName): string {
  return domain === null ? `:${shortcode}:` : `:${shortcode}@${domain}:`;
}

/** What `writeEmojiName` wrote; null for any other text. */
export function readEmojiName(text: string): EmojiName | null {
  const [, shortcode, domain] = NAME_OF_OTHER.exec(text) ?? [];
  if (shortcode !== undefined && domain !== undefined) return { shortcode, domain };
  const own = readShortcode(text);
  return own === null ? null : { shortcode: own, domain: null };
}

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

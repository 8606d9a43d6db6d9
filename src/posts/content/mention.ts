/** What a mention is: a handle with its @, as `@ada` or `@ada@b.example`. */

import { isPrecededBy } from './hashtag.js';

/** A handle as found in a text. */
export interface HandleUse {
  readonly username: string;
  /** Lower case; null when none was written. */
  readonly domain: string | null;
  /** Characters of the mention in the text, the first @ included. */
  readonly length: number;
}

const MENTION =
  /@([A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,62}[A-Za-z0-9_])?)(?:@((?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.){1,8}\p{L}[\p{L}\p{N}-]{1,62}(?::\d{1,5})?))?/uy;
const LONGEST = 400;

/** The mention that starts at `position`, where an @ stands; null when none does. Looks 400 characters ahead at most. */
export function readMention(text: string, position: number): HandleUse | null {
  if (isPrecededBy(text, position, '/@.-')) return null;
  const ahead = text.slice(position, position + LONGEST);
  MENTION.lastIndex = 0;
  const match = MENTION.exec(ahead);
  if (!match || ahead[match[0].length] === '@') return null;
  return { username: match[1]!, domain: match[2]?.toLowerCase() ?? null, length: match[0].length };
}

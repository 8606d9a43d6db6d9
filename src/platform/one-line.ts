/** Titles and names: what stands between other texts, and must not change how those are read. */
import { isBlank } from './blank-text.js';

// Control characters, and those that turn the reading direction of what follows the text.
const UNSEEN = /[\p{Cc}\u202A-\u202E\u2066-\u2069]/gu;

/** The text on one line; empty where there is nothing to see, as joiners alone would hide what it is. */
export function oneLine(text: string): string {
  const line = text.replace(UNSEEN, ' ').replace(/\s+/g, ' ').trim();
  return isBlank(line) ? '' : line;
}

/**
 * What a hashtag is: letters, digits and underscores of any script after a #, with at least one letter. Between two of
 * them may stand a joiner, as words of Persian and Indian languages need it.
 */

/** A hashtag as found in a text. */
export interface HashtagUse {
  /** Identity: NFKC, case-folded, without # and joiners, which nobody sees. */
  readonly name: string;
  /** As it was written, without #. */
  readonly displayName: string;
}

/** Characters in a hashtag's name. */
export const HASHTAG_LENGTH = 100;

const NAME = '[\\p{L}\\p{M}\\p{N}_]+(?:[\\u200c\\u200d][\\p{L}\\p{M}\\p{N}_]+)*';
const HASHTAG = new RegExp(`#(${NAME})`, 'uy');
const WHOLE = new RegExp(`^${NAME}$`, 'u');
/** Signs that a hashtag may be written with and is not known by. */
export const JOINERS = /[\u200c\u200d]/g;
/** UTF-16 units of the longest name, with a joiner behind each character. */
const MOST_UNITS = 3 * HASHTAG_LENGTH;
const WORD = /[\p{L}\p{M}\p{N}]/u;

/**
 * The hashtag that starts at `position`, where a # stands; null when none does. Its text is one
 * character longer than its display name.
 */
export function readHashtag(text: string, position: number): HashtagUse | null {
  if (isPrecededBy(text, position, '/&#')) return null;
  HASHTAG.lastIndex = 0;
  const displayName = HASHTAG.exec(text.slice(position, position + MOST_UNITS + 2))?.[1];
  if (displayName === undefined) return null;
  const name = foldHashtag(displayName);
  return name === null ? null : { name, displayName };
}

/**
 * True when the sign before a position belongs to a word, or is one of `others` (ASCII): what follows
 * then is not the beginning of a hashtag or mention.
 */
export function isPrecededBy(text: string, position: number, others: string): boolean {
  if (position === 0) return false;
  const code = text.charCodeAt(position - 1);
  if (code < 128) return isAsciiWord(code) || others.includes(text[position - 1]!);
  const isSecondHalf = (code & 0xfc00) === 0xdc00;
  return WORD.test(text.slice(Math.max(0, position - (isSecondHalf ? 2 : 1)), position));
}

function isAsciiWord(code: number): boolean {
  return (
    (code >= 48 && code <= 57) ||
    (code >= 65 && code <= 90) ||
    code === 95 ||
    (code >= 97 && code <= 122)
  );
}

/** Identity of a hashtag's name, with or without #; null when it cannot be one. */
export function foldHashtag(written: string): string | null {
  const text = written.replace(/^#/, '').normalize('NFKC');
  if (text.length > MOST_UNITS || !WHOLE.test(text)) return null;
  const name = foldCase(text.replace(JOINERS, '')).normalize('NFKC');
  const isOne = WHOLE.test(name) && /\p{L}/u.test(name);
  return isOne && [...name].length <= HASHTAG_LENGTH ? name : null;
}

/** Upper then lower case is the nearest that JavaScript has to case folding; a second round makes ẞ, ß and SS meet. */
function foldCase(text: string): string {
  return text.toUpperCase().toLowerCase().toUpperCase().toLowerCase();
}

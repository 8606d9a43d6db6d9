/** What somebody typed into a search. */
import { Invalid } from '../platform/errors.js';

const MIN_LENGTH = 2;
const MAX_LENGTH = 200;
const MOST_WORDS = 8;

/**
 * The text without spaces around it.
 *
 * @throws {Invalid} INVALID_INPUT for less than 2 or more than 200 characters
 */
export function readSearchText(written: string): string {
  const text = written.trim();
  const { length } = [...text];
  if (length < MIN_LENGTH || length > MAX_LENGTH) {
    const range = `${MIN_LENGTH}–${MAX_LENGTH}`;
    throw new Invalid(`The text must have ${range} characters.`, ['query'], 'LENGTH', range);
  }
  return text;
}

/** A text as the name of a person. */
export interface WrittenName {
  /** Without the first @ and without a domain. */
  readonly name: string;
  /** In lower case; null when none was written. */
  readonly domain: string | null;
  /** At most eight, each the beginning of a word of a name. */
  readonly words: readonly string[];
}

/** Reads `ada`, `@ada`, `ada@b.example` and `Ada Love`. */
export function readName(text: string): WrittenName {
  const [name = '', domain] = text.replace(/^@/, '').split('@');
  const words = name.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
  return {
    name: name.trim(),
    domain: domain?.toLowerCase() || null,
    words: words.slice(0, MOST_WORDS),
  };
}

/** A text as words that posts shall have, and words that they shall not have. */
export interface WrittenWords {
  readonly wanted: string;
  /** As alternatives. */
  readonly excluded: string;
}

const EXCLUSION = /(?<=^|\s)-("[^"]*"?|\S+)/g;

/** Takes what stands behind a minus out of a text. */
export function readWords(text: string): WrittenWords {
  const excluded = [...text.matchAll(EXCLUSION)].map(([, word = '']) => word);
  return { wanted: text.replace(EXCLUSION, ' '), excluded: excluded.join(' or ') };
}

const SIGNS = '\\u3040-\\u30ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff\\u{20000}-\\u{3ffff}';
const RUN = new RegExp(`"[^"]*"?|[${SIGNS}]{2,}`, 'gu');

/** Signs of Chinese and Japanese that stand together become a phrase, as a reader of them expects. */
export function keepSignsTogether(text: string): string {
  return text.replace(RUN, (run) => (run.startsWith('"') ? run : ` "${run}" `));
}

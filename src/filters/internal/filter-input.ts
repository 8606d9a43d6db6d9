/** What a filter may be made of. */
import { isBlank } from '../../platform/blank-text.js';
import { Invalid } from '../../platform/errors.js';
import type { FilterContext, FilterKeyword } from '../content-filter.js';

/** Most keywords of one filter. */
export const KEYWORDS_PER_FILTER = 50;

/** Characters of a keyword, and of a title. */
export const FILTER_TEXT_LENGTH = 100;

/**
 * Keywords without blanks around them.
 *
 * @throws {Invalid} INVALID_INPUT with the place in `keywords`
 */
export function readKeywords(keywords: readonly FilterKeyword[]): readonly FilterKeyword[] {
  if (keywords.length === 0)
    throw new Invalid('A filter needs a keyword.', ['keywords'], 'MIN_ITEMS', '1');
  if (keywords.length > KEYWORDS_PER_FILTER) {
    const limit = String(KEYWORDS_PER_FILTER);
    throw new Invalid(`At most ${limit} keywords.`, ['keywords'], 'MAX_ITEMS', limit);
  }
  return keywords.map(({ text, isWholeWord }, index) => ({
    text: readText(text, ['keywords', String(index), 'text']),
    isWholeWord,
  }));
}

/**
 * A title or keyword without blanks around it.
 *
 * @throws {Invalid} INVALID_INPUT for a blank or too long one
 */
export function readText(text: string, path: readonly string[]): string {
  const trimmed = text.normalize('NFC').trim();
  if (isBlank(trimmed)) throw new Invalid('Write something.', path, 'REQUIRED');
  if ([...trimmed].length > FILTER_TEXT_LENGTH) {
    const limit = String(FILTER_TEXT_LENGTH);
    throw new Invalid(`At most ${limit} characters.`, path, 'MAX_LENGTH', limit);
  }
  return trimmed;
}

/**
 * Contexts, each once.
 *
 * @throws {Invalid} INVALID_INPUT for none
 */
export function readContexts(contexts: readonly FilterContext[]): readonly FilterContext[] {
  if (contexts.length === 0)
    throw new Invalid('A filter applies somewhere.', ['contexts'], 'MIN_ITEMS', '1');
  return [...new Set(contexts)];
}

/**
 * Refuses an end that has passed.
 *
 * @throws {Invalid} INVALID_INPUT
 */
export function requireFuture(expiresAt: Date | null | undefined, now: Date): void {
  if (expiresAt && expiresAt <= now)
    throw new Invalid('The end has passed already.', ['expiresAt'], 'FUTURE');
}

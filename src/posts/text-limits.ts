/** How long texts may be, in Unicode characters (code points), and the refusal of longer ones. */
import { Invalid } from '../platform/errors.js';

/** Longest caption of a post. */
export const CAPTION_LENGTH = 5000;

/** Longest comment. */
export const COMMENT_LENGTH = 2200;

/** Longest content warning. */
export const CONTENT_WARNING_LENGTH = 500;

/** Longest title. */
export const TITLE_LENGTH = 100;

/** Longest name of a licence. */
export const LICENSE_LENGTH = 100;

/**
 * Refuses a text that is too long.
 *
 * @throws {Invalid} INVALID_INPUT, MAX_LENGTH
 */
export function requireLength(text: string, maxLength: number, path: readonly string[]): void {
  if (text.length <= maxLength) return;
  if ([...text].length <= maxLength) return;
  throw new Invalid(`At most ${maxLength} characters.`, path, 'MAX_LENGTH', String(maxLength));
}

/** A text without surrounding blanks; null when nothing is left. */
export function trimmedOrNull(text: string | null | undefined): string | null {
  const trimmed = text?.trim();
  return trimmed ? trimmed : null;
}

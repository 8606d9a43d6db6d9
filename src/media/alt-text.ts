/** Descriptions of pictures for people who do not see them. */
import { Invalid } from '../platform/errors.js';

/** Longest description, in characters. */
export const ALT_TEXT_LENGTH = 1_500;

/**
 * Refuses a description that is too long.
 *
 * @throws {Invalid} INVALID_INPUT
 */
export function checkAltText(text: string | null, path: readonly string[]): void {
  if (text !== null && [...text].length > ALT_TEXT_LENGTH) {
    throw new Invalid(
      `At most ${ALT_TEXT_LENGTH} characters.`,
      path,
      'MAX_LENGTH',
      String(ALT_TEXT_LENGTH),
    );
  }
}

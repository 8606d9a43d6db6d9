/** The hashtags of a pack, as its owner writes them. */
import { Invalid } from '../../platform/errors.js';
import { foldHashtag, HASHTAG_LENGTH } from '../../posts/content/hashtag.js';
import { PACK_HASHTAGS } from '../starter-pack.js';

/**
 * Reads names in any spelling, with or without #; those of one hashtag are one.
 *
 * @throws {Invalid} INVALID_INPUT for more than 20, and for what can be no hashtag, with its place in `hashtags`
 */
export function readHashtags(written: readonly string[]): string[] {
  if (written.length > PACK_HASHTAGS) {
    const limit = String(PACK_HASHTAGS);
    throw new Invalid(`At most ${limit} hashtags.`, ['hashtags'], 'MAX_ITEMS', limit);
  }
  const names = new Map<string, string>();
  for (const [index, text] of written.entries()) {
    const name = foldHashtag(text.trim());
    if (name === null) {
      const rule = `A hashtag has letters, digits and underscores, at most ${HASHTAG_LENGTH}, and at least one letter.`;
      throw new Invalid(rule, ['hashtags', String(index)], 'HASHTAG');
    }
    if (!names.has(name)) names.set(name, text.trim().replace(/^#/, '').normalize('NFC'));
  }
  return [...names.values()];
}

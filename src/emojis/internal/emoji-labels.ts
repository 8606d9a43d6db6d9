/** The words under which an emoji is sorted and found. */
import { isBlank } from '../../platform/blank-text.js';
import { Invalid } from '../../platform/errors.js';

/** Category and other names; absent = not said. */
export interface EmojiLabels {
  /** Null or blank = none. */
  readonly category?: string | null;
  readonly aliases?: readonly string[];
}

const LABEL_LENGTH = 64;
const MAX_ALIASES = 30;

/**
 * The labels as they are stored: trimmed, aliases once each.
 *
 * @throws {Invalid} INVALID_INPUT
 */
export function readLabels({ category, aliases }: EmojiLabels): EmojiLabels {
  const names = aliases?.map((alias, index) => readLabel(alias, ['aliases', String(index)]));
  const known = names && [...new Set(names)].filter((name) => !isBlank(name));
  if (known && known.length > MAX_ALIASES) {
    const limit = String(MAX_ALIASES);
    throw new Invalid(`At most ${limit} other names.`, ['aliases'], 'MAX_ITEMS', limit);
  }
  return {
    category: category == null ? category : orNull(readLabel(category, ['category'])),
    aliases: known,
  };
}

function orNull(label: string): string | null {
  return isBlank(label) ? null : label;
}

function readLabel(text: string, path: readonly string[]): string {
  const label = text.trim();
  if ([...label].length > LABEL_LENGTH) {
    const limit = String(LABEL_LENGTH);
    throw new Invalid(`At most ${limit} characters.`, path, 'MAX_LENGTH', limit);
  }
  if (/\p{Cc}/u.test(label)) throw new Invalid('Only on one line.', path, 'FORMAT');
  return label;
}

/** Finding messages among those of this device; nobody else has their text. */
import type { StoredMessage } from './records.js';
import { plainOf } from './sanitise.js';

/** Whether a message has all of these words, or their beginnings, whatever their case and accents. */
export function matches(message: StoredMessage, words: readonly string[]): boolean {
  const text = plain(textOf(message));
  return words.every((word) => text.includes(word));
}

/** The words of a question. */
export const wordsOf = (query: string): string[] => plain(query).split(/\s+/u).filter(Boolean);

/** Everything of a message that can be read, for an index of the application as well. */
export function textOf({ content }: StoredMessage): string {
  switch (content?.kind) {
    case 'text':
      return [plainOf(content.html), ...content.attachments.map(({ name }) => name)].join(' ');
    case 'poll':
      return [content.question, ...content.options].join(' ');
    case 'location':
    case 'contact':
      return content.name ?? '';
    default:
      return '';
  }
}

const plain = (text: string): string =>
  text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();

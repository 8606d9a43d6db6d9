/** The languages that a client would like, from its request. */
import type { IncomingMessage } from 'node:http';
import { LRUCache } from 'lru-cache';
import { chooseLocale, type Locale } from './catalogue.js';

const MAX_LENGTH = 500;

/**
 * Language ranges of an `Accept-Language` header, the dearest first; those that are refused (`q=0`) and what is
 * malformed are left out.
 *
 * @source RFC 9110 §12.5.4
 */
export function readAcceptLanguage(header: string | undefined): string[] {
  return (header ?? '')
    .slice(0, MAX_LENGTH)
    .split(',')
    .flatMap((part) => {
      const match = /^\s*([A-Za-z0-9-]+)\s*(?:;\s*q=([01](?:\.\d{0,3})?))?\s*$/.exec(part);
      return match ? [{ tag: match[1]!, weight: Number(match[2] ?? 1) }] : [];
    })
    .filter(({ weight }) => weight > 0)
    .toSorted((left, right) => right.weight - left.weight)
    .map(({ tag }) => tag);
}

/** Languages that were chosen, by what was asked for; what is longer is asked for by nobody twice. */
const locales = new LRUCache<string, Locale>({ max: 1000 });
const LONGEST_REMEMBERED = 100;

/** The language in which somebody who asks is answered: of those that the server speaks, the one that they like best. */
export function localeOf({ headers }: Pick<IncomingMessage, 'headers'>): Locale {
  const wanted = headers['accept-language'] ?? '';
  const known = locales.get(wanted);
  if (known) return known;
  const locale = chooseLocale(readAcceptLanguage(wanted));
  if (wanted.length <= LONGEST_REMEMBERED) locales.set(wanted, locale);
  return locale;
}

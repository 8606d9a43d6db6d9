/**
 * What the server says to people, in the languages that it speaks. Messages are ICU messages by key; what is put into
 * them keeps to itself, so that a name in another script never reorders the sentence around it.
 */
import { match } from '@formatjs/intl-localematcher';
import { IntlMessageFormat } from 'intl-messageformat';
import { ENGLISH } from './en.js';
import { FRENCH } from './fr.js';

/** Every message that there is. */
export type MessageKey = keyof typeof ENGLISH;

/** The catalogues by language. */
export const CATALOGUES = { en: ENGLISH, fr: FRENCH } as const satisfies Record<
  string,
  Readonly<Record<MessageKey, string>>
>;

/** A language that the server speaks. */
export type Locale = keyof typeof CATALOGUES;

/** Words of the server itself, in the language of the message: they need no isolation. */
export interface OwnWords {
  readonly ownWords: string;
}

/** What is put into a message: texts of others are isolated, numbers choose plurals. */
export type MessageValues = Readonly<Record<string, string | number | OwnWords>>;

/** Marks words that the server made for a message, such as an amount with its unit. */
export function ownWords(words: string): OwnWords {
  return { ownWords: words };
}

/** The language that everything falls back to. */
export const DEFAULT_LOCALE: Locale = 'en';

const LOCALES = Object.keys(CATALOGUES) as Locale[];

// First strong isolate, pop directional isolate. @source Unicode UAX #9, X5c and X6a
const ISOLATE_START = '\u2068';
const ISOLATE_END = '\u2069';
/** Element type of a plain placeholder in the parsed message; those of `select` and `plural` are chosen by, not shown. */
const PLACEHOLDER = 1;

const formats = new Map<string, Formatter>();

/** The language for somebody who would like these, the dearest first; BCP 47, anything else is passed over. */
export function chooseLocale(wanted: readonly string[]): Locale {
  const tags = wanted.flatMap((tag) => {
    try {
      return Intl.getCanonicalLocales(tag);
    } catch {
      return [];
    }
  });
  return match(tags, LOCALES, DEFAULT_LOCALE) as Locale;
}

/** A message in a language. Texts among the values are wrapped in directional isolates. */
export function formatMessage(locale: Locale, key: MessageKey, values: MessageValues = {}): string {
  return formatterOf(locale, key)(values);
}

type Formatter = (values: MessageValues) => string;

function formatterOf(locale: Locale, key: MessageKey): Formatter {
  const id = `${locale} ${key}`;
  const known = formats.get(id);
  if (known) return known;
  const made = makeFormatter(locale, CATALOGUES[locale][key]);
  formats.set(id, made);
  return made;
}

function makeFormatter(locale: Locale, message: string): Formatter {
  const format = new IntlMessageFormat(message, locale, undefined, { ignoreTag: true });
  const shown = new Set(placeholdersOf(format.getAst(), true));
  return (values) => {
    const isolated = Object.entries(values).map(([name, value]) => {
      if (typeof value === 'object') return [name, value.ownWords];
      const isText = typeof value === 'string' && shown.has(name);
      return [name, isText ? `${ISOLATE_START}${value}${ISOLATE_END}` : value];
    });
    return String(format.format(Object.fromEntries(isolated) as Record<string, string | number>));
  };
}

interface MessageElement {
  readonly type: number;
  readonly value?: unknown;
  readonly options?: Readonly<Record<string, { readonly value: readonly MessageElement[] }>>;
}

/** Names of placeholders in a parsed message, in every branch; with `isShown` only those whose text is shown. */
export function placeholdersOf(elements: readonly unknown[], isShown = false): string[] {
  return (elements as readonly MessageElement[]).flatMap((element) => {
    const inner = Object.values(element.options ?? {}).flatMap(({ value }) =>
      placeholdersOf(value, isShown),
    );
    const isNamed = element.type === PLACEHOLDER || (!isShown && element.options !== undefined);
    return isNamed ? [String(element.value), ...inner] : inner;
  });
}

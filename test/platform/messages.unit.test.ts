// What the server says, in each language: complete, with the same placeholders, and safe for names in any script.
import { expect, test } from '@jest/globals';
import { globSync, readFileSync } from 'node:fs';
import { IntlMessageFormat } from 'intl-messageformat';
import {
  CATALOGUES,
  chooseLocale,
  formatMessage,
  placeholdersOf,
  type Locale,
  type MessageKey,
} from '../../src/platform/messages/catalogue.js';
import {
  Conflict,
  ERROR_CODES,
  Invalid,
  NotFound,
  QuotaExceeded,
  RateLimited,
  TooMany,
} from '../../src/platform/errors.js';
import { ENTITLEMENT_KEYS, type EntitlementKey } from '../../src/platform/entitlements.js';
import { readAcceptLanguage } from '../../src/platform/messages/accept-language.js';
import { errorText } from '../../src/platform/messages/error-text.js';
import { REFUSALS } from '../../src/platform/messages/refusals.js';
import { NOTIFICATION_KINDS } from '../../src/notifications/notification-kinds.js';

/** A refusal that says the same in every case. */
const REFUSAL = /new (?:Conflict|Forbidden)\(\s*'([^']+)'/g;

const LOCALES = Object.keys(CATALOGUES) as Locale[];
const KEYS = Object.keys(CATALOGUES.en) as MessageKey[];

function placeholders(locale: Locale, key: MessageKey): string[] {
  const ast = new IntlMessageFormat(CATALOGUES[locale][key], locale).getAst();
  return [...new Set(placeholdersOf(ast))].toSorted();
}

test.each(LOCALES)('%s has every message and no other', (locale) => {
  expect(Object.keys(CATALOGUES[locale]).toSorted()).toEqual(KEYS.toSorted());
});

test.each(LOCALES.filter((locale) => locale !== 'en'))(
  '%s has the placeholders of English, and says something of its own',
  (locale) => {
    for (const key of KEYS) {
      expect([key, placeholders(locale, key)]).toEqual([key, placeholders('en', key)]);
      expect(CATALOGUES[locale][key].trim()).not.toBe('');
      expect([key, CATALOGUES[locale][key]]).not.toEqual([key, CATALOGUES.en[key]]);
    }
  },
);

test.each(LOCALES)('%s can say each message with any number', (locale) => {
  for (const key of KEYS) {
    for (const count of [0, 1, 2, 1000]) {
      const texts = placeholders(locale, key).map((name) => [name, `<${name}>`]);
      const numbers = {
        count,
        ...(/\{limit, plural/.test(CATALOGUES.en[key]) && { limit: count }),
      };
      const said = formatMessage(locale, key, { ...Object.fromEntries(texts), ...numbers });
      expect(said).not.toMatch(/[{}]|undefined/);
    }
  }
});

test('every kind of notification has a text', () => {
  for (const kind of Object.keys(NOTIFICATION_KINDS))
    expect(KEYS).toContain(`notification.${kind}`);
});

test('texts that are put in are isolated, numbers and choices are not', () => {
  expect(
    formatMessage('en', 'notification.LIKE', { name: 'שלום', count: 2, subject: 'comment' }),
  ).toBe('\u2068שלום\u2069 and 2 others like your comment');
  expect(formatMessage('fr', 'notification.LIKE', { name: 'Zoé', count: 1, subject: 'post' })).toBe(
    '\u2068Zoé\u2069 et 1 autre personne aiment votre publication',
  );
});

test.each([
  [['fr-CA', 'en'], 'fr'],
  [['de', 'fr;nonsense', 'fr'], 'fr'],
  [['de-CH'], 'en'],
  [['*'], 'en'],
  [[], 'en'],
  [['en-GB', 'fr'], 'en'],
])('whoever would like %j is spoken to in %s', (wanted, locale) => {
  expect(chooseLocale(wanted)).toBe(locale);
});

test.each([
  ['fr', ['fr']],
  ['de;q=0.5, fr-CA, en;q=0.9', ['fr-CA', 'en', 'de']],
  ['en;q=0, fr;q=0.1', ['fr']],
  ['*, <script>, fr;q=2', []],
  ['', []],
  [undefined, []],
])('the header %j asks for %j', (header, tags) => {
  expect(readAcceptLanguage(header)).toEqual(tags);
});

test('every error code has a message, and a rule with a bound names it', () => {
  for (const code of Object.keys(ERROR_CODES)) expect(KEYS).toContain(`error.${code}`);
  const tooLong = new Invalid('At most 5 characters.', ['x'], 'MAX_LENGTH', '5');
  expect(errorText('en', tooLong)).toBe('At most 5 characters.');
  expect(errorText('fr', tooLong)).toBe('Au plus 5 caractères.');
  expect(errorText('fr', new Invalid('…', [], 'MIN_LENGTH', '1'))).toBe('Au moins 1 caractère.');
  expect(errorText('fr', new Invalid('…', [], 'MINIMUM', '1'))).toBe('Pas moins de 1.');
  expect(errorText('fr', new Invalid('…', [], 'LENGTH', '1..80'))).toBe(
    'La longueur doit être de 1–80.',
  );
  expect(errorText('fr', new Invalid('…', [], 'MAX_LENGTH', 'many'))).toBe(
    'Une valeur n’est pas valable.',
  );
  expect(errorText('fr', new Invalid('…', [], 'MAX_LENGTH'))).toBe('Une valeur n’est pas valable.');
  expect(errorText('fr', new Invalid('…', [], 'UNHEARD_OF', '5'))).toBe(
    'Une valeur n’est pas valable.',
  );
  expect(errorText('fr', new Invalid('…', ['cursor'], 'CURSOR'))).toBe(
    'Ce n’est pas un curseur de cette liste.',
  );
  expect(errorText('fr', new NotFound())).toBe('Introuvable.');
});

test('too many of something names the number in every language', () => {
  const error = new TooMany('At most 6 posts can be pinned.', 6, ['postId']);
  expect(error).toMatchObject({ code: 'LIMIT_EXCEEDED', constraint: 'MAX_ITEMS', limit: '6' });
  expect(errorText('en', error)).toBe('At most 6 posts can be pinned.');
  expect(errorText('fr', error)).toBe('Au plus 6.');
});

test('what a refusal says of the case at hand is there in every language, and nothing else', () => {
  const said = new Set<string>();
  for (const file of globSync('src/**/*.ts'))
    for (const [, words] of readFileSync(file, 'utf8').matchAll(REFUSAL)) said.add(words!);
  for (const [locale, words] of Object.entries(REFUSALS)) {
    expect([locale, Object.keys(words).toSorted()]).toEqual([locale, [...said].toSorted()]);
    for (const text of said)
      expect(errorText(locale as Locale, new Conflict(text))).toBe(words[text]);
  }
});

test.each([
  [1, '1 second', '1 seconde'],
  [60, '60 seconds', '60 secondes'],
  [61, '2 minutes', '2 minutes'],
  [25 * 60, '25 minutes', '25 minutes'],
  [3 * 3600, '3 hours', '3 heures'],
  [3 * 86_400, '3 days', '3 jours'],
])('a wait of %d seconds is said as %s', (seconds, english, french) => {
  const error = new RateLimited(seconds);
  expect(errorText('en', error)).toBe(`Too often. Try again in ${english}.`);
  expect(plain(errorText('fr', error))).toBe(`Trop de tentatives. Réessayez dans ${french}.`);
});

test('sizes are said in their unit, and a picture that is too large uses nothing up', () => {
  const large = new QuotaExceeded('IMAGE_BYTES', 40_000_000n, null);
  expect(plain(errorText('en', large))).toBe('A picture may have at most 40 MB.');
  expect(plain(errorText('fr', large))).toBe('Une image peut peser au plus 40 Mo.');
  const full = new QuotaExceeded('STORAGE_BYTES', 10_000_000_000n, 9_990_500_000n);
  expect(plain(errorText('en', full))).toBe(
    'There is not enough room left: 10 GB of 10 GB are in use.',
  );
  const tiny = new QuotaExceeded('IMAGE_BYTES', 999n, null);
  expect(plain(errorText('en', tiny))).toBe('A picture may have at most 999 bytes.');
  expect(errorText('fr', new QuotaExceeded('POSTS_PER_DAY', 1n, 1n))).toBe(
    'Au plus 1 publication en 24 heures.',
  );
  for (const key of Object.keys(ENTITLEMENT_KEYS) as EntitlementKey[])
    expect(errorText('en', new QuotaExceeded(key, 7n, 7n))).toMatch(/7/);
});

/** With ordinary spaces, where the language wants ones that do not break. */
function plain(text: string): string {
  return text.replaceAll(/[\u00a0\u202f]/g, ' ');
}

/** Names of countries, from the Unicode data that come with Node. */

const NAMES = new Map<string, Intl.DisplayNames>();

/** Languages are few; whoever asks for all of them shall not fill the memory. */
const MAX_LANGUAGES = 200;

/** The name of a country in a language; the code itself where there is none. */
export function countryName(code: string, language: string): string {
  return namesIn(language).of(code) ?? code;
}

function namesIn(language: string): Intl.DisplayNames {
  const known = NAMES.get(language);
  if (known) return known;
  if (NAMES.size >= MAX_LANGUAGES) NAMES.clear();
  const made = new Intl.DisplayNames([language, 'en'], { type: 'region' });
  NAMES.set(language, made);
  return made;
}

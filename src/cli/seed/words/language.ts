// Languages that people of the seeded world write in.

/** BCP 47. */
export const LANGUAGES = [
  'en',
  'fr',
  'de',
  'es',
  'it',
  'pt',
  'ja',
  'zh',
  'ko',
  'ar',
  'hi',
  'uk',
  'pl',
  'tr',
] as const;

/** One of the languages. */
export type Language = (typeof LANGUAGES)[number];

// Alternative texts, put together from what was drawn: nothing in them is not on the picture.
import type { Picture, Wish } from '../pictures/picture.js';
import type { Subject } from '../pictures/scene.js';
import type { Language } from './language.js';
import { ENGLISH } from './phrases/english.js';
import { FRENCH } from './phrases/french.js';
import { GERMAN } from './phrases/german.js';
import { ITALIAN } from './phrases/italian.js';
import type { Phrases } from './phrases/phrases.js';
import { PORTUGUESE } from './phrases/portuguese.js';
import { SPANISH } from './phrases/spanish.js';

const PHRASES: Partial<Record<Language, Phrases>> = {
  en: ENGLISH,
  fr: FRENCH,
  de: GERMAN,
  es: SPANISH,
  it: ITALIAN,
  pt: PORTUGUESE,
};

/** Subjects that are indoors or too close to tell the hour. */
const TIMELESS: readonly Subject[] = ['flower', 'coffee', 'portrait', 'stars'];

/** Describes a picture in this language, or in English where the words are missing. */
export function altTextOf(
  wish: Pick<Wish, 'subject' | 'light' | 'isMonochrome'>,
  picture: Pick<Picture, 'details' | 'people'>,
  language: Language,
): string {
  const phrases = PHRASES[language] ?? ENGLISH;
  const light = TIMELESS.includes(wish.subject) ? '' : ` ${phrases.lights[wish.light]}`;
  const details = picture.details.flatMap((detail) =>
    detail === 'people' ? [] : [phrases.details[detail]],
  );
  const counted =
    wish.subject === 'portrait' ? undefined : phrases.people[picture.people.length - 1];
  const sentence = [
    phrases.subjects[wish.subject] + light,
    ...details,
    ...(counted ? [counted] : []),
  ].join(', ');
  return `${sentence}.${wish.isMonochrome ? ` ${phrases.monochrome}` : ''}`;
}

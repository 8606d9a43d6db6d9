/** Why files could not be used, in other languages than English, in which it is written down. */
import type { Locale } from './catalogue.js';

const FRENCH: Readonly<Record<string, string>> = {
  'There is no video stream in this file.': 'Ce fichier ne contient pas d’image animée.',
  'This server cannot process videos at present.':
    'Ce serveur ne peut pas traiter de vidéos pour le moment.',
  'This server has no room for the video. Try again later.':
    'Ce serveur n’a plus de place pour la vidéo. Réessayez plus tard.',
  'The video could not be processed on this server. Try again later.':
    'La vidéo n’a pas pu être traitée sur ce serveur. Réessayez plus tard.',
  'The video is damaged or incomplete.': 'La vidéo est endommagée ou incomplète.',
  'The video takes too long to process.': 'Le traitement de la vidéo est trop long.',
  'The video takes too much memory to process.':
    'Le traitement de la vidéo demande trop de mémoire.',
  'This is not a video of a supported type. Supported are MP4, MOV, M4V, WebM and MKV.':
    'Ce n’est pas une vidéo d’un type accepté. Les types acceptés sont MP4, MOV, M4V, WebM et MKV.',
  'The picture is damaged or incomplete.': 'L’image est endommagée ou incomplète.',
};

/** Sentences with an amount in them, which is taken over as it is. */
const FRENCH_AMOUNTS: readonly (readonly [RegExp, string])[] = [
  [/^The video is longer than ([\d.]+) s\.$/, 'La vidéo dure plus de $1 s.'],
  [/^The video is damaged after ([\d.]+) s\.$/, 'La vidéo est endommagée après $1 s.'],
  [
    /^The video could not be processed within (\d+) s\.$/,
    'La vidéo n’a pas pu être traitée en $1 s.',
  ],
  [
    /^The video is too large\. At most ([\d.]+) megapixels are accepted\.$/,
    'La vidéo est trop grande. Au plus $1 mégapixels sont acceptés.',
  ],
  [
    /^The video has too many frames\. At most (\d+) per second are accepted\.$/,
    'La vidéo a trop d’images. Au plus $1 par seconde sont acceptées.',
  ],
  [
    /^The file has (\d+) streams\. At most (\d+) are accepted\.$/,
    'Le fichier contient $1 flux. Au plus $2 sont acceptés.',
  ],
];

/** A failure that was written down in English, in another language where that has the words. */
export function failureText(locale: Locale, english: string): string {
  if (locale !== 'fr') return english;
  const whole = FRENCH[english];
  if (whole !== undefined) return whole;
  const amount = FRENCH_AMOUNTS.find(([pattern]) => pattern.test(english));
  return amount ? english.replace(...amount) : english;
}

/** Stickers: things at points of a story that can be touched, and the shape that every list of them must have. */
import type { ActorId } from '../actors/actor.entity.js';
import type { PlaceId } from '../places/place.js';
import { isBlank } from '../platform/blank-text.js';
import { Invalid, TooMany } from '../platform/errors.js';
import { foldHashtag } from '../posts/content/hashtag.js';
import { requireLength } from '../posts/text-limits.js';

/** Kinds with their meaning. */
export const STICKER_KINDS = {
  MENTION: 'Leads to a person, who is told and may see the story.',
  HASHTAG: 'Leads to a hashtag.',
  PLACE: 'Leads to a place.',
  LINK: 'Leads to a page outside.',
  POLL: 'Asks to choose one of up to four options.',
  QUESTION: 'Asks for an answer in words.',
  COUNTDOWN: 'Counts down to an instant.',
} as const;

/** One of the kinds. */
export type StickerKind = keyof typeof STICKER_KINDS;

/** What a sticker says; each kind has its own part of this, the rest is null or empty. */
export interface StickerContent {
  readonly kind: StickerKind;
  /** The question of a poll or question, the words of a link or countdown, the hashtag as written. */
  readonly label: string | null;
  /** Of a poll. */
  readonly options: readonly string[];
  readonly url: string | null;
  readonly actorId: ActorId | null;
  readonly placeId: PlaceId | null;
  /** Of a countdown. */
  readonly endsAt: Date | null;
}

/** A sticker and where it is. */
export interface Sticker extends StickerContent {
  /** 0 (left) to 1 (right). */
  readonly x: number;
  /** 0 (top) to 1 (bottom). */
  readonly y: number;
  /** Degrees clockwise, -180 to 180. */
  readonly rotation: number;
}

/** Most stickers of one story. */
export const STICKERS_PER_STORY = 10;

/** Longest words on a sticker. */
export const STICKER_LABEL_LENGTH = 200;

const OPTION_LENGTH = 50;
const [FEWEST_OPTIONS, MOST_OPTIONS] = [2, 4];

/** Content of a kind that says nothing yet. */
export function blankSticker(kind: StickerKind): StickerContent {
  return { kind, label: null, options: [], url: null, actorId: null, placeId: null, endsAt: null };
}

/**
 * Refuses stickers that no story can have. Whether people and places exist is asked elsewhere.
 *
 * @throws {Invalid} INVALID_INPUT with a path into `stickers`
 * @throws {TooMany} LIMIT_EXCEEDED for more than 10
 */
export function requireStickers(stickers: readonly Sticker[], now: Date): void {
  if (stickers.length > STICKERS_PER_STORY)
    throw new TooMany(`At most ${STICKERS_PER_STORY} stickers.`, STICKERS_PER_STORY, ['stickers']);
  stickers.forEach((sticker, index) => {
    const path = ['stickers', String(index)];
    requireRange(sticker.x, 0, 1, [...path, 'x']);
    requireRange(sticker.y, 0, 1, [...path, 'y']);
    requireRange(sticker.rotation, -180, 180, [...path, 'rotation']);
    requireContent(sticker, now, [...path, 'content']);
  });
}

function requireRange(value: number, least: number, most: number, path: readonly string[]): void {
  if (value >= least && value <= most) return;
  throw new Invalid(`Between ${least} and ${most}.`, path, 'RANGE', `${least}..${most}`);
}

function requireContent(sticker: StickerContent, now: Date, path: readonly string[]): void {
  requireLength(sticker.label ?? '', STICKER_LABEL_LENGTH, path);
  switch (sticker.kind) {
    case 'HASHTAG':
      if (foldHashtag(sticker.label ?? '') === null)
        throw new Invalid('This is no hashtag.', [...path, 'hashtag'], 'FORMAT');
      return;
    case 'LINK':
      if (!/^https?:/i.test(sticker.url ?? ''))
        throw new Invalid('A link begins with https or http.', [...path, 'link'], 'FORMAT');
      return;
    case 'POLL':
      requireLabel(sticker, [...path, 'poll']);
      requireOptions(sticker.options, [...path, 'poll', 'options']);
      return;
    case 'QUESTION':
      requireLabel(sticker, [...path, 'question']);
      return;
    case 'COUNTDOWN':
      requireLabel(sticker, [...path, 'countdown']);
      if (sticker.endsAt === null || sticker.endsAt <= now)
        throw new Invalid('A countdown ends later.', [...path, 'countdown'], 'FUTURE');
      return;
    case 'MENTION':
    case 'PLACE':
      return;
  }
}

function requireLabel({ label }: StickerContent, path: readonly string[]): void {
  if (isBlank(label ?? '')) throw new Invalid('Say what it is about.', path, 'REQUIRED');
}

function requireOptions(options: readonly string[], path: readonly string[]): void {
  if (options.length < FEWEST_OPTIONS || options.length > MOST_OPTIONS)
    throw new Invalid('A poll has two to four options.', path, 'RANGE', '2..4');
  options.forEach((option, index) => {
    const place = [...path, String(index)];
    if (isBlank(option)) throw new Invalid('Say what can be chosen.', place, 'REQUIRED');
    requireLength(option, OPTION_LENGTH, place);
  });
}

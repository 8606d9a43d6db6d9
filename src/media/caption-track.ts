/** Captions of own videos: one track for each kind and language. */
import type { MediaId } from './media.entity.js';

/** What a track is for. */
export const CAPTION_KINDS = {
  CAPTIONS: 'What is said and heard, for people who do not hear it.',
  SUBTITLES: 'What is said, in another language.',
  DESCRIPTIONS: 'What is seen, to be read aloud to people who do not see it.',
  CHAPTERS: 'Titles of the parts.',
} as const;

/** One of the kinds. */
export type CaptionKind = keyof typeof CAPTION_KINDS;

/** Which track of which video. */
export interface CaptionTrackKey {
  readonly mediaId: MediaId;
  readonly kind: CaptionKind;
  /** BCP 47. */
  readonly language: string;
}

/** A track that is stored here. */
export interface StoredCaptionTrack {
  readonly kind: CaptionKind;
  readonly language: string;
  readonly label: string | null;
  readonly isAutomatic: boolean;
  /** Name of the rendition that holds it: a new one with every change, so that no cache keeps the old text. */
  readonly renditionName: string;
}

/** Type of their files. */
export const WEBVTT_TYPE = 'text/vtt';

/** Longest text of a track, in bytes of UTF-8. */
export const CAPTION_BYTES = 128 * 1024;

/** Most tracks of one video. */
export const CAPTION_TRACKS = 50;

/** What is known of a video beside its still picture: how long it is, and where it is played from. */

/** One file or playlist that can be played. */
export interface VideoSource {
  readonly url: string;
  /** That of a playlist is `application/vnd.apple.mpegurl`. */
  readonly mimeType: string;
  /** Null = not said, here and below. */
  readonly width: number | null;
  readonly height: number | null;
  readonly sizeBytes: number | null;
}

/** Captions in one language. */
export interface CaptionTrack {
  readonly url: string;
  /** BCP 47. */
  readonly language: string;
  /** Name of the language, for people; null = not said. */
  readonly label: string | null;
  readonly isAutomatic: boolean;
}

/** A video of another server: its files stay there. */
export interface VideoFacts {
  readonly durationMs: number | null;
  /** Playlists first, then files from high to low. */
  readonly sources: readonly VideoSource[];
  readonly captions: readonly CaptionTrack[];
}

/** Why a video cannot be shown, or lacks some of its qualities. */
export const VIDEO_FAILURES = {
  UNSUPPORTED_TYPE: 'The content is no video of a type that is taken in.',
  NO_VIDEO_STREAM: 'The file has no moving picture in it.',
  TOO_LONG: 'It is longer than the uploader may publish.',
  TOO_LARGE: 'Its frames have too many pixels.',
  TOO_MANY_FRAMES: 'It has too many frames per second.',
  TOO_MANY_STREAMS: 'It has too many streams.',
  DAMAGED: 'It cannot be decoded to its end.',
  TIMEOUT: 'Decoding it takes too long.',
  TOO_COSTLY: 'Decoding it takes too much memory or disk.',
  NO_SPACE: 'The server had no room for it; try again later.',
  SWITCHED_OFF: 'The server cannot process videos at present.',
  SERVER_FAULT: 'Processing failed for a reason on the side of the server; try again later.',
} as const;

/** One of the reasons. */
export type VideoFailure = keyof typeof VIDEO_FAILURES;

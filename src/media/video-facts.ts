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

// Why a video cannot be used, in words that its uploader may read.

/** Kinds of refusal; stable, for programs. */
export const VIDEO_REJECTIONS = {
  UNSUPPORTED_TYPE: 'The content is no video of a type that is taken in.',
  NO_VIDEO_STREAM: 'The file has no moving picture in it.',
  TOO_LONG: 'It is longer than the uploader may publish.',
  TOO_LARGE: 'Its frames have too many pixels.',
  TOO_MANY_FRAMES: 'It has too many frames per second.',
  TOO_MANY_STREAMS: 'It has too many streams.',
  DAMAGED: 'It cannot be decoded to its end.',
  TIMEOUT: 'Decoding it takes too long.',
  TOO_COSTLY: 'Decoding it takes too much memory or disk.',
} as const;

/** One kind of refusal. */
export type VideoRejection = keyof typeof VIDEO_REJECTIONS;

/** The video, not the server, is why there are no renditions. `message` is safe to show; `cause` is not. */
export class VideoRejected extends Error {
  constructor(
    readonly reason: VideoRejection,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'VideoRejected';
  }
}

/** Seconds as people read them: whole ones without a fraction. */
export function inSeconds(milliseconds: number): string {
  return `${Math.round(milliseconds / 100) / 10} s`;
}

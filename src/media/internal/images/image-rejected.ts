// Why a picture cannot be used, in words that its uploader may read.

/** Kinds of refusal; stable, mapped to error codes by the caller. */
export const REJECTION_REASONS = [
  'UNSUPPORTED_TYPE',
  'TOO_MANY_PIXELS',
  'TOO_MANY_FRAMES',
  'DAMAGED',
  'TIMEOUT',
  'DECODER_MISSING',
  'DECODER_CRASHED',
] as const;

/** One kind of refusal. */
export type RejectionReason = (typeof REJECTION_REASONS)[number];

/** The limits that a refusal names. */
export interface ImageLimits {
  /** Width × height of one frame; an animation may have five times as many over all frames. */
  maxPixels: number;
  maxFrames: number;
  /** Wall clock for one picture, without waiting for its turn. */
  timeoutSeconds: number;
}

/** Longest side that is decoded, px: no camera makes more, and strips of 1 × 65,535 px are attacks. */
export const MAX_SIDE = 30_000;

/** The picture, not the server, is why there are no renditions. `message` is safe to show; `cause` is not. */
export class ImageRejected extends Error {
  readonly reason: RejectionReason;

  constructor(reason: RejectionReason, limits: ImageLimits, options?: ErrorOptions) {
    super(explain(reason, limits), options);
    this.name = 'ImageRejected';
    this.reason = reason;
  }
}

function explain(reason: RejectionReason, limits: ImageLimits): string {
  switch (reason) {
    case 'UNSUPPORTED_TYPE':
      return 'This is not a picture of a supported type. Supported are JPEG, PNG, WebP, AVIF, GIF and HEIC.';
    case 'TOO_MANY_PIXELS':
      return (
        `The picture is too large. At most ${limits.maxPixels / 1e6} megapixels` +
        ` and ${MAX_SIDE} pixels on a side are accepted.`
      );
    case 'TOO_MANY_FRAMES':
      return `The animation is too long. At most ${limits.maxFrames} frames are accepted.`;
    case 'DAMAGED':
      return 'The picture is damaged or incomplete.';
    case 'TIMEOUT':
      return `The picture could not be processed within ${limits.timeoutSeconds} seconds.`;
    case 'DECODER_MISSING':
      return 'This server has no decoder for HEIC pictures. Upload the picture as JPEG instead.';
    case 'DECODER_CRASHED':
      return 'The picture could not be decoded.';
  }
}

// Why a video cannot be used, in words that its uploader may read.
import type { VideoFailure } from '../../video-facts.js';

/** Reasons that lie in the video. */
export type VideoRejection = Exclude<VideoFailure, 'NO_SPACE' | 'SWITCHED_OFF' | 'SERVER_FAULT'>;

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

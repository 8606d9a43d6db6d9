// Why ffmpeg ended badly: because of the video, or of this machine?
import type { FfmpegFailed } from './run-ffmpeg.js';
import { VideoRejected } from './video-rejected.js';

/** There is no room for what is made. Waiting may help. */
export class DiskFull extends Error {
  override readonly name = 'DiskFull';
}

/** What is told of a failure: a refusal of the video, a full disk, or the fault as it is. */
export function explainFailure(failure: FfmpegFailed): Error {
  const { words, killedBy } = failure;
  const cause = { cause: failure };
  if (/No space left on device|Disk quota exceeded/.test(words))
    return new DiskFull('there is no room for renditions', cause);
  if (killedBy === 'SIGXCPU')
    return new VideoRejected('TIMEOUT', 'The video takes too long to process.', cause);
  if (killedBy === 'SIGXFSZ' || /Cannot allocate memory|File too large/.test(words))
    return new VideoRejected('TOO_COSTLY', 'The video takes too much memory to process.', cause);
  // Somebody else killed it, such as a system that is out of memory: another try may do.
  if (killedBy === 'SIGKILL' || killedBy === 'SIGTERM') return failure;
  return new VideoRejected('DAMAGED', 'The video is damaged or incomplete.', cause);
}

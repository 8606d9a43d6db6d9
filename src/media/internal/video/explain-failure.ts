// Why ffmpeg ended badly: because of the video, or of this machine?
import { isDiskFull } from '../../../platform/system-error.js';
import type { FfmpegFailed } from './run-ffmpeg.js';
import { VideoRejected } from './video-rejected.js';

/** There is no room for what is made. Waiting may help. */
export class DiskFull extends Error {
  override readonly name = 'DiskFull';
}

const NO_ROOM = /ENOSPC|EDQUOT|No space left on device|Disk quota exceeded/i;

/** Whether something could not be written for want of room: by ffmpeg, by this process, or by a worker in its words. */
export function isOutOfRoom(error: unknown): boolean {
  if (error instanceof DiskFull || isDiskFull(error)) return true;
  return error instanceof Error && NO_ROOM.test(error.message);
}

/** What is told of a failure: a refusal of the video, a full disk, or the fault as it is. */
export function explainFailure(failure: FfmpegFailed): Error {
  const { words, killedBy } = failure;
  const cause = { cause: failure };
  if (NO_ROOM.test(words)) return new DiskFull('there is no room for renditions', cause);
  if (killedBy === 'SIGXCPU')
    return new VideoRejected('TIMEOUT', 'The video takes too long to process.', cause);
  if (killedBy === 'SIGXFSZ' || /Cannot allocate memory|File too large/.test(words))
    return new VideoRejected('TOO_COSTLY', 'The video takes too much memory to process.', cause);
  // Somebody else killed it, such as a system that is out of memory: another try may do.
  if (killedBy === 'SIGKILL' || killedBy === 'SIGTERM') return failure;
  return new VideoRejected('DAMAGED', 'The video is damaged or incomplete.', cause);
}

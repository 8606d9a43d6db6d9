// Whether the picture of a source can be taken over as it is: then nothing is lost and little is spent.
import { keyFrameTimes } from './key-frames.js';
import type { Launchers } from './launcher.js';
import type { Ladder, Rung } from './ladder.js';
import type { VideoSource } from './probe.js';

/** Between two key frames; longer ones make seeking and switching slow. */
const MAX_GAP_SECONDS = 4.5;
const MAX_FRAME_RATE = 61;
const PROFILES = ['Baseline', 'Constrained Baseline', 'Main', 'High'];

/** Whether what the file says allows to take its picture over as the top rung. */
function mayCopy({ video, bitRate, durationMs }: VideoSource, top: Rung): boolean {
  return (
    video.codec === 'h264' &&
    PROFILES.includes(video.profile) &&
    video.pixelFormat === 'yuv420p' &&
    !video.isHdr &&
    !video.isRotated &&
    !video.isInterlaced &&
    !video.isVariable &&
    video.hasSquarePixels &&
    video.frameRate <= MAX_FRAME_RATE &&
    durationMs > 0 &&
    bitRate > 0 &&
    bitRate <= top.maxBitRate &&
    top.width === video.width &&
    top.height === video.height
  );
}

/** Whether the picture of the source is the top rung as it is: by its words, and by the distance of its key frames. */
export async function isCopied(
  launchers: Launchers,
  source: VideoSource,
  { rungs }: Ladder,
  signal?: AbortSignal,
): Promise<boolean> {
  const [top] = rungs;
  if (!top || !mayCopy(source, top)) return false;
  const times = await keyFrameTimes(launchers, { ...source, index: source.video.index }, signal);
  const ends = [...times, source.durationMs / 1000];
  return (
    times.length > 0 &&
    ends.every((time, index) => index === 0 || time - (ends[index - 1] ?? 0) <= MAX_GAP_SECONDS)
  );
}

// How long a video is that does not say so, as browsers record them: its packets are counted, and none is decoded.
import type { Launchers } from './launcher.js';
import type { VideoSource } from './probe.js';
import { runFfmpeg } from './run-ffmpeg.js';

/** Milliseconds from the first to the last frame. */
export async function measureDuration(
  launchers: Launchers,
  { file, demuxer, video }: VideoSource,
  signal: AbortSignal,
): Promise<number> {
  let lastMs = 0;
  await runFfmpeg(launchers, {
    inputs: [{ file, demuxer }],
    outputs: [{ file: '-', options: ['-map', `0:${video.index}`, '-c', 'copy', '-f', 'null'] }],
    signal,
    onProgress: (milliseconds) => (lastMs = milliseconds),
  });
  return Math.round(lastMs);
}

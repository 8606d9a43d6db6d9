// Whether the picture of a source can be taken over as it is: then nothing is lost and little is spent.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Launchers } from './launcher.js';
import type { Ladder, Rung } from './ladder.js';
import type { VideoSource } from './probe.js';

const run = promisify(execFile);

/** Between two key frames; longer ones make seeking and switching slow. */
const MAX_GAP_SECONDS = 4.5;
const MAX_FRAME_RATE = 61;
const LIST_BYTES = 8 * 2 ** 20;
const LIST_SECONDS = 60;
const PROFILES = ['Baseline', 'Constrained Baseline', 'Main', 'High'];

/** Whether what the file says allows to take its picture over as the top rung. */
export function mayCopy({ video, bitRate, durationMs }: VideoSource, top: Rung): boolean {
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
  const times = await keyFrameTimes(launchers, source, signal);
  const ends = [...times, source.durationMs / 1000];
  return (
    times.length > 0 &&
    ends.every((time, index) => index === 0 || time - (ends[index - 1] ?? 0) <= MAX_GAP_SECONDS)
  );
}

async function keyFrameTimes(
  { ffprobe }: Launchers,
  { file, demuxer, video }: VideoSource,
  signal?: AbortSignal,
): Promise<number[]> {
  const words = ['-v', 'error', '-protocol_whitelist', 'file', '-f', demuxer];
  words.push('-select_streams', String(video.index), '-show_entries', 'packet=pts_time,flags');
  words.push('-of', 'csv=p=0', `file:${file}`);
  try {
    const options = { signal, timeout: LIST_SECONDS * 1000, maxBuffer: LIST_BYTES } as const;
    const { stdout } = await run(ffprobe, words, { ...options, killSignal: 'SIGKILL' });
    return stdout
      .split('\n')
      .filter((line) => /,K/.test(line))
      .map((line) => Number.parseFloat(line))
      .filter((time) => Number.isFinite(time));
  } catch {
    signal?.throwIfAborted();
    return [];
  }
}

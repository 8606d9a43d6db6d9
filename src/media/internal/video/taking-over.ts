/**
 * A source that is taken over as it is, whole: its picture and its sound as streams, and both in the one file. It is
 * written while the source is looked at, before anything says that it may be kept: to start ffmpeg once more would cost more
 * than all of it.
 */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { BatchTask } from './batch.js';
import { audioOptions, hlsOutput, rungFile } from './encode-options.js';
import type { Rung } from './ladder.js';
import type { FfmpegOutput } from './run-ffmpeg.js';

/** Smaller files are also offered as one that downloads; what takes in videos from here refuses more than 100 MB. */
export const MAX_MP4_BYTES = 95_000_000;

/** How the one file is written. */
export const MP4: readonly string[] =
  '-c copy -muxdelay 0 -movflags +faststart -map_metadata -1 -map_chapters -1 -f mp4'.split(' ');

/** Where the one file is. */
export function wholeFile({ directory }: Pick<BatchTask, 'directory'>): string {
  return path.join(directory, 'whole.mp4');
}

/** The picture of an input (its number) as it is, as a quality. */
export function copiedPicture(
  { source, directory }: BatchTask,
  rung: Rung,
  input: number,
): FfmpegOutput {
  const copied = ['-map', `${input}:${source.video.index}`, '-c:v', 'copy'];
  return hlsOutput(directory, rungFile(rung), copied);
}

/** Everything of an input (its number), as it is. */
export async function takenOver(
  task: BatchTask,
  rung: Rung,
  input: number,
): Promise<FfmpegOutput[]> {
  const { video, audio, file } = task.source;
  const outputs = [copiedPicture(task, rung, input)];
  const kept = { isCopied: true, levelling: { kind: 'none' } } as const;
  if (audio) {
    const options = ['-map', `${input}:${audio.index}`, ...audioOptions(kept)];
    outputs.push(hlsOutput(task.directory, 'audio', options));
  }
  if ((await stat(file)).size > MAX_MP4_BYTES) return outputs;
  const maps = [video, ...(audio ? [audio] : [])].flatMap(({ index }) => [
    '-map',
    `${input}:${index}`,
  ]);
  return [...outputs, { file: wholeFile(task), options: [...maps, ...MP4] }];
}

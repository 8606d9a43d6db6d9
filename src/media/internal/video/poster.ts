// The still picture of a video, as a file that the image processor takes.
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { BatchTask } from './batch.js';
import { frameFilter } from './encode-options.js';
import { runFfmpeg, type FfmpegInput, type FfmpegOutput } from './run-ffmpeg.js';

/** Where to look when nobody chose: past a fade-in from black. */
const USUAL_MS = 1000;
/** Among so many frames the one that stands for the others best. */
const CANDIDATES = 24;

/** Takes one frame. A chosen moment beyond the end is the end. */
export async function takeFrame(task: BatchTask, atMs: number | null): Promise<string> {
  const { launchers, directory, signal } = task;
  const file = path.join(directory, 'poster.png');
  const [inputs, outputs] = [[stillInput(task, atMs)], [stillOutput(task, file, atMs)]];
  await runFfmpeg(launchers, { inputs, outputs, signal });
  await takeEarlier(task, file, atMs);
  return file;
}

/**
 * Takes the frame before the moment where none was written: of pictures that stand for seconds, as in a slide show, none
 * begins after it.
 */
export async function takeEarlier(
  task: BatchTask,
  file: string,
  atMs: number | null,
): Promise<void> {
  if (existsSync(file)) return;
  const inputs = [stillInput(task, atMs, ['-noaccurate_seek'])];
  const outputs = [stillOutput(task, file, atMs ?? 0)];
  await runFfmpeg(task.launchers, { inputs, outputs, signal: task.signal });
}

/** The source from the moment on at which the picture is looked for; the first input of its run. */
export function stillInput(
  { source: { file, demuxer, durationMs }, threads }: BatchTask,
  atMs: number | null,
  seek: readonly string[] = [],
): FfmpegInput {
  const latest = Math.max(0, durationMs - 200);
  const seekMs = Math.min(atMs ?? Math.min(USUAL_MS, durationMs / 3), latest);
  const options = ['-threads', String(threads), '-ss', (seekMs / 1000).toFixed(3), ...seek];
  return { file, demuxer, options };
}

/** One frame of the first input; where nobody chose a moment, the one of several that stands for them. */
export function stillOutput(
  { source, ladder }: BatchTask,
  file: string,
  atMs: number | null,
): FfmpegOutput {
  const filter = frameFilter(source, ladder, atMs === null ? [`thumbnail=${CANDIDATES}`] : []);
  const picture = ['-map', `0:${source.video.index}`, '-vf', filter, '-frames:v', '1'];
  return {
    file,
    options: [...picture, '-compression_level', '1', '-f', 'image2', '-update', '1'],
  };
}

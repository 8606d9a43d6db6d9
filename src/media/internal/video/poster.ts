// The still picture of a video, as a file that the image processor takes.
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { BatchTask } from './batch.js';
import { frameFilter } from './encode-options.js';
import { runFfmpeg } from './run-ffmpeg.js';

/** Where to look when nobody chose: past a fade-in from black. */
const USUAL_MS = 1000;
/** Among so many frames the one that stands for the others best. */
const CANDIDATES = 24;

/** Takes one frame. A chosen moment beyond the end is the end. */
export async function takeFrame(
  { launchers, source, ladder, directory, threads, signal }: BatchTask,
  atMs: number | null,
): Promise<string> {
  const file = path.join(directory, 'poster.png');
  const latest = Math.max(0, source.durationMs - 200);
  const seekMs = Math.min(atMs ?? Math.min(USUAL_MS, source.durationMs / 3), latest);
  const take = (seek: readonly string[], choose: readonly string[]): Promise<string> =>
    runFfmpeg(launchers, {
      inputs: [
        {
          file: source.file,
          demuxer: source.demuxer,
          options: ['-threads', String(threads), '-ss', (seekMs / 1000).toFixed(3), ...seek],
        },
      ],
      outputs: [
        {
          file,
          options: [
            '-map',
            `0:${source.video.index}`,
            '-vf',
            frameFilter(source, ladder, choose),
            '-frames:v',
            '1',
            '-compression_level',
            '1',
            '-f',
            'image2',
            '-update',
            '1',
          ],
        },
      ],
      signal,
    });
  await take([], atMs === null ? [`thumbnail=${CANDIDATES}`] : []);
  // pictures that stand for seconds, as in a slide show: none begins after that moment, so the one before it
  if (!existsSync(file)) await take(['-noaccurate_seek'], []);
  return file;
}

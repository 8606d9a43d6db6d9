// What is made besides what is played: pictures to find a place by, and a picture that moves.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { BatchTask, VideoBatch } from './batch.js';
import { fileOf, type VideoFile } from './made-files.js';
import { ORIGIN_SECONDS } from './encode-options.js';
import { keyFrameTimes } from './key-frames.js';
import { FfmpegFailed, runFfmpeg, type FfmpegInput, type FfmpegOutput } from './run-ffmpeg.js';

/** Most pictures on a sheet, and how many stand beside each other. */
const SHEET = { most: 100, columns: 10, side: 160 } as const;
const PREVIEW = { seconds: 3, frameRate: 8, side: 240, quality: 60 } as const;

/** What is read: the smallest rung, or the source where nothing was made in this try. */
interface Footage {
  readonly input: FfmpegInput;
  readonly index: number;
  /** Time of the first frame. */
  readonly originSeconds: number;
}

/** A file on its way, and what becomes of it. */
interface Extra {
  readonly input: FfmpegInput;
  /** For the place of the input among those of the run. */
  readonly output: (place: number) => FfmpegOutput;
  readonly files: () => Promise<VideoFile[]>;
}

/** Makes the sheet with its track, and the preview. They are no reason to refuse a video. */
export async function makeExtras(task: BatchTask, smallest: string | null): Promise<VideoBatch> {
  const { source } = task;
  const footage = footageOf(task, smallest);
  const sheet = await planSheet(task, footage);
  const extras = [...(sheet ? [sheet] : []), planPreview(task, footage)];
  const { durationMs } = source;
  const files = await makeAll(task, extras);
  return { files, variants: [], sound: null, posterPath: null, durationMs, source };
}

/** In one run; builds of ffmpeg differ in what they can draw, and what cannot be had is left out. */
async function makeAll(task: BatchTask, extras: readonly Extra[]): Promise<VideoFile[]> {
  const { launchers, signal } = task;
  try {
    await runFfmpeg(launchers, {
      inputs: extras.map(({ input }) => input),
      outputs: extras.map(({ output }, place) => output(place)),
      signal,
    });
    return (await Promise.all(extras.map(({ files }) => files()))).flat();
  } catch (error) {
    if (!(error instanceof FfmpegFailed)) throw error;
    if (extras.length <= 1) return [];
    const files: VideoFile[] = [];
    for (const extra of extras) files.push(...(await makeAll(task, [extra])));
    return files;
  }
}

function footageOf({ source }: BatchTask, smallest: string | null): Footage {
  if (smallest === null) {
    const { file, demuxer, video } = source;
    return { input: { file, demuxer }, index: video.index, originSeconds: 0 };
  }
  return { input: { file: smallest, demuxer: 'mov' }, index: 0, originSeconds: ORIGIN_SECONDS };
}

async function planSheet(task: BatchTask, footage: Footage): Promise<Extra | null> {
  const { launchers, directory, signal, source } = task;
  const { input, index, originSeconds } = footage;
  const { file: from, demuxer } = input;
  const place = { file: from, demuxer: sheetDemuxer(demuxer), index };
  const times = await keyFrameTimes(launchers, place, signal);
  if (times.length === 0) return null;
  const step = Math.ceil(times.length / SHEET.most);
  const shown = times
    .filter((_, at) => at % step === 0)
    .map((time) => Math.max(0, time - originSeconds));
  const tile = tileOf(task);
  const rows = Math.ceil(shown.length / SHEET.columns);
  const columns = Math.min(SHEET.columns, shown.length);
  const [file, track] = [path.join(directory, 'sprite.jpg'), path.join(directory, 'sprite.vtt')];
  const filter = [
    `select='not(mod(n\\,${step}))'`,
    `scale=${tile.width}:${tile.height}`,
    `tile=${columns}x${rows}`,
  ].join(',');
  const picture = ['-frames:v', '1', '-q:v', '5', '-f', 'image2', '-update', '1'];
  return {
    input: { ...input, options: ['-skip_frame', 'nokey'] },
    output: (at) => ({ file, options: [...pictureOptions(at, index, filter), ...picture] }),
    files: async () => {
      await writeFile(track, trackOf(shown, source.durationMs / 1000, tile));
      const size = { width: tile.width * columns, height: tile.height * rows };
      return [
        await fileOf(file, 'sprite', 'image/jpeg', size),
        await fileOf(track, 'sprite-vtt', 'text/vtt', { width: 0, height: 0 }),
      ];
    },
  };
}

function sheetDemuxer(demuxer: FfmpegInput['demuxer']): 'mov' | 'matroska' {
  return demuxer === 'matroska' ? 'matroska' : 'mov';
}

function pictureOptions(input: number, index: number, filter: string): string[] {
  return ['-map', `${input}:${index}`, '-fps_mode', 'passthrough', '-vf', filter];
}

function tileOf({ ladder }: BatchTask): { width: number; height: number } {
  const { width = 1, height = 1 } = ladder.rungs[0] ?? {};
  const scale = SHEET.side / Math.max(width, height);
  const even = (length: number): number => Math.max(2, Math.round((length * scale) / 2) * 2);
  return { width: even(width), height: even(height) };
}

/** Each picture stands for the time until the next one. */
function trackOf(
  times: readonly number[],
  endSeconds: number,
  { width, height }: { width: number; height: number },
): string {
  const cues = times.map((time, at) => {
    const until = times[at + 1] ?? Math.max(endSeconds, time + 0.1);
    const [x, y] = [(at % SHEET.columns) * width, Math.floor(at / SHEET.columns) * height];
    return `${clockOf(at === 0 ? 0 : time)} --> ${clockOf(until)}\nsprite.jpg#xywh=${x},${y},${width},${height}\n`;
  });
  return ['WEBVTT\n', ...cues].join('\n');
}

function clockOf(seconds: number): string {
  return new Date(Math.round(seconds * 1000)).toISOString().slice(11, 23);
}

function planPreview({ directory, source, ladder }: BatchTask, { input, index }: Footage): Extra {
  const file = path.join(directory, 'preview.webp');
  const { width = 1, height = 1 } = ladder.rungs[0] ?? {};
  const scale = Math.min(1, PREVIEW.side / Math.max(width, height));
  const size = {
    width: Math.max(2, Math.round(width * scale)),
    height: Math.max(2, Math.round(height * scale)),
  };
  const seconds = source.durationMs / 1000;
  const from = Math.max(0, Math.min(seconds / 5, seconds - PREVIEW.seconds));
  const filter = `fps=${PREVIEW.frameRate},scale=${size.width}:${size.height}`;
  const webp = ['-c:v', 'libwebp_anim', '-loop', '0', '-q:v', String(PREVIEW.quality)];
  webp.push('-compression_level', '2', '-f', 'webp');
  return {
    input: { ...input, options: ['-ss', from.toFixed(3), '-t', String(PREVIEW.seconds)] },
    output: (at) => ({ file, options: ['-map', `${at}:${index}`, '-vf', filter, ...webp] }),
    files: async () => [await fileOf(file, 'preview', 'image/webp', size)],
  };
}

// What is made besides what is played: pictures to find a place by, and a picture that moves.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileOf, type BatchTask, type VideoBatch, type VideoFile } from './batch.js';
import { ORIGIN_SECONDS } from './encode-options.js';
import { keyFrameTimes } from './key-frames.js';
import { FfmpegFailed, runFfmpeg, type FfmpegInput } from './run-ffmpeg.js';

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

/** Makes the sheet with its track, and the preview. They are no reason to refuse a video. */
export async function makeExtras(task: BatchTask, smallest: string | null): Promise<VideoBatch> {
  const { source } = task;
  const footage = footageOf(task, smallest);
  const { durationMs } = source;
  const files = [...(await makeSheet(task, footage)), ...(await makePreview(task, footage))];
  return {
    files,
    variants: [],
    hasSound: source.audio !== null,
    posterPath: null,
    durationMs,
    source,
  };
}

function footageOf({ source }: BatchTask, smallest: string | null): Footage {
  if (smallest === null) {
    const { file, demuxer, video } = source;
    return { input: { file, demuxer }, index: video.index, originSeconds: 0 };
  }
  return { input: { file: smallest, demuxer: 'mov' }, index: 0, originSeconds: ORIGIN_SECONDS };
}

async function makeSheet(task: BatchTask, footage: Footage): Promise<VideoFile[]> {
  const { launchers, directory, signal, source } = task;
  const { input, index, originSeconds } = footage;
  const { file: from, demuxer } = input;
  const times = await keyFrameTimes(
    launchers,
    { file: from, demuxer: sheetDemuxer(demuxer), index },
    signal,
  );
  if (times.length === 0) return [];
  const step = Math.ceil(times.length / SHEET.most);
  const shown = times
    .filter((_, at) => at % step === 0)
    .map((time) => Math.max(0, time - originSeconds));
  const tile = tileOf(task);
  const rows = Math.ceil(shown.length / SHEET.columns);
  const columns = Math.min(SHEET.columns, shown.length);
  const file = path.join(directory, 'sprite.jpg');
  const filter = [
    `select='not(mod(n\\,${step}))'`,
    `scale=${tile.width}:${tile.height}`,
    `tile=${columns}x${rows}`,
  ].join(',');
  const made = await attempt(() =>
    runFfmpeg(launchers, {
      inputs: [{ ...input, options: ['-skip_frame', 'nokey'] }],
      outputs: [
        {
          file,
          options: [
            ...pictureOptions(index, filter),
            '-frames:v',
            '1',
            '-q:v',
            '5',
            '-f',
            'image2',
            '-update',
            '1',
          ],
        },
      ],
      signal,
    }),
  );
  if (!made) return [];
  const track = path.join(directory, 'sprite.vtt');
  await writeFile(track, trackOf(shown, source.durationMs / 1000, tile));
  const size = { width: tile.width * columns, height: tile.height * rows };
  return [
    await fileOf(file, 'sprite', 'image/jpeg', size),
    await fileOf(track, 'sprite-vtt', 'text/vtt', { width: 0, height: 0 }),
  ];
}

function sheetDemuxer(demuxer: FfmpegInput['demuxer']): 'mov' | 'matroska' {
  return demuxer === 'matroska' ? 'matroska' : 'mov';
}

function pictureOptions(index: number, filter: string): string[] {
  return ['-map', `0:${index}`, '-fps_mode', 'passthrough', '-vf', filter];
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

async function makePreview(task: BatchTask, { input, index }: Footage): Promise<VideoFile[]> {
  const { launchers, directory, signal, source, ladder } = task;
  const file = path.join(directory, 'preview.webp');
  const { width = 1, height = 1 } = ladder.rungs[0] ?? {};
  const scale = Math.min(1, PREVIEW.side / Math.max(width, height));
  const size = {
    width: Math.max(2, Math.round(width * scale)),
    height: Math.max(2, Math.round(height * scale)),
  };
  const from = Math.max(
    0,
    Math.min(source.durationMs / 5000, source.durationMs / 1000 - PREVIEW.seconds),
  );
  const made = await attempt(() =>
    runFfmpeg(launchers, {
      inputs: [{ ...input, options: ['-ss', from.toFixed(3), '-t', String(PREVIEW.seconds)] }],
      outputs: [
        {
          file,
          options: [
            '-map',
            `0:${index}`,
            '-vf',
            `fps=${PREVIEW.frameRate},scale=${size.width}:${size.height}`,
            '-c:v',
            'libwebp_anim',
            '-loop',
            '0',
            '-q:v',
            String(PREVIEW.quality),
            '-compression_level',
            '2',
            '-f',
            'webp',
          ],
        },
      ],
      signal,
    }),
  );
  return made ? [await fileOf(file, 'preview', 'image/webp', size)] : [];
}

/** Builds of ffmpeg differ in what they can draw: what cannot be had is left out. */
async function attempt(run: () => Promise<unknown>): Promise<boolean> {
  try {
    await run();
    return true;
  } catch (error) {
    if (error instanceof FfmpegFailed) return false;
    throw error;
  }
}

// Clips as telephones and others make them: real photographs that a camera pans over, made by ffmpeg once per run.
import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Photographs of Debian's lomiri-wallpapers-16.04. */
const PHOTOGRAPHS = '/usr/share/backgrounds';
/** Kept between runs: a change of what a clip is changes its name. */
const DIRECTORY = path.join(os.tmpdir(), 'triptych-clips-2');

/** What a clip is; everything has a default. */
export interface ClipOptions {
  readonly width?: number;
  readonly height?: number;
  readonly seconds?: number;
  /** As ffmpeg writes it, such as `30000/1001`. */
  readonly frameRate?: string;
  /** `null` = silent. */
  readonly sound?: 'sine' | 'quiet' | 'music' | null;
  readonly container?: 'mp4' | 'mov' | 'webm' | 'mkv';
  /** Name of a photograph, without its ending. */
  readonly photograph?: string;
  /** Options of the output beyond the usual ones, such as another codec. */
  readonly options?: readonly string[];
  /** Filters after the camera, such as a format. */
  readonly filters?: readonly string[];
}

const SOUNDS = {
  sine: 'sine=frequency=440:sample_rate=48000',
  quiet: 'sine=frequency=440:sample_rate=48000,volume=-30dB',
  music:
    "aevalsrc='0.3*sin(2*PI*t*(220+40*floor(mod(t*2,8))))+0.2*sin(2*PI*t*(330+55*floor(mod(t*3,5))))':s=48000",
} as const;

/** A clip, made when nobody has made it before. */
export async function clip(options: ClipOptions = {}): Promise<Buffer> {
  return readFile(await clipFile(options));
}

/** As `clip`; answers its file, which is not to be changed. */
export async function clipFile(options: ClipOptions = {}): Promise<string> {
  const {
    width = 320,
    height = 568,
    seconds = 2,
    frameRate = '30',
    sound = 'sine',
    container = 'mp4',
    photograph = 'Dragonfly_by_Bolly',
    filters = [],
  } = options;
  const usual =
    container === 'webm'
      ? ['-c:v', 'libvpx', '-deadline', 'realtime', '-c:a', 'libopus']
      : [
          '-c:v',
          'libx264',
          '-preset',
          'ultrafast',
          '-g',
          '30',
          '-pix_fmt',
          'yuv420p',
          '-c:a',
          'aac',
        ];
  const [over = 30, under = 1] = frameRate.split('/').map(Number);
  // The photograph is decoded and scaled once, and the camera pans over that.
  const camera = [
    `scale=${Math.ceil(width * 1.4)}:${Math.ceil(height * 1.4)}:force_original_aspect_ratio=increase:flags=bilinear`,
    'format=yuv444p',
    'loop=loop=-1:size=1',
    `setpts=N*${under}/${over}/TB`,
    `fps=${frameRate}`,
    `crop=${width}:${height}:x='(in_w-out_w)*t/${seconds}':y='(in_h-out_h)*t/${seconds}'`,
    'setsar=1',
  ].join(',');
  return make(`clip.${container}`, [
    '-i',
    `${PHOTOGRAPHS}/${photograph}.jpg`,
    ...(sound ? ['-f', 'lavfi', '-i', SOUNDS[sound]] : []),
    '-t',
    String(seconds),
    '-vf',
    [camera, ...filters].join(','),
    ...usual,
    ...(options.options ?? []),
  ]);
}

/** Whatever ffmpeg makes of these words, under a name of this ending; made once. */
export async function make(name: string, words: readonly string[]): Promise<string> {
  await mkdir(DIRECTORY, { recursive: true });
  const digest = createHash('sha256').update(words.join('\0')).digest('hex').slice(0, 20);
  const file = path.join(DIRECTORY, `${digest}-${name}`);
  const known = await readFile(file).then(
    () => true,
    () => false,
  );
  if (known) return file;
  const draft = path.join(DIRECTORY, `${randomUUID()}-${name}`);
  await run('ffmpeg', ['-v', 'error', '-y', ...words, draft], { timeout: 120_000 });
  await rename(draft, file);
  return file;
}

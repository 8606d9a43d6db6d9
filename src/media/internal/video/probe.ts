// What a file says of itself, read by ffprobe within seconds and believed in nothing that is out of bounds.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { Container } from './container.js';
import { DECODERS, IS_NOT_DECODED } from './decoders.js';
import type { Launchers } from './launcher.js';
import { MAX_FRAME_PIXELS } from './run-ffmpeg.js';
import { VideoRejected } from './video-rejected.js';

const run = promisify(execFile);

const PROBE_SECONDS = 15;
const MAX_STREAMS = 64;
const MAX_SIDE = 16_384;
/** Slow motion of telephones. */
const MAX_FRAME_RATE = 250;
/** What ffprobe says instead of allocating such a frame. */
const IS_TOO_LARGE = /Picture size \d+x\d+/;
const ANSWER_BYTES = 4 * 2 ** 20;

/** A moving picture and its sound, as they are in the file. */
export interface VideoSource extends Container {
  /** Absolute. */
  readonly file: string;
  readonly durationMs: number;
  readonly bitRate: number;
  readonly video: VideoStream;
  /** Null = silent. */
  readonly audio: AudioStream | null;
}

/** The picture. */
export interface VideoStream {
  /** Number of the stream in the file, here and below. */
  readonly index: number;
  readonly codec: string;
  readonly profile: string;
  readonly pixelFormat: string;
  /** px as shown: upright, and with square pixels. */
  readonly width: number;
  readonly height: number;
  readonly isRotated: boolean;
  readonly hasSquarePixels: boolean;
  readonly isInterlaced: boolean;
  /** Frames per second, on average. */
  readonly frameRate: number;
  /** Frames come at uneven times. */
  readonly isVariable: boolean;
  /** More light than a screen without HDR shows. */
  readonly isHdr: boolean;
}

/** The sound. */
export interface AudioStream {
  readonly index: number;
  readonly codec: string;
  readonly profile: string;
  readonly channels: number;
  readonly sampleRate: number;
}

const word = z.string().max(200).catch('');
const numeric = z.coerce.number().catch(0);
const stream = z.object({
  index: z.int().min(0),
  codec_type: word.default(''),
  codec_name: word.default(''),
  profile: word.default(''),
  pix_fmt: word.default(''),
  width: numeric.default(0),
  height: numeric.default(0),
  sample_aspect_ratio: word.default(''),
  field_order: word.default(''),
  color_transfer: word.default(''),
  avg_frame_rate: word.default(''),
  r_frame_rate: word.default(''),
  duration: numeric.default(0),
  channels: numeric.default(0),
  sample_rate: numeric.default(0),
  disposition: z.object({ attached_pic: numeric.default(0) }).catch({ attached_pic: 0 }),
  side_data_list: z.array(z.object({ rotation: numeric.optional() })).catch([]),
});
const answer = z.object({
  streams: z.array(stream).default([]),
  format: z.object({ duration: numeric.default(0), bit_rate: numeric.default(0) }),
});

type Stream = z.infer<typeof stream>;

/**
 * Reads what the file says of itself.
 *
 * @throws {VideoRejected} NO_VIDEO_STREAM, TOO_LARGE, TOO_MANY_FRAMES, TOO_MANY_STREAMS, DAMAGED
 */
export async function probe(
  launchers: Launchers,
  file: string,
  container: Container,
  signal?: AbortSignal,
): Promise<VideoSource> {
  const { streams, format } = await ask(launchers, file, container, signal);
  if (streams.length > MAX_STREAMS)
    throw new VideoRejected(
      'TOO_MANY_STREAMS',
      `The file has ${streams.length} streams. At most ${MAX_STREAMS} are accepted.`,
    );
  const picture = streams.find(isMovingPicture);
  if (!picture)
    throw new VideoRejected('NO_VIDEO_STREAM', 'There is no video stream in this file.');
  const video = readPicture(picture);
  const sound = streams.find(
    ({ codec_type, codec_name, channels }) =>
      codec_type === 'audio' && codec_name !== '' && channels > 0,
  );
  const seconds = format.duration || picture.duration;
  return {
    ...container,
    file,
    durationMs: Math.max(0, Math.round(seconds * 1000)),
    bitRate: format.bit_rate,
    video,
    audio: sound ? readSound(sound) : null,
  };
}

async function ask(
  { ffprobe }: Launchers,
  file: string,
  { demuxer }: Container,
  signal?: AbortSignal,
): Promise<z.infer<typeof answer>> {
  const words = ['-v', 'error', '-protocol_whitelist', 'file', ...DECODERS, '-f', demuxer];
  words.push('-max_pixels', String(MAX_FRAME_PIXELS), '-max_streams', '1000');
  words.push('-show_format', '-show_streams', '-of', 'json', `file:${file}`);
  try {
    const { stdout, stderr } = await run(ffprobe, words, {
      signal,
      timeout: PROBE_SECONDS * 1000,
      killSignal: 'SIGKILL',
      maxBuffer: ANSWER_BYTES,
    });
    // What it did not open has no size in the answer.
    if (IS_TOO_LARGE.test(stderr)) throw tooLarge();
    return answer.parse(JSON.parse(stdout));
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof VideoRejected) throw error;
    if (IS_TOO_LARGE.test(wordsOf(error))) throw tooLarge();
    const codec = IS_NOT_DECODED.exec(wordsOf(error))?.[1];
    if (codec !== undefined) throw notDecoded(codec, error);
    throw new VideoRejected('DAMAGED', 'The video is damaged or incomplete.', { cause: error });
  }
}

/** A cover of an album is a video stream too, of one frame. */
function isMovingPicture({ codec_type, disposition }: Stream): boolean {
  return codec_type === 'video' && disposition.attached_pic === 0;
}

function readPicture(found: Stream): VideoStream {
  const { width, height } = found;
  if (!(width > 0 && height > 0))
    throw new VideoRejected('DAMAGED', 'The video is damaged or incomplete.');
  if (width > MAX_SIDE || height > MAX_SIDE || width * height > MAX_FRAME_PIXELS) throw tooLarge();
  const rates = [ratio(found.avg_frame_rate), ratio(found.r_frame_rate)] as const;
  const frameRate = rates[0] || rates[1] || 30;
  if (frameRate > MAX_FRAME_RATE)
    throw new VideoRejected(
      'TOO_MANY_FRAMES',
      `The video has too many frames. At most ${MAX_FRAME_RATE} per second are accepted.`,
    );
  const rotation = found.side_data_list.find((data) => data.rotation !== undefined)?.rotation ?? 0;
  const isTurned = Math.abs(Math.round(rotation)) % 180 === 90;
  const stretch = pixelRatio(found.sample_aspect_ratio);
  const shown = { width: Math.max(1, Math.round(width * stretch)), height };
  return {
    index: found.index,
    codec: found.codec_name,
    profile: found.profile,
    pixelFormat: found.pix_fmt,
    width: isTurned ? shown.height : shown.width,
    height: isTurned ? shown.width : shown.height,
    isRotated: Math.round(rotation) % 360 !== 0,
    hasSquarePixels: stretch === 1,
    isInterlaced: !['', 'progressive', 'unknown'].includes(found.field_order),
    frameRate,
    isVariable: rates[0] > 0 && rates[1] > 0 && Math.abs(rates[0] - rates[1]) / rates[1] > 0.01,
    isHdr: ['smpte2084', 'arib-std-b67'].includes(found.color_transfer),
  };
}

function notDecoded(codec: string, cause: unknown): VideoRejected {
  const message = `The file holds something that is encoded as ${codec}, which is not supported.`;
  return new VideoRejected('UNSUPPORTED_TYPE', message, { cause });
}

function tooLarge(): VideoRejected {
  return new VideoRejected(
    'TOO_LARGE',
    `The video is too large. At most ${MAX_FRAME_PIXELS / 1e6} megapixels are accepted.`,
  );
}

function wordsOf(error: unknown): string {
  const hasWords = typeof error === 'object' && error !== null && 'stderr' in error;
  return hasWords ? String(error.stderr) : '';
}

function readSound(found: Stream): AudioStream {
  return {
    index: found.index,
    codec: found.codec_name,
    profile: found.profile,
    channels: found.channels,
    sampleRate: found.sample_rate,
  };
}

function ratio(written: string): number {
  const [over = 0, under = 0] = written.split('/').map(Number);
  return under > 0 && over > 0 ? over / under : 0;
}

/** Of a pixel, width to height; what is absurd counts as square. */
function pixelRatio(written: string): number {
  const [over = 0, under = 0] = written.split(':').map(Number);
  const value = under > 0 && over > 0 ? over / under : 1;
  return value > 0.1 && value < 10 ? value : 1;
}

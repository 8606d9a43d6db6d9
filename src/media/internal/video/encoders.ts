/**
 * The encoders of H.264 and what each is told: software, which is everywhere, and those of hardware. Pure.
 *
 * @source ffmpeg's documentation of its encoders, and https://trac.ffmpeg.org/wiki/HWAccelIntro
 */
import type { Rung } from './ladder.js';

/** ffmpeg's names of the encoders of hardware, in the order in which they are tried. */
export const HARDWARE_ENCODERS = [
  'h264_nvenc',
  'h264_qsv',
  'h264_vaapi',
  'h264_videotoolbox',
  'h264_v4l2m2m',
] as const;

/** One of them. */
export type HardwareEncoder = (typeof HARDWARE_ENCODERS)[number];

/** ffmpeg's name of an encoder of H.264. */
export type EncoderName = 'libx264' | HardwareEncoder;

/** Where key frames are: each 2 s in every rung, or where the source has them. */
export type KeyFrames = 'even' | 'source';

/** How one encoder is driven. */
export interface Encoder {
  readonly name: EncoderName;
  /** Before all inputs. */
  readonly device: readonly string[];
  /** After all filters of a rung; null = frames are taken as they are. */
  readonly upload: string | null;
  /** How its pictures are encoded, but for the key frames. */
  readonly options: (rung: Pick<Rung, 'maxBitRate'>) => readonly string[];
}

/** Between two key frames, at which playback can begin and change its quality. */
export const SEGMENT_SECONDS = 2;
/** Hardware aims at a rate of bits, and may exceed it for a moment. */
const AIM = 0.75;
/** The first graphics card. */
const RENDER_NODE = '/dev/dri/renderD128';

const words = (text: string): string[] => text.split(' ');
const atMost = ({ maxBitRate }: Pick<Rung, 'maxBitRate'>): string[] => [
  '-maxrate',
  String(maxBitRate),
  '-bufsize',
  String(maxBitRate * 2),
];
const aimed = (rung: Pick<Rung, 'maxBitRate'>): string[] => [
  '-b:v',
  String(Math.round(rung.maxBitRate * AIM)),
  ...atMost(rung),
];
const plain = { device: [], upload: null } as const;

/** What each encoder is told. */
export const ENCODERS: Readonly<Record<EncoderName, Encoder>> = {
  libx264: {
    ...plain,
    name: 'libx264',
    options: (rung) => [
      ...words('-preset veryfast -crf 23 -profile:v high -pix_fmt yuv420p'),
      ...atMost(rung),
      ...words('-keyint_min 1 -sc_threshold 0 -flags +cgop'),
    ],
  },
  h264_nvenc: {
    ...plain,
    name: 'h264_nvenc',
    options: (rung) => [
      ...words('-preset p4 -rc vbr -cq 23 -profile:v high -pix_fmt yuv420p'),
      ...aimed(rung),
      ...words('-no-scenecut 1 -forced-idr 1 -strict_gop 1'),
    ],
  },
  h264_qsv: {
    ...plain,
    name: 'h264_qsv',
    options: (rung) => [
      ...words('-preset veryfast -profile:v high -pix_fmt nv12'),
      ...aimed(rung),
      ...words('-forced_idr 1 -adaptive_i 0'),
    ],
  },
  h264_vaapi: {
    name: 'h264_vaapi',
    device: ['-vaapi_device', RENDER_NODE],
    upload: 'format=nv12,hwupload',
    options: (rung) => ['-rc_mode', 'VBR', '-profile:v', 'high', '-bf', '0', ...aimed(rung)],
  },
  h264_videotoolbox: {
    ...plain,
    name: 'h264_videotoolbox',
    options: (rung) => ['-profile:v', 'high', '-pix_fmt', 'yuv420p', ...aimed(rung)],
  },
  h264_v4l2m2m: {
    ...plain,
    name: 'h264_v4l2m2m',
    options: (rung) => ['-pix_fmt', 'yuv420p', ...aimed(rung)],
  },
};

/** How one rung is encoded: key frames at the same times in every rung, and nowhere else. */
export function videoOptions(
  { name, options }: Encoder,
  rung: Pick<Rung, 'maxBitRate'>,
  keyFrames: KeyFrames,
): string[] {
  const force = keyFrames === 'source' ? 'source' : `expr:gte(t,n_forced*${SEGMENT_SECONDS})`;
  return ['-c:v', name, ...options(rung), '-force_key_frames', force, '-g', '600'];
}

// What a file claims to be, read from its headers before a single pixel is decoded, and whether that is allowed.
import type { Metadata } from 'sharp';
import { MAX_SIDE } from '../image-rejected.js';
import type { CameraReport, SourceMimeType, WorkerJob } from '../worker-protocol.js';
import { readCamera } from './camera.js';
import { open } from './decoder.js';
import { blamePicture, Rejection } from './rejection.js';
import { sniff } from './sniff.js';
import type { ImageFamily } from './sniff.js';
import { isWideGamut } from './wide-gamut.js';

/** Over all frames of an animation, as a multiple of the limit for one picture. */
const ANIMATION_PIXEL_FACTOR = 5;

/** A file that may be decoded. */
export interface Picture {
  path: string;
  mimeType: SourceMimeType;
  /** px, upright. */
  width: number;
  height: number;
  /** EXIF orientation, 1 to 8; what has to be done to be upright. */
  orientation: number;
  isAnimated: boolean;
  /** Whether there is an alpha channel, used or not. */
  hasAlphaChannel: boolean;
  isWideGamut: boolean;
  hasGainMap: boolean;
  /** Line art and screenshots: their colour edges are not to be halved in resolution. */
  isGraphic: boolean;
  /** The camera's own words; null = none. */
  camera: CameraReport | null;
  /** What sharp may read without another look at the limits. */
  maxInputPixels: number;
}

/** @throws {Rejection} for a type, size or length that is not accepted, and for headers that contradict themselves */
export async function inspect(
  path: string,
  limits: Pick<WorkerJob, 'maxPixels' | 'maxFrames'>,
): Promise<Picture> {
  const family = await sniff(path);
  const metadata = await blamePicture(open(path, { limitInputPixels: false }).metadata());
  if (metadata.format !== family) {
    throw new Rejection('DAMAGED', `starts like ${family}, but decodes as ${metadata.format}`);
  }
  const { width, height } = metadata.autoOrient;
  const frames = family === 'gif' || family === 'webp' ? (metadata.pages ?? 1) : 1;
  checkSize(width, height, frames, limits);
  return {
    path,
    mimeType: mimeTypeOf(family, metadata),
    width: frames > 1 ? metadata.width : width,
    height: frames > 1 ? (metadata.pageHeight ?? metadata.height) : height,
    orientation: metadata.orientation ?? 1,
    isAnimated: frames > 1,
    hasAlphaChannel: metadata.hasAlpha,
    isWideGamut: isWideGamut(metadata.icc),
    hasGainMap: metadata.gainMap !== undefined,
    isGraphic: family === 'png' || family === 'gif',
    camera: readCamera(metadata.exif),
    maxInputPixels: limits.maxPixels * (frames > 1 ? ANIMATION_PIXEL_FACTOR : 1),
  };
}

function checkSize(
  width: number,
  height: number,
  frames: number,
  limits: { maxPixels: number; maxFrames: number },
) {
  const size = `${width} × ${height} px, ${frames} frames`;
  if (frames > limits.maxFrames) throw new Rejection('TOO_MANY_FRAMES', size);
  const isTooLarge =
    Math.max(width, height) > MAX_SIDE ||
    width * height > limits.maxPixels ||
    width * height * frames > limits.maxPixels * ANIMATION_PIXEL_FACTOR;
  if (isTooLarge) throw new Rejection('TOO_MANY_PIXELS', size);
}

function mimeTypeOf(family: ImageFamily, metadata: Metadata): SourceMimeType {
  if (family !== 'heif') return `image/${family}`;
  if (metadata.compression === 'av1') return 'image/avif';
  if (metadata.compression === 'hevc') return 'image/heic';
  throw new Rejection('UNSUPPORTED_TYPE', `HEIF with ${metadata.compression} inside`);
}

// From light to a photograph: bloom, exposure, film curve, vignette, grain, and JPEG.
import sharp, { type Exif } from 'sharp';
import type { Random } from '../random.js';
import type { Canvas } from './canvas.js';
import { clamp } from './colour.js';

/** How a picture is developed. */
export interface Development {
  readonly exposure: number;
  /** 0 = flat, 1 = strong. */
  readonly contrast: number;
  /** 1 = as it is, 0 = none. */
  readonly saturation: number;
  /** Negative = cool, positive = warm. */
  readonly warmth: number;
  /** Strength of the glow around what is bright. */
  readonly bloom: number;
  readonly vignette: number;
  readonly grain: number;
}

const QUALITY = 88;

/** Writes the picture as JPEG of this size: the canvas may be smaller, the grain is of the picture's own size. */
export async function develop(
  canvas: Canvas,
  how: Development,
  {
    width,
    height,
    random,
    exif,
  }: { width: number; height: number; random: Random; exif: Exif | null },
): Promise<Buffer> {
  const negative = await expose(canvas, how);
  const raw = { width: canvas.width, height: canvas.height, channels: 3 } as const;
  const print = await sharp(negative, { raw })
    .resize(width, height, { fit: 'fill', kernel: 'cubic' })
    .sharpen({ sigma: 0.8, m1: 0.6, m2: 1.4 })
    .raw()
    .toBuffer();
  const grain = grainTable(random, how.grain * 255);
  for (let y = 0, index = 0; y < height; y++)
    for (let x = 0; x < width; x++, index += 3) {
      const speck = grain[(x * 7 + y * 131 + ((x * y) >> 3)) & 4095]!;
      for (let part = index; part < index + 3; part++)
        print[part] = Math.max(0, Math.min(255, print[part]! + speck));
    }
  const paper = sharp(print, { raw: { width, height, channels: 3 } }).jpeg({ quality: QUALITY });
  return (exif ? paper.withExif(exif) : paper).toBuffer();
}

async function expose(canvas: Canvas, how: Development): Promise<Buffer> {
  const glow = await glowOf(canvas);
  const { width, height, light } = canvas;
  const pixels = Buffer.alloc(width * height * 3);
  const film = filmOf(how.contrast);
  const gains = [how.exposure * (1 + how.warmth), how.exposure, how.exposure * (1 - how.warmth)];
  const shown = (index: number, part: number, corner: number): number =>
    film[
      filmIndex((light[index + part]! + glow[index + part]! * how.bloom) * gains[part]! * corner)
    ]!;
  for (let y = 0, index = 0; y < height; y++)
    for (let x = 0; x < width; x++, index += 3) {
      const dx = x / width - 0.5;
      const dy = y / height - 0.5;
      const corner = 1 - how.vignette * (dx * dx + dy * dy) * 1.6;
      const red = shown(index, 0, corner);
      const green = shown(index, 1, corner);
      const blue = shown(index, 2, corner);
      const base = (0.25 * red + 0.62 * green + 0.13 * blue) * (1 - how.saturation);
      pixels[index] = 255 * clamp(base + red * how.saturation);
      pixels[index + 1] = 255 * clamp(base + green * how.saturation);
      pixels[index + 2] = 255 * clamp(base + blue * how.saturation);
    }
  return pixels;
}

const FILM_STEPS = 4096;
const BRIGHTEST = 16;

/** Close steps in the shadows, wide ones in the highlights. */
function filmIndex(light: number): number {
  if (light <= 0) return 0;
  return Math.min(FILM_STEPS - 1, Math.round(Math.sqrt(light / BRIGHTEST) * FILM_STEPS));
}

function filmOf(contrast: number): Float32Array {
  return Float32Array.from({ length: FILM_STEPS }, (_, step) =>
    tone((step / FILM_STEPS) ** 2 * BRIGHTEST, contrast),
  );
}

/** Highlights roll off as on film, then the display's gamma and an S-curve around the middle. */
function tone(light: number, contrast: number): number {
  const value = ((light * (1 + light / 6)) / (1 + light * 0.82)) * 1.12;
  const shown = Math.min(1.05, value) ** (1 / 2.2);
  const curve = shown * shown * (3 - 2 * Math.min(1, shown));
  return shown + (curve - shown) * contrast;
}

/** Bright parts, blurred at a quarter of the size. */
async function glowOf({ light, width, height }: Canvas): Promise<Float32Array> {
  const bright = Buffer.alloc(width * height * 3);
  for (let index = 0; index < bright.length; index++)
    bright[index] = 255 * Math.min(1, Math.max(0, light[index]! - 0.55) * 0.5);
  const raw = { width, height, channels: 3 } as const;
  const small = await sharp(bright, { raw })
    .resize(Math.round(width / 4))
    .blur(width / 90)
    .png({ compressionLevel: 0 })
    .toBuffer();
  const blurred = await sharp(small)
    .resize(width, height, { fit: 'fill' })
    .removeAlpha()
    .raw()
    .toBuffer();
  const glow = new Float32Array(blurred.length);
  for (let index = 0; index < glow.length; index++) glow[index] = blurred[index]! / 127;
  return glow;
}

function grainTable(random: Random, strength: number): Float32Array {
  return Float32Array.from({ length: 4096 }, () => random.bell() * strength);
}

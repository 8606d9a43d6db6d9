// What a page shows before the picture arrives.
import { encode } from 'blurhash';
import type { BasePicture } from './base-picture.js';

const SAMPLE_SIDE = 32;

/** Blurhash (4 × 3 or 3 × 4 components) and the commonest colour; transparent pixels count as white. */
export async function describe(
  base: BasePicture,
): Promise<{ blurhash: string; dominantColor: string }> {
  const pixels = await base
    .open()
    .resize({ width: SAMPLE_SIDE, height: SAMPLE_SIDE, fit: 'fill' })
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .ensureAlpha()
    .raw()
    .toBuffer();
  const [across, down] = base.width >= base.height ? [4, 3] : [3, 4];
  const blurhash = encode(new Uint8ClampedArray(pixels), SAMPLE_SIDE, SAMPLE_SIDE, across, down);
  return { blurhash, dominantColor: commonestColor(pixels) };
}

/** The mean of the fullest of 4,096 colour cells. */
function commonestColor(rgba: Buffer): string {
  const cells = new Map<number, { count: number; sums: [number, number, number] }>();
  for (let at = 0; at < rgba.length; at += 4) {
    const [red, green, blue] = [rgba[at] ?? 0, rgba[at + 1] ?? 0, rgba[at + 2] ?? 0];
    const key = ((red >> 4) << 8) | ((green >> 4) << 4) | (blue >> 4);
    const cell = cells.get(key) ?? { count: 0, sums: [0, 0, 0] };
    cell.sums = [cell.sums[0] + red, cell.sums[1] + green, cell.sums[2] + blue];
    cells.set(key, { ...cell, count: cell.count + 1 });
  }
  const { count, sums } = [...cells.values()].reduce((best, cell) =>
    cell.count > best.count ? cell : best,
  );
  return `#${sums
    .map((sum) =>
      Math.round(sum / count)
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`;
}

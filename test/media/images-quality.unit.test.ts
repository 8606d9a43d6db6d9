// "No aggressive compression" as a number: every size of a real photograph against a lossless resize of it.
// The stricter measure, ssimulacra2, needs a tool of its own: npm run quality.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { ssim } from 'ssim.js';
import { createImageProcessor } from '../../src/media/internal/images/image-processor.js';
import type { ImageProcessor } from '../../src/media/internal/images/image-processor.js';
import { LIMITS } from '../support/image-processor.js';
import { photograph } from '../support/photographs.js';
import { temporaryDirectory } from '../support/pictures.js';

/** Mean structural similarity to a lossless resize, 1 is equal; noisy pictures reach less at the same quality. */
const LEAST_SSIM = 0.955;
/** What other servers do (Pixelfed, Immich): JPEG of quality 80. We lose at most this share of what they lose. */
const PEER_QUALITY = 80;
const MOST_LOSS = 0.9;

/** Eight-bit RGBA, as ssim.js reads it. */
interface ImageData {
  data: Uint8ClampedArray;
  width: number;
  height: number;
}

let processor: ImageProcessor;
beforeAll(() => {
  processor = createImageProcessor({ ...LIMITS, log: () => {} });
});
afterAll(async () => processor[Symbol.asyncDispose]());

async function pixels(picture: string | Buffer, width: number, height: number): Promise<ImageData> {
  const rgba = await sharp(picture, { autoOrient: true })
    .resize({ width, height, fit: 'fill', fastShrinkOnLoad: false })
    .toColourspace('srgb')
    .ensureAlpha()
    .raw()
    .toBuffer();
  return { data: new Uint8ClampedArray(rgba), width, height };
}

/** Compared at full size: the algorithm's own reduction to 256 px would hide what compression does. */
function similarity(one: ImageData, other: ImageData): number {
  return ssim(one, other, { downsample: false }).mssim;
}

async function asPeersWriteIt({ data, width, height }: ImageData): Promise<ImageData> {
  const raw = { width, height, channels: 4 } as const;
  const jpeg = await sharp(data, { raw }).removeAlpha().jpeg({ quality: PEER_QUALITY }).toBuffer();
  return pixels(jpeg, width, height);
}

// The first two have saturated fine detail, the hardest of the set; the third is an ordinary photograph.
test.each(['Picture_0B', 'Picture_1A', 'Dragonfly'])(
  'feed sizes of %s look like the photograph',
  async (name) => {
    await using directory = await temporaryDirectory();
    const photo = await photograph(name);
    const { renditions } = await processor.process({
      inputPath: photo,
      outputDirectory: directory.path,
      purpose: 'photo',
    });
    const feed = renditions.filter((file) => file.name !== 'full');
    expect(feed.length).toBeGreaterThanOrEqual(3);
    for (const { path, width, height, name: size } of feed) {
      const lossless = await pixels(photo, width, height);
      const ours = similarity(lossless, await pixels(path, width, height));
      const peers = similarity(lossless, await asPeersWriteIt(lossless));
      expect([size, ours >= LEAST_SSIM]).toEqual([size, true]);
      expect([size, (1 - ours) / (1 - peers) <= MOST_LOSS]).toEqual([size, true]);
    }
  },
);

// Nothing of what a camera or an editor wrote into a file reaches the public.
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import sharp from 'sharp';
import type { Sharp } from 'sharp';
import type { ProcessedImage } from '../../src/media/internal/images/image-processor.js';
import { testProcessor } from '../support/image-processor.js';
import type { TestProcessor } from '../support/image-processor.js';
import { photograph } from '../support/photographs.js';
import {
  animation,
  gifWithSecrets,
  heicFrom,
  jpegWithGainMap,
  jpegWithSecrets,
  pngWithSecrets,
  SECRET,
  withSecrets,
} from '../support/pictures.js';

let processor: TestProcessor;
beforeAll(async () => {
  processor = await testProcessor();
});
afterAll(() => processor[Symbol.asyncDispose]());

const source = async (): Promise<Sharp> => sharp(await photograph()).resize(1200);
/** 51° 30′ as EXIF stores it, in both byte orders. */
const GPS_BYTES = [
  '\x33\0\0\0\x01\0\0\0\x1e\0\0\0\x01\0\0\0',
  '\0\0\0\x33\0\0\0\x01\0\0\0\x1e\0\0\0\x01',
];
const TRACES = [SECRET, SECRET.slice(0, 12), ...GPS_BYTES, 'ns.adobe.com', 'Photoshop', 'XMP Data'];

async function expectNoTrace(
  image: ProcessedImage,
  allowed: { neutralExif: boolean } = { neutralExif: false },
) {
  expect(image.renditions.length).toBeGreaterThanOrEqual(2);
  for (const file of image.renditions) {
    const bytes = (await readFile(file.path)).toString('latin1');
    for (const trace of TRACES)
      expect([file.name, trace, bytes.includes(trace)]).toEqual([file.name, trace, false]);
    const { exif, xmp, iptc, comments, gainMap } = await sharp(file.path).metadata();
    expect({ xmp, iptc, comments }).toEqual({
      xmp: undefined,
      iptc: undefined,
      comments: undefined,
    });
    if (allowed.neutralExif && gainMap) continue;
    expect([exif, bytes.includes('Exif\0\0')]).toEqual([undefined, false]);
  }
}

const cases: [string, () => Promise<Buffer>][] = [
  [
    'JPEG: EXIF, GPS, XMP, IPTC, comment, unknown segment',
    async () => jpegWithSecrets(await source()),
  ],
  ['PNG: eXIf, XMP, tEXt, zTXt', async () => pngWithSecrets(await source())],
  [
    'WebP: EXIF, XMP',
    async () =>
      withSecrets(await source())
        .webp()
        .toBuffer(),
  ],
  [
    'AVIF: EXIF, XMP',
    async () =>
      withSecrets((await source()).resize(600))
        .avif({ effort: 0 })
        .toBuffer(),
  ],
  ['GIF: comment, XMP', async () => gifWithSecrets((await source()).resize(400))],
  [
    'animated GIF: comment, XMP',
    async () => gifWithSecrets(sharp(await animation('gif', 4), { animated: true })),
  ],
  [
    'animated WebP: EXIF, XMP',
    async () =>
      withSecrets(sharp(await animation('webp', 4), { animated: true }))
        .webp()
        .toBuffer(),
  ],
  ['JPEG with a colour profile that talks', async () => talkativeProfile()],
];

test.each(cases)('M06 no rendition keeps anything of %s', async (_name, make) => {
  const bytes = await make();
  expect(bytes.includes(SECRET)).toBe(true);
  await expectNoTrace(await processor.process(bytes));
});

test('M06 no rendition of a HEIC keeps its EXIF', async () => {
  const heic = await heicFrom(await jpegWithSecrets(await source()));
  if (!heic) return process.stderr.write('heif-enc is not installed: HEIC was not tested\n');
  expect(heic.includes(SECRET)).toBe(true);
  await expectNoTrace(await processor.process(heic));
});

test('M06 a kept gain map brings no metadata, neither of the picture nor of the map', async () => {
  const bytes = await jpegWithGainMap(await photograph());
  expect(bytes.toString('latin1').split(SECRET).length).toBeGreaterThan(8);
  const image = await processor.process(bytes);
  // The encoder writes an EXIF block of its own with resolution and size, and nothing else.
  await expectNoTrace(image, { neutralExif: true });
  const { exif } = await sharp(image.renditions[0]?.path).metadata();
  expect(exif?.length).toBeLessThan(200);
});

/** Display P3 whose copyright text is the secret: the profile is kept as colours, not as bytes. */
async function talkativeProfile(): Promise<Buffer> {
  const jpeg = await (await source()).withIccProfile('p3').jpeg().toBuffer();
  const { icc } = await sharp(jpeg).metadata();
  if (!icc) throw new Error('sharp attaches its profile');
  const start = jpeg.indexOf(icc);
  const longer = Buffer.concat([icc, Buffer.from(SECRET)]);
  longer.writeUInt32BE(longer.length, 0);
  const segment = Buffer.concat([jpeg.subarray(start - 18, start), longer]);
  segment.writeUInt16BE(longer.length + 16, 2);
  return Buffer.concat([jpeg.subarray(0, start - 18), segment, jpeg.subarray(start + icc.length)]);
}

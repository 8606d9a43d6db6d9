// Files that lie, explode, are broken or are something else altogether: a typed refusal, and the server stays up.
import { readdir, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import type { Sharp } from 'sharp';
import { ImageRejected } from '../../src/media/internal/images/image-rejected.js';
import { rendition, testProcessor } from '../support/image-processor.js';
import type { TestProcessor } from '../support/image-processor.js';
import { photograph } from '../support/photographs.js';
import { flatPng, gifOfFrames, heicFrom, insertSegments, pngChunk } from '../support/pictures.js';

const MIB = 1024 * 1024;

let processor: TestProcessor;
beforeAll(async () => {
  processor = await testProcessor();
});
afterAll(() => processor[Symbol.asyncDispose]());

const small = (): Sharp =>
  sharp({ create: { width: 64, height: 48, channels: 3, background: '#3060c0' } });

describe('M01 polyglots', () => {
  const zip = Buffer.from(
    'PK\x03\x04\x14\x00\x00\x00\x08\x00META-INF/MANIFEST.MF payload PK\x05\x06',
    'latin1',
  );
  const html = '<script>alert(document.domain)</script>';
  const make: [string, () => Promise<Buffer>][] = [
    ['GIF with a JAR behind it', async () => Buffer.concat([await small().gif().toBuffer(), zip])],
    [
      'JPEG with a PDF behind it',
      async () => Buffer.concat([await small().jpeg().toBuffer(), Buffer.from(`%PDF-1.7 ${html}`)]),
    ],
    [
      'JPEG with a script in a comment',
      async () => insertSegments(await small().jpeg().toBuffer(), [[0xfe, Buffer.from(html)]]),
    ],
    [
      'PNG with HTML in a text chunk and behind its end',
      async () => {
        const png = await small().png().toBuffer();
        const text = pngChunk('tEXt', Buffer.from(`Title\0${html}`));
        return Buffer.concat([png.subarray(0, 33), text, png.subarray(33), Buffer.from(html), zip]);
      },
    ],
    [
      'WebP with an unknown chunk and a tail',
      async () => {
        const webp = await small().webp().toBuffer();
        const chunk = Buffer.concat([
          Buffer.from('JUNK'),
          Buffer.from([40, 0, 0, 0]),
          Buffer.from(html.padEnd(40)),
        ]);
        const whole = Buffer.concat([webp, chunk]);
        whole.writeUInt32LE(whole.length - 8, 4);
        return Buffer.concat([whole, zip]);
      },
    ],
  ];

  test.each(make)('M01 %s leaves only its pixels', async (_name, build) => {
    const image = await processor.process(await build());
    for (const file of image.renditions) {
      const bytes = await readFile(file.path);
      expect(bytes.toString('latin1')).not.toMatch(/META-INF|%PDF|<script|payload/);
      const end =
        file.mimeType === 'image/jpeg'
          ? bytes.lastIndexOf(Buffer.from([0xff, 0xd9])) + 2
          : bytes.readUInt32LE(4) + 8;
      expect(end).toBe(bytes.length);
    }
  });

  test('M01 a GIF header in front of JavaScript is damaged', async () => {
    const script = Buffer.from('GIF89a/*\x00\x00*/=1;alert(1);//'.padEnd(400, ' '), 'latin1');
    expect((await processor.refusal(script)).reason).toBe('DAMAGED');
  });
});

describe('M02 SVG', () => {
  test.each(['upload.svg', 'upload.jpg', 'upload.png'])(
    'M02 SVG named %s is refused',
    async (fileName) => {
      const svg = Buffer.from(
        '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="file:///etc/passwd"/></svg>',
      );
      expect((await processor.refusal(svg, fileName)).reason).toBe('UNSUPPORTED_TYPE');
    },
  );

  test('M02 an SVG inside a gzip is refused', async () => {
    const { gzipSync } = await import('node:zlib');
    expect(
      (await processor.refusal(gzipSync('<svg xmlns="http://www.w3.org/2000/svg"/>'))).reason,
    ).toBe('UNSUPPORTED_TYPE');
  });
});

describe('M03 bombs', () => {
  test.each([
    ['900 megapixels in 110 kB', () => flatPng(30_000, 30_000), 'TOO_MANY_PIXELS'],
    ['a strip of 1 × 65,535', () => flatPng(1, 65_535), 'TOO_MANY_PIXELS'],
    ['a strip of 65,535 × 1', () => flatPng(65_535, 1), 'TOO_MANY_PIXELS'],
    ['a GIF of 10,000 frames', () => gifOfFrames(10_000), 'TOO_MANY_FRAMES'],
  ] as const)('M03 %s is refused before it is decoded', async (_name, make, reason) => {
    await using fresh = await testProcessor({ parallel: 1 });
    await fresh.process(await small().png().toBuffer());
    const before = fresh.log.at(-1)?.maxRssBytes ?? NaN;
    const bytes = make();
    expect(bytes.length).toBeLessThan(MIB);
    const refusal = await fresh.refusal(bytes);
    expect(refusal.reason).toBe(reason);
    expect(refusal.message).toMatch(/too (large|long)/);
    expect((fresh.log.at(-1)?.maxRssBytes ?? NaN) - before).toBeLessThan(150 * MIB);
  });

  test('M03 an animation within both limits but long and large is refused', async () => {
    await using strict = await testProcessor({ maxPixels: 10_000, maxFrames: 100 });
    const frame = sharp({ create: { width: 90, height: 90, channels: 3, background: 'red' } });
    const frames = await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        frame
          .clone()
          .linear(1 - i / 9)
          .png()
          .toBuffer(),
      ),
    );
    const gif = await sharp(frames, { join: { animated: true } })
      .gif()
      .toBuffer();
    expect((await sharp(gif).metadata()).pages).toBe(8);
    expect((await strict.refusal(gif)).reason).toBe('TOO_MANY_PIXELS');
  });

  test('M03 the longest animation and the largest picture that are allowed pass', async () => {
    expect((await processor.process(gifOfFrames(600))).isAnimated).toBe(true);
    const large = await processor.process(flatPng(12_000, 10_000));
    expect(rendition(large, 'full')).toMatchObject({ width: 4096, height: 3413 });
  });
});

describe('M04 types that are not accepted', () => {
  const head = (text: string): Buffer => Buffer.from(text.padEnd(600, '\0'), 'latin1');
  const files: [string, () => Buffer | Promise<Buffer>][] = [
    ['TIFF', () => small().tiff().toBuffer()],
    ['PDF', () => head('%PDF-1.7\n1 0 obj <</Type /Catalog>> endobj')],
    ['PSD', () => head('8BPS\0\x01\0\0\0\0\0\0\0\x03')],
    ['ICO', () => head('\0\0\x01\0\x01\0\x10\x10\0\0\x01\0\x20\0')],
    ['BMP', () => head('BM\x36\0\0\0\0\0\0\0\x36\0\0\0')],
    ['JPEG XL', () => head('\0\0\0\x0cJXL \r\n\x87\n')],
    ['JPEG 2000', () => head('\0\0\0\x0cjP  \r\n\x87\n\0\0\0\x14ftypjp2 ')],
    ['VIPS', () => head('\x08\xf2\xa6\xb6\0\0\0\x40\0\0\0\x40')],
    ['OpenEXR', () => head('v/1\x01\x02\0\0\0')],
    ['Radiance', () => head('#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 1 +X 1\n')],
    ['FITS', () => head('SIMPLE  =                    T')],
    ['PPM', () => head('P6 64 48 255\n')],
    ['MP4', () => head('\0\0\0\x18ftypmp42\0\0\0\0mp42isom')],
    ['ELF', () => head('\x7fELF\x02\x01\x01')],
    ['HTML', () => head('<!doctype html><script>alert(1)</script>')],
  ];

  test.each(files)('M04 %s renamed .jpg is refused as a type', async (_name, make) => {
    const refusal = await processor.refusal(await make(), 'holiday.jpg');
    expect(refusal.reason).toBe('UNSUPPORTED_TYPE');
    expect(refusal.message).toBe(
      'This is not a picture of a supported type. Supported are JPEG, PNG, WebP, AVIF, GIF and HEIC.',
    );
  });

  test('M04 HEIC without its decoder is refused with the way out', async () => {
    await using without = await testProcessor({ heifConvertPath: null });
    await using missing = await testProcessor({ heifConvertPath: '/nowhere/heif-convert' });
    const heic = await heicFrom(await small().jpeg().toBuffer());
    if (!heic) return process.stderr.write('heif-enc is not installed: HEIC was not tested\n');
    for (const each of [without, missing]) {
      const refusal = await each.refusal(heic);
      expect(refusal.reason).toBe('DECODER_MISSING');
      expect(refusal.message).toContain('Upload the picture as JPEG instead');
    }
  });

  test('M04 a picture that starts as one type and goes on as another is damaged', async () => {
    const png = await small().png().toBuffer();
    const lying = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), png]);
    expect((await processor.refusal(lying)).reason).toBe('DAMAGED');
  });
});

describe('M05 broken files', () => {
  const formats = ['jpeg', 'png', 'webp', 'avif', 'gif'] as const;

  test('M05 an empty file is damaged', async () => {
    expect((await processor.refusal(Buffer.alloc(0))).reason).toBe('DAMAGED');
  });

  test.each(formats)(
    'M05 a %s cut off in the middle is damaged, and leaves no file behind',
    async (format) => {
      const whole = await sharp(await photograph())
        .resize(500)
        .toFormat(format)
        .toBuffer();
      const refusal = await processor.refusal(whole.subarray(0, whole.length * 0.6));
      expect(refusal.reason).toBe('DAMAGED');
      expect(refusal.message).toBe('The picture is damaged or incomplete.');
      const directories = (await readdir(processor.directory, { withFileTypes: true })).filter(
        (entry) => entry.isDirectory(),
      );
      const last = directories.map((entry) => Number(entry.name)).sort((a, b) => b - a)[0];
      expect(await readdir(`${processor.directory}/${last}`)).toEqual([]);
    },
  );

  test('M05 a truncated HEIC is damaged', async () => {
    const heic = await heicFrom(
      await sharp(await photograph())
        .resize(500)
        .jpeg()
        .toBuffer(),
    );
    if (!heic) return process.stderr.write('heif-enc is not installed: HEIC was not tested\n');
    expect((await processor.refusal(heic.subarray(0, heic.length * 0.6))).reason).toBe('DAMAGED');
  });

  test('M05 R29 2,000 fuzzed headers: every one ends in renditions or in a typed refusal, and the server goes on', async () => {
    const seeds = await Promise.all(formats.map((format) => small().toFormat(format).toBuffer()));
    const random = randomNumbers(20_261_123);
    const outcomes = { accepted: 0, refused: 0 };
    const one = async (index: number): Promise<void> => {
      const seed = seeds[index % seeds.length] ?? Buffer.alloc(0);
      const outcome = await processor
        .process(fuzz(seed, random), { purpose: 'avatar' })
        .catch((error: unknown) => error);
      if (outcome instanceof ImageRejected) outcomes.refused += 1;
      else if (outcome instanceof Error) throw outcome;
      else outcomes.accepted += 1;
    };
    for (let index = 0; index < 2000; index += 4) {
      await Promise.all([one(index), one(index + 1), one(index + 2), one(index + 3)]);
    }
    expect(outcomes.accepted + outcomes.refused).toBe(2000);
    expect(outcomes.refused).toBeGreaterThan(500);
    expect((await processor.process(await small().jpeg().toBuffer())).width).toBe(64);
  });
});

/** Changes one to eight bytes of the first 200, or cuts, or repeats a piece. */
function fuzz(seed: Buffer, random: (below: number) => number): Buffer {
  const bytes = Buffer.from(seed);
  const changes = 1 + random(8);
  for (let change = 0; change < changes; change += 1)
    bytes[random(Math.min(200, bytes.length))] = random(256);
  if (random(10) === 0) return bytes.subarray(0, 1 + random(bytes.length));
  if (random(10) === 0)
    return Buffer.concat([bytes.subarray(0, 20 + random(40)), bytes.subarray(random(20))]);
  return bytes;
}

/** The same numbers in every run (mulberry32). */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

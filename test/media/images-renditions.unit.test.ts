// What becomes of an honest picture: sizes, formats, colours, orientation, transparency, movement.
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import type { Sharp } from 'sharp';
import type { ProcessedImage } from '../../src/media/internal/images/image-processor.js';
import { rendition, testProcessor } from '../support/image-processor.js';
import type { TestProcessor } from '../support/image-processor.js';
import { photograph } from '../support/photographs.js';
import { animation, heicFrom, jpegWithGainMap } from '../support/pictures.js';

let processor: TestProcessor;
beforeAll(async () => {
  processor = await testProcessor();
});
afterAll(() => processor[Symbol.asyncDispose]());

const flat = (
  width: number,
  height: number,
  background: string | { r: number; g: number; b: number; alpha: number },
) =>
  sharp({
    create: { width, height, channels: typeof background === 'string' ? 3 : 4, background },
  });

const shapes = (image: ProcessedImage): string[] =>
  image.renditions.map(
    (file) => `${file.name} ${file.mimeType.slice(6)} ${file.width}×${file.height}`,
  );

async function pixelAt(path: string, x: number, y: number): Promise<number[]> {
  const pixel = await sharp(path)
    .keepIccProfile()
    .extract({ left: x, top: y, width: 1, height: 1 })
    .raw()
    .toBuffer();
  return [...pixel];
}

describe('sizes', () => {
  test('a photograph becomes five files, each as large as its place and none enlarged', async () => {
    const image = await processor.process(await readFile(await photograph()));
    const { width, height } = await sharp(await photograph()).metadata();
    expect(image).toMatchObject({
      sourceMimeType: 'image/jpeg',
      width,
      height,
      isAnimated: false,
      hasAlpha: false,
    });
    expect(image.renditions.map((file) => file.name)).toEqual([
      'full',
      'large',
      'medium',
      'small',
      'thumb',
    ]);
    expect(image.renditions.map((file) => Math.max(file.width, file.height))).toEqual([
      Math.min(4096, Math.max(width, height)),
      2048,
      1080,
      640,
      320,
    ]);
    for (const file of image.renditions) {
      const metadata = await sharp(file.path).metadata();
      expect(metadata).toMatchObject({
        format: file.mimeType.slice(6),
        width: file.width,
        height: file.height,
      });
      expect((await readFile(file.path)).length).toBe(file.sizeBytes);
    }
    expect(image.blurhash).toHaveLength(28);
    expect(image.dominantColor).toMatch(/^#[0-9a-f]{6}$/);
  });

  test('a picture smaller than a size does not get that size', async () => {
    const image = await processor.process(await flat(700, 500, '#204060').jpeg().toBuffer());
    expect(shapes(image)).toEqual([
      'full jpeg 700×500',
      'small webp 640×457',
      'thumb webp 320×229',
    ]);
    const tiny = await processor.process(await flat(1, 1, '#204060').png().toBuffer());
    expect(shapes(tiny)).toEqual(['full jpeg 1×1', 'thumb webp 1×1']);
    expect(tiny.dominantColor).toBe('#204060');
  });

  test('an avatar is a square of 400 and one of 200 from the middle; a small one is not enlarged', async () => {
    const image = await processor.process(await readFile(await photograph()), {
      purpose: 'avatar',
    });
    expect(shapes(image)).toEqual(['full jpeg 400×400', 'thumb webp 200×200']);
    const small = await processor.process(await flat(300, 150, 'red').png().toBuffer(), {
      purpose: 'avatar',
    });
    expect(shapes(small)).toEqual(['full jpeg 150×150', 'thumb webp 150×150']);
  });

  test('a header is at most 1500 wide and keeps its shape', async () => {
    const image = await processor.process(await flat(3000, 1000, 'navy').jpeg().toBuffer(), {
      purpose: 'header',
    });
    expect(shapes(image)).toEqual(['full jpeg 1500×500', 'thumb webp 640×213']);
  });
});

describe('formats', () => {
  test.each([
    ['png', 'image/png'],
    ['webp', 'image/webp'],
    ['avif', 'image/avif'],
    ['gif', 'image/gif'],
  ] as const)('%s is read by content, whatever its name', async (format, sourceMimeType) => {
    const bytes = await flat(400, 300, '#c03020').toFormat(format).toBuffer();
    const image = await processor.process(bytes, { fileName: 'note.txt' });
    expect(image).toMatchObject({ sourceMimeType, width: 400, height: 300, isAnimated: false });
    expect(shapes(image)).toEqual(['full jpeg 400×300', 'thumb webp 320×240']);
    expect(await pixelAt(rendition(image, 'full').path, 200, 150)).toEqual([
      expect.closeTo(0xc0, -1),
      expect.closeTo(0x30, -1),
      expect.closeTo(0x20, -1),
    ]);
  });

  test('HEIC comes through its own decoder', async () => {
    const heic = await heicFrom(
      await sharp(await photograph())
        .resize(1200)
        .jpeg()
        .toBuffer(),
    );
    if (!heic) return process.stderr.write('heif-enc is not installed: HEIC was not tested\n');
    const image = await processor.process(heic);
    expect(image.sourceMimeType).toBe('image/heic');
    expect(image.renditions.map((file) => file.name)).toEqual(['full', 'medium', 'small', 'thumb']);
    const held = await flat(300, 200, 'red').withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const turned = await processor.process((await heicFrom(held)) ?? held);
    expect([turned.width, turned.height]).toEqual([200, 300]);
  });

  test('grey, CMYK and sixteen-bit pictures become ordinary ones', async () => {
    const grey = await flat(500, 400, '#808080').greyscale().jpeg().toBuffer();
    const cmyk = await flat(500, 400, '#c03020').toColourspace('cmyk').jpeg().toBuffer();
    const deep = await flat(500, 400, '#c03020').toColourspace('rgb16').png().toBuffer();
    for (const [bytes, color] of [
      [grey, [128, 128, 128]],
      // What a press makes of this red: the general CMYK profile has no other.
      [cmyk, [193, 35, 7]],
      [deep, [192, 48, 32]],
    ] as const) {
      const { path } = rendition(await processor.process(bytes), 'full');
      const metadata = await sharp(path).metadata();
      expect(['srgb', 'b-w']).toContain(metadata.space);
      expect(metadata.depth).toBe('uchar');
      const [red = 0, green = red, blue = red] = await pixelAt(path, 250, 200);
      const distance = Math.hypot(red - color[0], green - color[1], blue - color[2]);
      expect(distance).toBeLessThan(4);
    }
  });
});

describe('orientation', () => {
  // Red is on top and green on the left of the top, whichever way the camera was held.
  const upright = async (): Promise<Buffer> =>
    flat(120, 80, 'blue')
      .composite([
        { input: await flat(120, 40, 'red').png().toBuffer(), top: 0, left: 0 },
        { input: await flat(40, 40, 'lime').png().toBuffer(), top: 0, left: 0 },
      ])
      .png()
      .toBuffer();
  const turns: Record<number, (image: Sharp) => Sharp> = {
    1: (image) => image,
    2: (image) => image.flop(),
    3: (image) => image.rotate(180),
    4: (image) => image.flip(),
    5: (image) => image.rotate(270).flop(),
    6: (image) => image.rotate(270),
    7: (image) => image.rotate(90).flop(),
    8: (image) => image.rotate(90),
  };

  test.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'M06 orientation %i of a camera is applied and then gone',
    async (orientation) => {
      const turned = await turns[orientation]?.(sharp(await upright()))
        .png()
        .toBuffer();
      const bytes = await sharp(turned)
        .withMetadata({ orientation })
        .jpeg({ quality: 100 })
        .toBuffer();
      const image = await processor.process(bytes);
      const { path } = rendition(image, 'full');
      expect([image.width, image.height]).toEqual([120, 80]);
      expect((await sharp(path).metadata()).orientation).toBeUndefined();
      const [topLeft, topRight, bottom] = [
        await pixelAt(path, 10, 10),
        await pixelAt(path, 100, 10),
        await pixelAt(path, 60, 70),
      ];
      expect(topLeft[1]).toBeGreaterThan(200);
      expect(topRight[0]).toBeGreaterThan(200);
      expect(bottom[2]).toBeGreaterThan(200);
    },
  );
});

describe('transparency', () => {
  test('a transparent picture keeps its alpha in every size', async () => {
    const hole = { r: 200, g: 20, b: 20, alpha: 0.25 };
    const image = await processor.process(await flat(1200, 900, hole).png().toBuffer());
    expect(image.hasAlpha).toBe(true);
    expect(shapes(image)).toEqual([
      'full webp 1200×900',
      'medium webp 1080×810',
      'small webp 640×480',
      'thumb webp 320×240',
      'opaque jpeg 1200×900',
    ]);
    for (const file of image.renditions.filter(({ name }) => name !== 'opaque')) {
      const [red, , , alpha] = await pixelAt(file.path, 100, 100);
      expect(red).toBeGreaterThan(180);
      expect(alpha).toBe(64);
    }
    // A quarter of that red before white.
    const [red = 0, green = 0] = await pixelAt(rendition(image, 'opaque').path, 100, 100);
    expect([Math.abs(red - 241) < 8, Math.abs(green - 196) < 8]).toEqual([true, true]);
  });

  test('an alpha channel that hides nothing does not make a picture transparent', async () => {
    const image = await processor.process(
      await flat(700, 500, { r: 9, g: 99, b: 199, alpha: 1 }).png().toBuffer(),
    );
    expect(image.hasAlpha).toBe(false);
    expect(rendition(image, 'full').mimeType).toBe('image/jpeg');
  });
});

describe('movement', () => {
  test.each(['gif', 'webp'] as const)(
    'an animated %s moves on, and has a still',
    async (format) => {
      const image = await processor.process(await animation(format, 12));
      expect(image).toMatchObject({ isAnimated: true, width: 120, height: 120, hasAlpha: true });
      expect(shapes(image)).toEqual([
        'full webp 120×120',
        'still webp 120×120',
        'thumb webp 120×120',
        'opaque jpeg 120×120',
      ]);
      const full = await sharp(rendition(image, 'full').path, { pages: -1 }).metadata();
      expect(full).toMatchObject({
        pages: 12,
        delay: Array.from({ length: 12 }, () => 80),
        loop: 0,
      });
      expect((await sharp(rendition(image, 'still').path).metadata()).pages).toBeUndefined();
    },
  );

  test('an animated avatar is cropped in every frame', async () => {
    const wide = await sharp(await animation('gif', 5), { animated: true })
      .resize({ width: 500, height: 300, fit: 'fill' })
      .gif()
      .toBuffer();
    const image = await processor.process(wide, { purpose: 'avatar' });
    expect(shapes(image)).toEqual([
      'full webp 300×300',
      'still webp 300×300',
      'thumb webp 200×200',
      'opaque jpeg 300×300',
    ]);
    expect((await sharp(rendition(image, 'full').path).metadata()).pages).toBe(5);
  });
});

describe('colour', () => {
  /** Red as no sRGB screen shows it: full red of Display P3. */
  const p3Red = async (): Promise<Buffer> => {
    const tagged = await flat(1400, 1000, 'red').withIccProfile('p3').png().toBuffer();
    return sharp(tagged).keepIccProfile().linear([10, 0, 0], [0, 0, 0]).png().toBuffer();
  };

  test("colours beyond sRGB survive in the large files, with the library's own profile", async () => {
    const source = await p3Red();
    const image = await processor.process(source);
    const { path } = rendition(image, 'full');
    const { icc } = await sharp(path).metadata();
    expect(icc).toEqual(
      (await sharp(await flat(8, 8, 'red').withIccProfile('p3').jpeg().toBuffer()).metadata()).icc,
    );
    const [red = 0, green = 99, blue = 99] = await pixelAt(path, 700, 500);
    expect(red).toBeGreaterThanOrEqual(252);
    expect(Math.max(green, blue)).toBeLessThanOrEqual(4);
  });

  test('feed sizes are plain sRGB', async () => {
    const image = await processor.process(await p3Red());
    for (const name of ['medium', 'small', 'thumb'] as const) {
      expect((await sharp(rendition(image, name).path).metadata()).icc).toBeUndefined();
    }
  });

  test('an sRGB profile, and whatever hides in it, is converted away', async () => {
    const image = await processor.process(
      await flat(500, 400, '#c03020').withIccProfile('srgb').jpeg().toBuffer(),
    );
    expect((await sharp(rendition(image, 'full').path).metadata()).icc).toBeUndefined();
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'an HDR gain map stays with the large sizes, upright (orientation %i)',
    async (turns) => {
      const source = await jpegWithGainMap(await photograph(), turns);
      expect((await sharp(source).metadata()).gainMap).toBeDefined();
      const image = await processor.process(source);
      const full = rendition(image, 'full');
      const map = (await sharp(full.path).metadata()).gainMap?.image;
      const { data, info } = await sharp(map)
        .toColourspace('b-w')
        .raw()
        .toBuffer({ resolveWithObject: true });
      expect([full.width, full.height]).toEqual(turns < 5 ? [1600, 1200] : [1200, 1600]);
      expect([info.width, info.height]).toEqual([full.width / 4, full.height / 4]);
      // The map of this test is the picture in grey: lying right over it, it differs little.
      const grey = await sharp(full.path)
        .resize(info.width, info.height)
        .toColourspace('b-w')
        .raw()
        .toBuffer();
      expect(
        data.reduce((sum, value, at) => sum + Math.abs(value - (grey[at] ?? 0)), 0) / data.length,
      ).toBeLessThan(8);
      expect((await sharp(rendition(image, 'medium').path).metadata()).gainMap).toBeUndefined();
    },
  );

  test('a broken gain map costs the map, not the picture', async () => {
    const source = await jpegWithGainMap(await photograph());
    const map = source.lastIndexOf(Buffer.from([0xff, 0xda]));
    expect((await sharp(source).metadata()).gainMap).toBeDefined();
    for (let at = map - 400; at < source.length - 2; at += 1) source[at] = (at * 131) & 0xff;
    const image = await processor.process(source);
    expect(rendition(image, 'full')).toMatchObject({ width: 1600, height: 1200 });
  });
});

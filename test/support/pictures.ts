// Pictures made for tests: with secrets in every corner of every container, and with what attackers send.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import sharp from 'sharp';
import type { Exif, Sharp } from 'sharp';

/** Debian's libheif tools; tests that need them say so when they are missing. */
export const HEIF_CONVERT = '/usr/bin/heif-convert';
const HEIF_ENC = '/usr/bin/heif-enc';

/** Stands in every piece of metadata that `withSecrets` writes. */
export const SECRET = 'SECRET-51.5007N-0.1246W';

const SECRET_EXIF: Exif = {
  IFD0: { Copyright: SECRET, Make: SECRET, Model: SECRET, ImageDescription: SECRET },
  IFD2: { UserComment: SECRET, BodySerialNumber: SECRET },
  IFD3: {
    GPSLatitudeRef: 'N',
    GPSLatitude: '51/1 30/1 3230/100',
    GPSLongitudeRef: 'W',
    GPSLongitude: '0/1 7/1 4366/100',
    GPSAreaInformation: SECRET,
  },
};

const SECRET_XMP =
  '<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF ' +
  'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description ' +
  `xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:GPSLatitude="${SECRET}"/></rdf:RDF></x:xmpmeta><?xpacket end="w"?>`;

/** A temporary directory that removes itself. */
export async function temporaryDirectory(): Promise<AsyncDisposable & { path: string }> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'triptych-pictures-'));
  return {
    path: directory,
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  };
}

/** EXIF with GPS and XMP, as the encoder of the format writes them. */
export function withSecrets(image: Sharp): Sharp {
  return image.withExif(SECRET_EXIF).withXmp(SECRET_XMP);
}

/** A JPEG that also has IPTC, a comment and unknown application segments. */
export async function jpegWithSecrets(source: Sharp): Promise<Buffer> {
  const jpeg = await withSecrets(source).jpeg({ quality: 90 }).toBuffer();
  const iptc = Buffer.concat([
    Buffer.from('Photoshop 3.0\x008BIM\x04\x04\0\0\0\0', 'latin1'),
    Buffer.from([0, SECRET.length + 5, 0x1c, 2, 116, 0, SECRET.length]),
    Buffer.from(SECRET),
  ]);
  return insertSegments(jpeg, [
    [0xed, iptc],
    [0xfe, Buffer.from(SECRET)],
    [0xe7, Buffer.from(`maker ${SECRET}`)],
  ]);
}

/** Puts segments directly behind the start of a JPEG. */
export function insertSegments(
  jpeg: Buffer,
  segments: [marker: number, content: Buffer][],
): Buffer {
  const encoded = segments.map(([marker, content]) => {
    const head = Buffer.from([0xff, marker, 0, 0]);
    head.writeUInt16BE(content.length + 2, 2);
    return Buffer.concat([head, content]);
  });
  return Buffer.concat([jpeg.subarray(0, 2), ...encoded, jpeg.subarray(2)]);
}

/** A PNG with eXIf, XMP and text chunks. */
export async function pngWithSecrets(source: Sharp): Promise<Buffer> {
  const png = await withSecrets(source).png().toBuffer();
  const afterHeader = 8 + 25;
  return Buffer.concat([
    png.subarray(0, afterHeader),
    pngChunk('tEXt', Buffer.from(`Comment\0${SECRET}`)),
    pngChunk(
      'zTXt',
      Buffer.concat([Buffer.from('Author\0\0'), zlib.deflateSync(SECRET, { level: 0 })]),
    ),
    png.subarray(afterHeader),
  ]);
}

/** One chunk with its checksum. */
export function pngChunk(type: string, content: Buffer): Buffer {
  const chunk = Buffer.alloc(12 + content.length);
  chunk.writeUInt32BE(content.length, 0);
  chunk.write(type, 4, 'latin1');
  content.copy(chunk, 8);
  chunk.writeUInt32BE(zlib.crc32(chunk.subarray(4, 8 + content.length)), 8 + content.length);
  return chunk;
}

/** A GIF with a comment and an XMP application extension. */
export async function gifWithSecrets(source: Sharp): Promise<Buffer> {
  const gif = await source.gif().toBuffer();
  const subBlocks = (text: string): Buffer => {
    const bytes = Buffer.from(text.slice(0, 250));
    return Buffer.concat([Buffer.from([bytes.length]), bytes, Buffer.from([0])]);
  };
  const extensions = Buffer.concat([
    Buffer.from([0x21, 0xfe]),
    subBlocks(SECRET),
    Buffer.from([0x21, 0xff, 11]),
    Buffer.from('XMP DataXMP'),
    subBlocks(SECRET),
  ]);
  const packed = gif[10] ?? 0;
  const afterColours = 13 + (packed & 0x80 ? 3 * 2 ** ((packed & 7) + 1) : 0);
  return Buffer.concat([gif.subarray(0, afterColours), extensions, gif.subarray(afterColours)]);
}

/** A HEIC file by libheif's encoder, with the EXIF of the given JPEG; null where the encoder is missing. */
export async function heicFrom(jpeg: Buffer): Promise<Buffer | null> {
  await using directory = await temporaryDirectory();
  const input = path.join(directory.path, 'in.jpg');
  const output = path.join(directory.path, 'out.heic');
  await writeFile(input, jpeg);
  try {
    await promisify(execFile)(HEIF_ENC, ['-q', '80', input, '-o', output]);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  return await readFile(output);
}

/** A JPEG with an HDR gain map as phones write it (Adobe's metadata), and secrets in both of its pictures. */
export async function jpegWithGainMap(source: string, orientation = 1): Promise<Buffer> {
  const [width, height] = [1600, 1200];
  const base = await sharp(source)
    .resize({ width, height, fit: 'cover' })
    .withMetadata({ orientation })
    .withExifMerge(SECRET_EXIF)
    .jpeg({ quality: 95 })
    .toBuffer();
  const map = await sharp(source)
    .resize({ width: width / 4, height: height / 4, fit: 'cover' })
    .greyscale()
    .withExif(SECRET_EXIF)
    .jpeg({ quality: 90 })
    .toBuffer();
  const hdrgm = 'xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" hdrgm:Version="1.0"';
  const described = insertSegments(map, [
    [
      0xe1,
      xmpSegment(
        `${hdrgm} hdrgm:GainMapMax="2.0" hdrgm:HDRCapacityMax="2.0" hdrgm:HDRCapacityMin="0"`,
      ),
    ],
  ]);
  return Buffer.concat([
    insertSegments(base, [
      [0xe1, xmpSegment(hdrgm)],
      [0xe2, multiPictureFormat()],
    ]),
    described,
  ]);
}

function xmpSegment(attributes: string): Buffer {
  return Buffer.from(
    'http://ns.adobe.com/xap/1.0/\0<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF ' +
      'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description ' +
      `${attributes}></rdf:Description></rdf:RDF></x:xmpmeta>`,
  );
}

/** The index segment that makes readers look for a second picture (CIPA DC-007), with two entries. */
function multiPictureFormat(): Buffer {
  const tiff = Buffer.alloc(82);
  tiff.write('MM\0*', 0, 'latin1');
  tiff.writeUInt32BE(8, 4);
  tiff.writeUInt16BE(3, 8);
  const entries = [
    [0xb000, 7, 4, 0x30313030],
    [0xb001, 4, 1, 2],
    [0xb002, 7, 32, 50],
  ] as const;
  entries.forEach(([tag, type, count, value], index) => {
    tiff.writeUInt16BE(tag, 10 + index * 12);
    tiff.writeUInt16BE(type, 12 + index * 12);
    tiff.writeUInt32BE(count, 14 + index * 12);
    tiff.writeUInt32BE(value, 18 + index * 12);
  });
  tiff.writeUInt32BE(0x030000, 50);
  return Buffer.concat([Buffer.from('MPF\0'), tiff]);
}

/** A black one-bit PNG of any size: 30,000 × 30,000 px are about 110 kB. */
export function flatPng(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 1;
  const rows = Buffer.alloc((Math.ceil(width / 8) + 1) * height);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    pngChunk('IHDR', header),
    pngChunk('IDAT', zlib.deflateSync(rows, { level: 9 })),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A GIF of 1 × 1 px with any number of frames. */
export function gifOfFrames(frames: number): Buffer {
  const screen = Buffer.from([
    ...Buffer.from('GIF89a'),
    1,
    0,
    1,
    0,
    0x80,
    0,
    0,
    0,
    0,
    0,
    255,
    255,
    255,
  ]);
  const control = [0x21, 0xf9, 4, 0, 5, 0, 0, 0];
  const frame = Buffer.from([...control, 0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0]);
  return Buffer.concat([
    screen,
    ...Array.from({ length: frames }, () => frame),
    Buffer.from([0x3b]),
  ]);
}

/** An animation of moving bars with transparent corners. */
export async function animation(
  format: 'gif' | 'webp',
  frames: number,
  side = 120,
): Promise<Buffer> {
  const pages = await Promise.all(
    Array.from({ length: frames }, (_, index) => {
      const bar = `<rect x="${(index * 20) % side}" width="30" height="100%" fill="hsl(${index * 30},80%,50%)"/>`;
      const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}">${bar}</svg>`;
      return sharp(Buffer.from(svg)).png().toBuffer();
    }),
  );
  const joined = sharp(pages, { join: { animated: true } });
  const delay = pages.map(() => 80);
  return format === 'gif' ? joined.gif({ delay }).toBuffer() : joined.webp({ delay }).toBuffer();
}

/** A JPEG of one colour, as large as other servers show. */
export function flatJpeg(colour: string): Promise<Buffer> {
  return sharp({ create: { width: 640, height: 480, channels: 3, background: colour } })
    .jpeg()
    .toBuffer();
}

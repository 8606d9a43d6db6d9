// The only door to sharp: one thread, no cache, and only the loaders of the accepted types.
import sharp from 'sharp';
import type { Sharp, SharpOptions } from 'sharp';

declare module 'sharp' {
  interface Sharp {
    /** Carries an HDR gain map over, resized and turned with its picture; JPEG output only. */
    keepGainMap(): Sharp;
  }
}

sharp.concurrency(1);
sharp.cache(false);
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: [
    'VipsForeignLoadJpeg',
    // JPEG with an HDR gain map.
    'VipsForeignLoadUhdr',
    'VipsForeignLoadPng',
    'VipsForeignLoadWebp',
    'VipsForeignLoadNsgif',
    // AVIF; what else it could open is sorted out before anything is decoded.
    'VipsForeignLoadHeif',
  ],
});

/**
 * Opens an uploaded file or an intermediate picture. Reading beyond `limitInputPixels` or beyond the end of a
 * truncated file is an error; warnings, which real cameras cause, are not.
 */
export function open(source: string | Buffer, options: SharpOptions = {}): Sharp {
  return sharp(source, { failOn: 'error', sequentialRead: true, ...options });
}

/** Opens bare pixels, eight bits per channel. */
export function openRaw(
  pixels: Buffer,
  width: number,
  height: number,
  channels: 1 | 2 | 3 | 4,
): Sharp {
  return sharp(pixels, { raw: { width, height, channels }, limitInputPixels: false });
}

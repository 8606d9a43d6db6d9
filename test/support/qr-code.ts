// Reads QR codes with a decoder that has nothing in common with what draws them.
import jsqrModule from 'jsqr';
import sharp from 'sharp';

// The package is CommonJS whose one export is called default.
const jsQR = jsqrModule as unknown as typeof jsqrModule.default;

/** What a picture of a code says, drawn at a width; null when it cannot be read. */
export async function readQrCode(svg: string, width = 400): Promise<string | null> {
  const { data, info } = await sharp(Buffer.from(svg))
    .resize(width)
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return jsQR(new Uint8ClampedArray(data), info.width, info.height)?.data ?? null;
}

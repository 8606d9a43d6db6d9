/** Pictures in ActivityStreams documents: attachments of posts, and the icon and image of profiles. */
import type { RemoteMedia } from '../../media/add-remote-media.js';
import type { JsonObject } from './read-document.js';
import { isOfType, listOf, objectOf, textOf, webAddressOf } from './read-properties.js';

const PICTURE_TYPES = new Set(['Document', 'Image', 'Link']);
const PICTURE_MIME = /^image\/(?:jpeg|png|webp|avif|gif)$/;
const PICTURE_NAME = /\.(jpe?g|png|webp|avif|gif)$/i;
const LONGEST_URL = 2_048;
const MOST_PIXELS = 65_535;
/** Of one picture in several sizes as many are looked at. */
const MOST_SIZES = 16;
/** Until its content says what it is. */
const UNKNOWN_TYPE = 'application/octet-stream';

/** The picture of an attachment; null when it is none that we show. */
export function readPicture(attachment: JsonObject): RemoteMedia | null {
  if (!isOfType(attachment, PICTURE_TYPES)) return null;
  const picture = pictureOf(attachment);
  return picture && PICTURE_MIME.test(picture.mimeType) ? picture : null;
}

/**
 * The picture of a profile or video, as an address, a Link or an Image; of several sizes the widest. Its type may be
 * untold, as its content decides.
 */
export function readWidestPicture(value: unknown): RemoteMedia | null {
  const sizes = listOf(value)
    .slice(0, MOST_SIZES)
    .map((one) => pictureOf(objectOf(one) ?? { url: one }))
    .filter((picture) => picture !== null);
  return sizes.toSorted((one, other) => (other.width ?? 0) - (one.width ?? 0))[0] ?? null;
}

function pictureOf(described: JsonObject): RemoteMedia | null {
  const url = webAddressOf(described['url'] ?? described['href']);
  if (url === null || url.length > LONGEST_URL) return null;
  const [focalX, focalY] = focalPointOf(described['focalPoint']);
  return {
    url,
    mimeType: toldTypeOf(described) ?? mimeTypeOf(url) ?? UNKNOWN_TYPE,
    altText: textOf(described['name']) ?? textOf(described['summary']),
    blurhash: blurhashOf(described['blurhash']),
    width: sideOf(described['width']),
    height: sideOf(described['height']),
    focalX,
    focalY,
  };
}

/** Pixelfed lets JPEG be called by the ending of its files. */
function toldTypeOf({ mediaType }: JsonObject): string | null {
  const type = textOf(mediaType)?.split(';')[0]!.trim().toLowerCase() ?? '';
  if (type === '') return null;
  return type === 'image/jpg' ? 'image/jpeg' : type;
}

function mimeTypeOf(url: string): string | null {
  const ending = PICTURE_NAME.exec(new URL(url).pathname)?.[1]?.toLowerCase();
  return ending === undefined ? null : `image/${ending === 'jpg' ? 'jpeg' : ending}`;
}

/** A width or height in px; null for what is none. */
export function sideOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= MOST_PIXELS
    ? value
    : null;
}

/** A blurhash; null for what is none. */
export function blurhashOf(value: unknown): string | null {
  const blurhash = textOf(value);
  return blurhash !== null && /^[\x20-\x7E]{6,100}$/.test(blurhash) ? blurhash : null;
}

function focalPointOf(value: unknown): [number, number] {
  const [x, y] = listOf(value);
  const isInside = (one: unknown): one is number =>
    typeof one === 'number' && one >= -1 && one <= 1;
  return isInside(x) && isInside(y) ? [x, y] : [0, 0];
}

/** Pictures of this server as other servers are told of them. */
import { lastingUrl } from '../../media/media-url.js';
import { OPAQUE, type MediaRow } from '../../media/media-row.js';
import type { Services } from '../../platform/context.js';

/** Address, type and size of a picture. */
export interface PictureLink {
  readonly url: string;
  readonly mimeType: string;
  readonly width: number;
  readonly height: number;
}

/** Peers make their own copies; small ones, for faces. */
const PICTURE_NAMES = ['large', 'full', 'medium', 'still', OPAQUE, 'small', 'thumb'];

/**
 * The rendition that other servers get: a JPEG where there is one, as Pixelfed drops whatever has anything else, and the
 * size of that very file, as it drops what is wider than 5,000 px.
 */
export function pictureLink(services: Services, media: MediaRow | undefined): PictureLink | null {
  const named = PICTURE_NAMES.map((name) => media?.renditions.find((one) => one.name === name));
  const [first] = named.filter((one) => one !== undefined);
  const best = named.find((one) => one?.mimeType === 'image/jpeg') ?? first;
  if (!media || !best) return null;
  const { mimeType, width, height } = best;
  return { url: lastingUrl(services, media, best), mimeType, width, height };
}

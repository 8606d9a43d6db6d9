/** Pictures of this server as other servers are told of them. */
import { mediaUrl } from '../../media/media-url.js';
import type { MediaRow } from '../../media/media-row.js';
import type { Services } from '../../platform/context.js';

/** Address and type of a picture. */
export interface PictureLink {
  readonly url: string;
  readonly mimeType: string;
}

/** Peers make their own copies; small ones, for faces. */
const PICTURE_NAMES = ['large', 'full', 'small', 'thumb'];

/** The rendition that other servers get: a JPEG where there is one, as not everybody reads more. */
export function pictureLink(services: Services, media: MediaRow | undefined): PictureLink | null {
  const named = PICTURE_NAMES.map((name) => media?.renditions.find((one) => one.name === name));
  const [first] = named.filter((one) => one !== undefined);
  const best = named.find((one) => one?.mimeType === 'image/jpeg') ?? first;
  return media && best ? { url: mediaUrl(services, media, best), mimeType: best.mimeType } : null;
}

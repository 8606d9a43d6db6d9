/**
 * Addresses of renditions. A public one is stable; a private one is signed for at most an hour, and is
 * only made for somebody who may see the asset; it ends with what shows the asset to them, where that has an end.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Services } from '../platform/context.js';
import { toGlobalId } from '../platform/ids.js';
import type { MediaAccess, MediaId } from './media.entity.js';
import type { RenditionRow } from './media.queries.js';

type Signer = Pick<Services, 'config' | 'sealer' | 'clock'>;

/** Links made within the same ten minutes are the same link, so that clients can cache what they fetch. */
const STEP_SECONDS = 600;
const LIFE_SECONDS = 3_000;

const EXTENSIONS: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
  'image/avif': 'avif',
  'image/gif': 'gif',
};

/** File name of a rendition in its address. */
export function renditionFileName(rendition: Pick<RenditionRow, 'name' | 'mimeType'>): string {
  return `${rendition.name}.${EXTENSIONS[rendition.mimeType] ?? 'bin'}`;
}

/** Address of a rendition for somebody who may see it. */
export function mediaUrl(
  services: Signer,
  media: { id: MediaId; access: MediaAccess; linksEnd?: Date | null },
  rendition: Pick<RenditionRow, 'name' | 'mimeType'>,
): string {
  const path = `/media/${toGlobalId('media', media.id)}/${renditionFileName(rendition)}`;
  const url = services.config.publicUrl.origin + path;
  if (media.access === 'PUBLIC') return url;
  const now = Math.floor(services.clock.now().getTime() / 1000);
  const usual = Math.ceil(now / STEP_SECONDS) * STEP_SECONDS + LIFE_SECONDS;
  const end = media.linksEnd ? Math.floor(media.linksEnd.getTime() / 1000) : usual;
  const expires = Math.min(usual, end);
  return `${url}?expires=${expires}&signature=${sign(services, media.id, rendition.name, expires)}`;
}

/** True for a signature of this server over this rendition that has not expired. */
export function isSigned(
  services: Signer,
  mediaId: MediaId,
  renditionName: string,
  query: { expires?: unknown; signature?: unknown },
): boolean {
  if (typeof query.expires !== 'string' || typeof query.signature !== 'string') return false;
  const expires = Number(query.expires);
  if (!Number.isSafeInteger(expires) || expires * 1000 < services.clock.now().getTime())
    return false;
  const expected = Buffer.from(sign(services, mediaId, renditionName, expires));
  const given = Buffer.from(query.signature);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function sign(services: Signer, mediaId: MediaId, renditionName: string, expires: number): string {
  return createHmac('sha256', services.sealer.deriveKey('media-url'))
    .update(`${mediaId}/${renditionName}:${expires}`)
    .digest('base64url');
}

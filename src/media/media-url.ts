/**
 * Addresses of renditions. A public one is stable; a private one is signed for at most an hour, and is
 * only made for somebody who may see the asset; it ends with what shows the asset to them, where that has an end. It names
 * them, so that each fetch can ask whether they still may.
 * Other servers keep what they are given, so theirs ends only with what shows the asset.
 * Files that a playlist leads to are signed when the playlist is fetched, so that one address plays a whole video; none of
 * them outlives the address by more than watching it takes.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Services } from '../platform/context.js';
import { toGlobalId } from '../platform/ids.js';
import { nameViewer, readViewer, type ViewerId } from './internal/viewer-name.js';
import type { MediaAccess, MediaId } from './media.entity.js';
import type { RenditionRow } from './media-row.js';

/** What signs, and for whom. */
export interface Signer extends Pick<Services, 'config' | 'sealer' | 'clock'> {
  /** Whoever is given the address; null or absent = nobody in particular. */
  readonly viewer?: { readonly actorId: ViewerId } | null;
  /** The address goes to several people, so it names none of them. */
  readonly isForMany?: boolean;
}

/** Links made within the same ten minutes are the same link, so that clients can cache what they fetch. */
const STEP_SECONDS = 600;
/** What stands in the place of an end. */
const LASTING = 'lasting';
const LIFE_SECONDS = 3_000;
/** Whoever fetched a playlist, also in the last minute of its address, can watch all of the video, with a pause. */
const WATCHING = { atLeast: 600, timesAsLong: 1.5, atMost: 4 * 3_600, ofUnknownLength: 3_600 };

/** Type of HLS playlists. */
export const PLAYLIST = 'application/vnd.apple.mpegurl';

const EXTENSIONS: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
  'image/avif': 'avif',
  'image/gif': 'gif',
  'video/mp4': 'mp4',
  'audio/mp4': 'mp4',
  [PLAYLIST]: 'm3u8',
  'text/vtt': 'vtt',
};

/** What the address of a rendition is made of. */
export type NamedRendition = Pick<RenditionRow, 'name' | 'mimeType' | 'version'>;

/** File name of a rendition in its address; what replaces another has a new one, so that no cache gives the former. */
export function renditionFileName({ name, mimeType, version = 0 }: NamedRendition): string {
  const words = version === 0 ? [name] : [name, version];
  return `${words.join('.')}.${EXTENSIONS[mimeType] ?? 'bin'}`;
}

/** Whether this was the file name of a rendition before it was replaced; whoever still has it gets what there is now. */
export function isFormerFileName(file: string, { name, version = 0 }: NamedRendition): boolean {
  const [given, number, ...more] = file.split('.');
  if (given !== name || number === undefined || more.length > 1) return false;
  return more.length === 0
    ? version > 0
    : /^[1-9]\d{0,8}$/.test(number) && Number(number) < version;
}

/** An asset of which an address is signed. */
export interface SignedMedia {
  readonly id: MediaId;
  /** Those of a public one name nobody. */
  readonly access?: MediaAccess;
  /** When the asset is not shown any more; null or absent = no such moment is known. */
  readonly linksEnd?: Date | null;
}

/** Address of a rendition for somebody who may see it. */
export function mediaUrl(
  services: Signer,
  media: SignedMedia & { readonly access: MediaAccess },
  rendition: NamedRendition,
): string {
  const url = plainUrl(services, media, rendition);
  if (media.access === 'PUBLIC') return url;
  return url + linkQuery(services, media, rendition.name);
}

/**
 * Address of a rendition for other servers, which keep it with the post that it came with, bring it to whoever sees that, or
 * hear of it only days later: it is always the same, and leads somewhere as long as that post is there.
 */
export function lastingUrl(
  services: Signer,
  media: { readonly id: MediaId; readonly access: MediaAccess },
  rendition: NamedRendition,
): string {
  const url = plainUrl(services, media, rendition);
  if (media.access === 'PUBLIC') return url;
  return `${url}?lasting=true&signature=${signatureOf(services, media.id, rendition.name, LASTING)}`;
}

/**
 * Address of a rendition for somebody who may keep a copy of it: browsers save what is there. It is signed even where
 * everybody sees the rendition, as not everybody who sees it may keep it.
 */
export function downloadUrl(
  services: Signer,
  media: SignedMedia,
  rendition: NamedRendition,
): string {
  const signed = linkQuery(services, media, keptName(rendition.name));
  return `${plainUrl(services, media, rendition)}${signed}&download=true`;
}

/** What the signature of an address is over that saves a copy. */
export function keptName(name: string): string {
  return `${name}/download`;
}

function plainUrl(services: Signer, media: { id: MediaId }, rendition: NamedRendition): string {
  const path = `/media/${toGlobalId('media', media.id)}/${renditionFileName(rendition)}`;
  return services.config.publicUrl.origin + path;
}

/** What follows an address that is given to somebody who may see the asset: it lasts for 50 minutes to an hour. */
export function linkQuery(services: Signer, media: SignedMedia, name: string): string {
  const until = media.linksEnd ? seconds(media.linksEnd) : null;
  const expires = end(services, LIFE_SECONDS, until);
  const isNamed = media.access !== 'PUBLIC' && services.isForMany !== true;
  const viewerId = isNamed ? (services.viewer?.actorId ?? null) : null;
  return signedQuery(services, media.id, name, { expires, until, viewerId });
}

/** What a signed address says about its end, and for whom it was made. */
export interface SignedTerm {
  /** In seconds since 1970. */
  readonly expires: number;
  /** When the asset is not shown any more, which no address made from this one outlives; null = no such end is known. */
  readonly until: number | null;
  /** Who must still be able to see the asset when it is fetched; null = nobody in particular. */
  readonly viewerId: ViewerId | null;
  /** It was made for other servers: whoever has it sees the asset as long as what shows it is there. */
  readonly isLasting?: true;
}

/**
 * What addresses inside of a playlist say that was fetched with a signed address: they end with it, or once the video can
 * have been watched. What is inside of those ends at the same moment, however late it is asked for.
 */
export function innerTerm(
  services: Signer,
  { expires, until, viewerId }: SignedTerm,
  durationMs: number | null,
): SignedTerm {
  const { atLeast, timesAsLong, atMost, ofUnknownLength } = WATCHING;
  const length = durationMs === null ? ofUnknownLength : (durationMs / 1000) * timesAsLong;
  const watched = end(services, Math.min(atLeast + Math.ceil(length), atMost), until);
  const last = Math.min(Math.max(expires, watched), until ?? Infinity);
  return { expires: last, until: last, viewerId };
}

/** What follows an address inside of a playlist, of the term of all of them. */
export function innerQuery(
  services: Signer,
  mediaId: MediaId,
  name: string,
  term: SignedTerm,
): string {
  return signedQuery(services, mediaId, name, term);
}

/** What a signature of this server over this name says, while it lasts; null for any other. */
export function readSigned(
  services: Signer,
  mediaId: MediaId,
  name: string,
  query: Readonly<Record<string, unknown>>,
): SignedTerm | null {
  const { signature, viewer, lasting } = query;
  if (lasting !== undefined) {
    const right = signatureOf(services, mediaId, name, LASTING);
    if (!isSame(signature, right)) return null;
    return {
      expires: end(services, LIFE_SECONDS, null),
      until: null,
      viewerId: null,
      isLasting: true,
    };
  }
  const expires = readSeconds(query['expires']);
  const until = query['until'] === undefined ? null : readSeconds(query['until']);
  if (typeof signature !== 'string' || expires === null) return null;
  if (expires * 1000 < services.clock.now().getTime()) return null;
  const viewerId = viewer === undefined ? null : readViewer(services, mediaId, viewer);
  if (viewer !== undefined && viewerId === null) return null;
  const term = { expires, until, viewerId };
  return isSame(signature, sign(services, mediaId, name, term)) ? term : null;
}

function isSame(signature: unknown, right: string): boolean {
  if (typeof signature !== 'string') return false;
  const [given, expected] = [Buffer.from(signature), Buffer.from(right)];
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function end(services: Signer, life: number, until: number | null): number {
  const now = seconds(services.clock.now());
  return Math.min(Math.ceil(now / STEP_SECONDS) * STEP_SECONDS + life, until ?? Infinity);
}

function seconds(instant: Date): number {
  return Math.floor(instant.getTime() / 1000);
}

function readSeconds(value: unknown): number | null {
  const number = typeof value === 'string' ? Number(value) : NaN;
  return Number.isSafeInteger(number) ? number : null;
}

function signedQuery(services: Signer, mediaId: MediaId, name: string, term: SignedTerm): string {
  const { expires, until, viewerId } = term;
  const words = [`expires=${expires}`];
  if (until !== null) words.push(`until=${until}`);
  if (viewerId !== null) words.push(`viewer=${nameViewer(services, mediaId, viewerId)}`);
  words.push(`signature=${sign(services, mediaId, name, term)}`);
  return `?${words.join('&')}`;
}

function sign(
  services: Signer,
  mediaId: MediaId,
  name: string,
  { expires, until, viewerId }: SignedTerm,
): string {
  const term = until === null ? `${expires}` : `${expires}-${until}`;
  const viewer = viewerId === null ? '' : `:${viewerId}`;
  return signatureOf(services, mediaId, name, term + viewer);
}

function signatureOf(services: Signer, mediaId: MediaId, name: string, words: string): string {
  return createHmac('sha256', services.sealer.deriveKey('media-url'))
    .update(`${mediaId}/${name}:${words}`)
    .digest('base64url');
}

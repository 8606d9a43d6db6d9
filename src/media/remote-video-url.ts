/**
 * Addresses at this server of what stands on others: the files, playlists and captions of their videos. Each is signed,
 * whoever may see the video, as this server asks others only for what was written in a video or in its playlists.
 */
import { toGlobalId } from '../platform/ids.js';
import {
  innerQuery,
  linkQuery,
  readSigned,
  type SignedMedia,
  type SignedTerm,
  type Signer,
} from './media-url.js';
import type { MediaId } from './media.entity.js';

/** What is asked for, and how its address here ends: nothing is answered with anything else. */
export const REMOTE_FILES = {
  video: 'video',
  playlist: 'playlist.m3u8',
  captions: 'captions.vtt',
} as const;

/** One of them. */
export type RemoteKind = keyof typeof REMOTE_FILES;

/** An address for somebody who may see the video; it lasts as long as that of a private picture. */
export function remoteVideoUrl(
  services: Signer,
  media: SignedMedia,
  kind: RemoteKind,
  url: string,
): string {
  const query = linkQuery(services, media, nameOf(kind, url));
  return `${placeOf(services, media.id, kind)}${query}&url=${encodeURIComponent(url)}`;
}

/** An address inside of a playlist, of the term of all of them (`innerTerm`). */
export function innerRemoteUrl(
  services: Signer,
  mediaId: MediaId,
  term: SignedTerm,
  { kind, url }: { readonly kind: RemoteKind; readonly url: string },
): string {
  const query = innerQuery(services, mediaId, nameOf(kind, url), term);
  return `${placeOf(services, mediaId, kind)}${query}&url=${encodeURIComponent(url)}`;
}

/** What a signature over such an address says, while it lasts; null for any other. */
export function readSignedRemote(
  services: Signer,
  mediaId: MediaId,
  { kind, url }: { readonly kind: RemoteKind; readonly url: string },
  query: Readonly<Record<string, unknown>>,
): SignedTerm | null {
  return readSigned(services, mediaId, nameOf(kind, url), query);
}

function placeOf({ config }: Pick<Signer, 'config'>, mediaId: MediaId, kind: RemoteKind): string {
  const media = toGlobalId('media', mediaId);
  return `${config.publicUrl.origin}/media/${media}/remote/${REMOTE_FILES[kind]}`;
}

function nameOf(kind: RemoteKind, url: string): string {
  return `remote-${kind}:${url}`;
}

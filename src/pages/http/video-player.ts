/** A video that a browser plays by itself: no script, and nothing from another host. */
import { escapeHtml } from '../../accounts/http/plain-page.js';
import { WEBVTT_TYPE, type CaptionKind } from '../../media/caption-track.js';
import { mediaUrl } from '../../media/media-url.js';
import { readAlbum } from '../../media/media-row.js';
import type { Services } from '../../platform/context.js';
import type { Locale } from '../../platform/messages/catalogue.js';
import type { PostRow } from '../../posts/post.queries.js';
import { picturesOf, type ShownPicture } from './shown.js';

/** A video with everything that its player needs. */
export interface ShownVideo {
  /** For other sites. */
  readonly url: string;
  /** For a page of this server, under whatever name it is reached. */
  readonly path: string;
  readonly mimeType: string;
  readonly width: number;
  readonly height: number;
  readonly altText: string;
  /** Null when it has none. */
  readonly poster: ShownPicture | null;
  readonly tracks: readonly ShownTrack[];
}

interface ShownTrack {
  readonly path: string;
  readonly kind: CaptionKind;
  readonly language: string;
  readonly label: string;
}

/** The video of a post; null for other posts, and where there is nothing to play. */
export function videoOf(services: Services, post: PostRow): ShownVideo | null {
  const media = post.kind === 'video' ? readAlbum(post.album)[0] : undefined;
  const file = media?.renditions.find(({ name }) => name === 'mp4');
  if (!media || !file) return null;
  const { origin } = services.config.publicUrl;
  const pathOf = (name: string, mimeType: string): string =>
    mediaUrl(services, media, { name, mimeType }).slice(origin.length);
  return {
    url: mediaUrl(services, media, file),
    path: pathOf(file.name, file.mimeType),
    mimeType: file.mimeType,
    width: file.width,
    height: file.height,
    altText: media.altText ?? '',
    poster: picturesOf(services, post, 'page')[0] ?? null,
    tracks: (media.captionTracks ?? []).map(({ kind, language, label, renditionName }) => ({
      path: pathOf(renditionName, WEBVTT_TYPE),
      kind,
      language,
      label: label ?? language,
    })),
  };
}

/** The player. Captions in the language of the reader are shown from the start. */
export function player(video: ShownVideo, locale: Locale): string {
  const { path, mimeType, width, height, altText, poster, tracks } = video;
  const still = poster ? ` poster="${escapeHtml(poster.path)}"` : '';
  const first = tracks.find(
    ({ kind, language }) => kind === 'CAPTIONS' && language.split('-')[0] === locale,
  );
  const texts = tracks.map((track) => textTrack(track, track === first));
  return `<video controls playsinline preload="metadata" width="${width}" height="${height}"${still} aria-label="${escapeHtml(altText)}">
<source src="${escapeHtml(path)}" type="${escapeHtml(mimeType)}">${texts.join('')}</video>`;
}

function textTrack({ path, kind, language, label }: ShownTrack, isFirst: boolean): string {
  return `<track kind="${kind.toLowerCase()}" src="${escapeHtml(path)}" srclang="${escapeHtml(language)}" label="${escapeHtml(label)}"${isFirst ? ' default' : ''}>`;
}

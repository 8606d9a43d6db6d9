/** Videos as attachments of Notes. @source Mastodon, Pixelfed, Loops */
import { WEBVTT_TYPE } from '../../media/caption-track.js';
import { lastingUrl } from '../../media/media-url.js';
import type { MediaRow, RenditionRow } from '../../media/media-row.js';
import type { Services } from '../../platform/context.js';
import { pictureLink } from './picture-link.js';

/** The one file of a video that every server plays; null while there is none. */
export function playedFile(media: MediaRow | undefined): RenditionRow | null {
  return media?.renditions.find(({ name }) => name === 'mp4') ?? null;
}

/** A video as an attachment of a Note; null while there is nothing to play. */
export function videoAttachment(services: Services, media: MediaRow): object | null {
  const file = playedFile(media);
  if (!file) return null;
  const { width, height } = file;
  const poster = posterOf(services, media);
  const captions = captionsOf(services, media);
  return {
    type: 'Document',
    mediaType: file.mimeType,
    url: lastingUrl(services, media, file),
    name: media.altText,
    blurhash: media.blurhash,
    focalPoint: [media.focalX, media.focalY],
    width,
    height,
    ...durationOf(media),
    ...(poster && { icon: poster, preview: poster }),
    ...(captions.length > 0 && { subtitleLanguage: captions }),
  };
}

/** In whole seconds, as PeerTube reads no others. */
export function durationOf({ video }: MediaRow): { duration: string } | null {
  return video?.durationMs == null
    ? null
    : { duration: `PT${Math.max(1, Math.round(video.durationMs / 1000))}S` };
}

function posterOf(services: Services, media: MediaRow): object | null {
  const link = pictureLink(services, media);
  return link && { type: 'Image', mediaType: link.mimeType, url: link.url };
}

/** Texts that are shown below the picture, as PeerTube writes them. */
export function captionsOf(services: Services, media: MediaRow): object[] {
  return (media.captionTracks ?? [])
    .filter(({ kind }) => kind === 'CAPTIONS' || kind === 'SUBTITLES')
    .map(({ language, label, isAutomatic, renditionName }) => ({
      identifier: language,
      name: label ?? language,
      url: lastingUrl(services, media, { name: renditionName, mimeType: WEBVTT_TYPE }),
      automaticallyGenerated: isAutomatic,
    }));
}

/** From where a video is played: its playlist and its file here, or those of the server of its author. */
import type { Services } from '../../platform/context.js';
import { mediaUrl, PLAYLIST } from '../media-url.js';
import type { VideoSource } from '../video-facts.js';
import type { MediaSource } from './media.loader.js';

/** Renditions that are a video by themselves; the others are parts of the playlist. */
const PLAYED = ['hls', 'mp4'];

/** Sources for somebody who may see the video, playlists first. */
export function sourcesOf(
  services: Pick<Services, 'config' | 'sealer' | 'clock'>,
  media: MediaSource,
): (VideoSource & { readonly isRemote: boolean })[] {
  const here = PLAYED.flatMap(
    (name) => media.renditions.find((rendition) => rendition.name === name) ?? [],
  );
  if (here.length === 0)
    return (media.video?.sources ?? []).map((source) => ({ ...source, isRemote: true }));
  return here.map((rendition) => {
    const isFile = rendition.mimeType !== PLAYLIST;
    return {
      url: mediaUrl(services, media, rendition),
      mimeType: rendition.mimeType,
      width: isFile ? rendition.width : null,
      height: isFile ? rendition.height : null,
      sizeBytes: isFile ? rendition.sizeBytes : null,
      isRemote: false,
    };
  });
}

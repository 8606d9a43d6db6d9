/** From where a video is played: always at this server, which passes on what stands on others. */
import { mediaUrl, PLAYLIST, type Signer } from './media-url.js';
import type { MediaRow } from './media-row.js';
import { remoteVideoUrl } from './remote-video-url.js';
import type { VideoSource } from './video-facts.js';

/** A video that somebody may see. */
type ShownVideo = Pick<MediaRow, 'id' | 'access' | 'renditions' | 'video'> & {
  readonly linksEnd?: Date | null;
};

/** Renditions that are a video by themselves; the others are parts of the playlist. */
const PLAYED = ['hls', 'mp4'];

/** Sources for somebody who may see the video, playlists first. */
export function sourcesOf(services: Signer, media: ShownVideo): VideoSource[] {
  const here = PLAYED.flatMap(
    (name) => media.renditions.find((rendition) => rendition.name === name) ?? [],
  );
  if (here.length === 0)
    return (media.video?.sources ?? []).map((source) => passedOn(services, media, source));
  return here.map((rendition) => {
    const isFile = rendition.mimeType !== PLAYLIST;
    return {
      url: mediaUrl(services, media, rendition),
      mimeType: rendition.mimeType,
      width: isFile ? rendition.width : null,
      height: isFile ? rendition.height : null,
      sizeBytes: isFile ? rendition.sizeBytes : null,
    };
  });
}

function passedOn(services: Signer, media: ShownVideo, source: VideoSource): VideoSource {
  const kind = source.mimeType === PLAYLIST ? 'playlist' : 'video';
  return { ...source, url: remoteVideoUrl(services, media, kind, source.url) };
}

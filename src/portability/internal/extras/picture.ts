/** A picture as files of the folder `extras` name it. */
import { mediaPath } from '../activity-streams.js';
import type { ArchivedMedia } from '../archived-posts.js';

/** Where its file stands in the archive, when the archive has files of pictures, and what is known of it. */
export function pictureOf(media: ArchivedMedia): object {
  const { mimeType, altText, width, height, focalX, focalY } = media;
  return {
    file: mediaPath(media),
    mimeType,
    altText,
    width,
    height,
    focalPoint: [focalX, focalY],
  };
}

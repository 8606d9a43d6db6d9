/** Taking captions away from a video. */
import type { CommandContext } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import { NotFound } from '../platform/errors.js';
import { requireViewer } from '../platform/require-viewer.js';
import type { CaptionTrackKey } from './caption-track.js';
import { lockOwnVideo } from './internal/captions/lock-own-video.js';
import { captionsChanged } from './media.events.js';
import { removeFormer } from './save-caption-track.js';

const DELETE = statement(
  'captions.delete',
  `with gone as (delete from caption_tracks where media_id = $1 and kind = $2 and language = $3 returning rendition_name),
     file as (delete from renditions r using gone where r.media_id = $1 and r.name = gone.rendition_name returning r.size_bytes, r.storage_key),
     freed as (update media set stored_bytes = greatest(stored_bytes - coalesce((select sum(size_bytes) from file), 0), 0) where id = $1)
   select (select storage_key from file) as key from gone`,
);

/**
 * Deletes a track of a video of the viewer with its file. Opens its own transaction.
 *
 * @throws {NotFound} NOT_FOUND, also for somebody else's video
 */
export async function deleteCaptionTrack(
  context: CommandContext,
  { mediaId, kind, language }: CaptionTrackKey,
): Promise<void> {
  const viewer = requireViewer(context);
  const key = await context.database.transaction(async (tx) => {
    await lockOwnVideo(tx, mediaId, viewer.actorId);
    const gone = await tx.row<{ key: string | null }>(DELETE, [mediaId, kind, language]);
    if (!gone) throw new NotFound(['language']);
    await tx.append(captionsChanged, { mediaId });
    return gone.key;
  });
  if (key !== null) await removeFormer(context, [{ key }]);
}

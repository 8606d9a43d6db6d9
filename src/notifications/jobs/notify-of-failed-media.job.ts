/** Tells somebody that a file cannot be used, for when the app is closed by then. */
import type { ActorId } from '../../actors/actor.entity.js';
import type { MediaId } from '../../media/media.entity.js';
import { statement } from '../../platform/db/database.js';
import { defineJob } from '../../platform/jobs/job.js';
import { notify } from '../notify.js';

const FAILED = statement(
  'notifications.failed_media',
  `select owner_id as "ownerId", file_name as "fileName" from media
   where id = $1 and state in ('FAILED', 'REJECTED') and remote_url is null and deleted_at is null`,
);

/** A repeat tells nobody twice. */
export const notifyOfFailedMedia = defineJob<{ mediaId: MediaId }>(
  'notifyOfFailedMedia',
  (context, { mediaId }) =>
    context.database.transaction(async (tx) => {
      const media = await tx.row<{ ownerId: ActorId; fileName: string }>(FAILED, [mediaId]);
      if (!media) return;
      await notify(context, tx, [
        {
          recipientId: media.ownerId,
          kind: 'MEDIA_FAILED',
          groupKey: mediaId,
          actorId: null,
          postId: null,
          detail: { fileName: media.fileName },
        },
      ]);
    }),
);

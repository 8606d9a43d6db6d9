/** Removes stories whose time is over and that nobody keeps, with their pictures. */
import { releaseMedia } from '../../media/attach-media.js';
import type { MediaId } from '../../media/media.entity.js';
import type { StoryId } from '../story.entity.js';
import { statement } from '../../platform/db/database.js';
import { defineJob } from '../../platform/jobs/job.js';

const BATCH = 500;

const KEPT = 'is_kept or exists (select from highlight_items where story_id = stories.id)';

// What another run, or the author, has in hand is left to them.
const LOCK = statement(
  'stories.lock_expired',
  `select id from stories where expires_at <= $1 and not (${KEPT})
   order by expires_at limit ${BATCH} for update skip locked`,
);
// Asked again under the lock: meanwhile it may have come into a highlight.
const REMOVE = statement(
  'stories.remove_expired',
  `delete from stories where id = any($1::uuid[]) and not (${KEPT}) returning media_id as "mediaId"`,
);

/** Runs by the clock; a second run right after the first finds nothing. */
export const removeExpiredStories = defineJob<Record<string, never>>(
  'removeExpiredStories',
  async ({ database, clock }) => {
    for (;;) {
      const now = clock.now();
      const expired = await database.transaction(async (tx) => {
        const ids = (await tx.rows<{ id: StoryId }>(LOCK, [now])).map(({ id }) => id);
        const removed = await tx.rows<{ mediaId: MediaId }>(REMOVE, [ids]);
        await releaseMedia(
          tx,
          now,
          removed.map(({ mediaId }) => mediaId),
        );
        return ids.length;
      });
      if (expired < BATCH) return;
    }
  },
);

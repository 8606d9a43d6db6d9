/** What stays of the sound of a video that was deleted: for as long as others use it, that it is the same one. */
import { statement } from '../../platform/db/database.js';
import { defineJob } from '../../platform/jobs/job.js';
import type { PostId } from '../../posts/post.entity.js';
import { forgetSoundOf } from '../internal/forget-sound-of.js';

const IS_GONE = statement(
  'sounds.is_origin_gone',
  'select from posts where id = $1 and deleted_at is not null and removed_at is null',
);

/** A repeat finds nothing more. What the staff removed may come back, and stays. */
export const forgetSound = defineJob<{ postId: PostId }>(
  'forgetSound',
  ({ database }, { postId }) =>
    database.transaction(async (tx) => {
      if (await tx.row(IS_GONE, [postId])) await forgetSoundOf(tx, postId, null);
    }),
);

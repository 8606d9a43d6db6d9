/** What stays of the sound of a video that was deleted: for as long as others use it, that it is the same one. */
import { statement } from '../../platform/db/database.js';
import { defineJob } from '../../platform/jobs/job.js';
import type { PostId } from '../../posts/post.entity.js';

const IS_GONE = `exists (select from posts where id = $1 and deleted_at is not null and removed_at is null)`;
const DROP_USE = statement(
  'sounds.drop_use',
  `delete from sound_uses where post_id = $1 and ${IS_GONE} returning sound_id as "soundId"`,
);
const EMPTY = statement(
  'sounds.empty',
  `update sounds set title = null, waveform = '{}' where origin_id = $1 and ${IS_GONE}`,
);
const DROP_FINGERPRINT = statement(
  'sounds.drop_fingerprint',
  `delete from sound_fingerprints f using sounds s where s.id = f.sound_id and s.origin_id = $1 and ${IS_GONE}`,
);
const DROP_KEYS = statement(
  'sounds.drop_keys',
  `delete from sound_fingerprint_keys k using sounds s where s.id = k.sound_id and s.origin_id = $1 and ${IS_GONE}`,
);
// Of the video that went, and of those whose last video it was.
const DROP_UNUSED = statement(
  'sounds.drop_unused',
  `delete from sounds s using posts o where o.id = s.origin_id and o.deleted_at is not null and o.removed_at is null
     and (s.origin_id = $1 or s.id = any($2::uuid[])) and not exists (select from sound_uses where sound_id = s.id)`,
);

/** A repeat finds nothing more. What the staff removed may come back, and stays. */
export const forgetSound = defineJob<{ postId: PostId }>(
  'forgetSound',
  ({ database }, { postId }) =>
    database.transaction(async (tx) => {
      const dropped = await tx.rows<{ soundId: string }>(DROP_USE, [postId]);
      await tx.rows(EMPTY, [postId]);
      await tx.rows(DROP_KEYS, [postId]);
      await tx.rows(DROP_FINGERPRINT, [postId]);
      await tx.rows(DROP_UNUSED, [postId, dropped.map(({ soundId }) => soundId)]);
    }),
);

/** What goes of the sound of a video that is not shown any more; while others use it, it stays as that which they share. */
import type { MediaId } from '../../media/media.entity.js';
import { statement, type Transaction } from '../../platform/db/database.js';
import type { PostId } from '../../posts/post.entity.js';
import type { SoundId } from '../sound.js';

const DROP_USE = statement(
  'sounds.drop_use',
  `delete from sound_uses where post_id = $1 and ($2::uuid is null or media_id is distinct from $2)
   returning sound_id as id`,
);
// A remix has none of its own.
const EMPTY = statement(
  'sounds.empty',
  `update sounds set origin_id = null, title = null, waveform = '{}' where origin_id = $1
     and not exists (select from sound_uses where post_id = $1 and source <> 'REUSED') returning id`,
);
const DROP_FINGERPRINTS = statement(
  'sounds.drop_fingerprints',
  'delete from sound_fingerprints where sound_id = any($1::uuid[])',
);
const DROP_KEYS = statement(
  'sounds.drop_keys',
  'delete from sound_fingerprint_keys where sound_id = any($1::uuid[])',
);
const DROP_UNUSED = statement(
  'sounds.drop_unused',
  `delete from sounds s where s.id = any($1::uuid[]) and not exists (select from sound_uses where sound_id = s.id)
     and (s.origin_id is null or exists (select from posts o
       where o.id = s.origin_id and o.deleted_at is not null and o.removed_at is null))`,
);

/**
 * Takes from a post the sound of every video but the one that it shows now (null = it shows none). A repeat finds nothing
 * more. Needs a transaction.
 */
export async function forgetSoundOf(
  tx: Transaction,
  postId: PostId,
  shownId: MediaId | null,
): Promise<void> {
  const dropped = await tx.rows<{ id: SoundId }>(DROP_USE, [postId, shownId]);
  const emptied = await tx.rows<{ id: SoundId }>(EMPTY, [postId]);
  const [ended, former] = [emptied, dropped].map((sounds) => sounds.map(({ id }) => id));
  await tx.rows(DROP_KEYS, [ended]);
  await tx.rows(DROP_FINGERPRINTS, [ended]);
  await tx.rows(DROP_UNUSED, [[...(ended ?? []), ...(former ?? [])]]);
}

/** Saying that the sound of a video is its own, where the server took it for an earlier one. */
import type { CommandContext } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import { Conflict } from '../platform/errors.js';
import { requireViewer } from '../platform/require-viewer.js';
import { lockOwnPost } from '../posts/own-post.js';
import type { PostId } from '../posts/post.entity.js';
import { makeFindable } from './internal/fingerprints.js';
import type { SoundId, SoundSource } from './sound.js';

const USE = statement('sounds.use_of', 'select source from sound_uses where post_id = $1');
const DISPUTE = statement(
  'sounds.dispute',
  `update sound_uses used set sound_id = s.id, source = 'OWN', is_disputed = true from sounds s
   where used.post_id = $1 and used.source = 'RECOGNISED' and s.origin_id = used.post_id returning s.id`,
);

/**
 * Gives a video of the viewer its own sound instead of the one that the server recognised, for good. Doing it twice is
 * the same as once.
 *
 * Opens its own transaction.
 *
 * @throws {NotFound} NOT_FOUND, also for somebody else's post
 * @throws {Conflict} CONFLICT for a video whose sound the viewer took from another one, and for a post without a sound
 */
export async function disputeSound(context: CommandContext, postId: PostId): Promise<void> {
  const viewer = requireViewer(context);
  await context.database.transaction(async (tx) => {
    await lockOwnPost(tx, viewer, postId, ['postId']);
    const use = await tx.row<{ source: SoundSource }>(USE, [postId]);
    if (use === null || use.source === 'REUSED')
      throw new Conflict('No sound was recognised in this post.', 'CONFLICT', ['postId']);
    const own = await tx.row<{ id: SoundId }>(DISPUTE, [postId]);
    if (own) await makeFindable(tx, own.id);
  });
}

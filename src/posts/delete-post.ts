/** Deleting a post: a tombstone stays, so that its id is never used again; everything that it said goes. */
import type { CommandContext } from '../platform/context.js';
import { requireActing } from '../platform/require-viewer.js';
import { erasePost } from './internal/erase-post.js';
import { lockOwnPost } from './own-post.js';
import type { PostId } from './post.entity.js';

/**
 * Deletes a post of the viewer. From the commit on nobody sees it or anything below it.
 *
 * Opens its own transaction.
 *
 * @throws {NotFound} NOT_FOUND, also for somebody else's post and for one deleted before
 */
export async function deletePost(context: CommandContext, postId: PostId): Promise<void> {
  const viewer = requireActing(context);
  await context.database.transaction(async (tx) => {
    const post = await lockOwnPost(tx, viewer, postId, ['postId']);
    await erasePost(tx, context.clock.now(), { ...post, id: postId });
  });
}

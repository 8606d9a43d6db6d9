/** The archive: a post is put away for everybody but its author, and can come back as it was. */
import type { CommandContext } from '../platform/context.js';
import { requireViewer } from '../platform/require-viewer.js';
import { openAlbum } from './internal/album.js';
import { countPost } from './internal/post-quota.js';
import { lockOwnPost } from './own-post.js';
import type { PostId } from './post.entity.js';
import { postArchived, postUnarchived } from './posts.events.js';

/**
 * Puts a post of the viewer away, with everything below it, or brings it back. A pin is taken off for good;
 * entries of home timelines stay, since reads ask the rule. Setting what is set already leaves no trace.
 *
 * Opens its own transaction.
 *
 * @throws {NotFound} NOT_FOUND, also for somebody else's post
 */
export async function setPostArchived(
  context: CommandContext,
  input: { postId: PostId; archived: boolean },
): Promise<void> {
  const viewer = requireViewer(context);
  const { postId, archived } = input;
  await context.database.transaction(async (tx) => {
    const post = await lockOwnPost(tx, viewer, postId, ['postId']);
    if ((post.archivedAt != null) === archived) return;
    post.archivedAt = archived ? context.clock.now() : null;
    if (archived) post.pinnedAt = null;
    const { authorId, visibility } = post;
    await openAlbum(tx, { id: postId, authorId, visibility, archivedAt: post.archivedAt });
    await countPost(tx, authorId, visibility, archived ? -1 : 1);
    await tx.append(archived ? postArchived : postUnarchived, { postId, authorId, visibility });
  });
}

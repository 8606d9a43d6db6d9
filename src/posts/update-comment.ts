/** Editing a comment; the earlier version stays as a revision. */
import type { CommandContext } from '../platform/context.js';
import { NotFound } from '../platform/errors.js';
import { requireViewer } from '../platform/require-viewer.js';
import { composeComment, requireCommentText } from './add-comment.js';
import { keepRevision } from './internal/keep-revision.js';
import { linkContent } from './internal/link-content.js';
import { nameAnswered } from './internal/named-by-comment.js';
import { Post, type CommentId, type PostId } from './post.entity.js';
import { commentUpdated } from './posts.events.js';
import { lockSeenSubject } from './seen-subject.js';

/**
 * Changes the text of a comment of the viewer. The same text again leaves no trace.
 *
 * Opens its own transaction.
 *
 * @throws {NotFound} NOT_FOUND, also for somebody else's comment
 * @throws {Invalid} INVALID_INPUT for a blank or too long text
 */
export async function updateComment(
  context: CommandContext,
  change: { commentId: CommentId; content: string },
): Promise<void> {
  const viewer = requireViewer(context);
  requireCommentText(change.content);
  await context.database.transaction(async (tx) => {
    const facts = await lockSeenSubject(tx, viewer, change.commentId, ['commentId']);
    if (facts.root === null || facts.authorId !== viewer.actorId) throw new NotFound(['commentId']);
    const comment = await tx.em.findOneOrFail(Post, { id: change.commentId });
    if (comment.contentSource === change.content) return;
    const now = context.clock.now();
    await keepRevision(tx, comment, [], now);
    const written = await composeComment(context, tx, change.content);
    const content = await nameAnswered(tx, comment, written);
    comment.contentHtml = content.html;
    comment.contentSource = content.source;
    comment.editedAt = now;
    await linkContent(tx, change.commentId, content, now);
    await tx.append(commentUpdated, {
      commentId: change.commentId,
      postId: facts.root.id as PostId,
      parentId: facts.parentId,
      authorId: facts.authorId,
    });
  });
}

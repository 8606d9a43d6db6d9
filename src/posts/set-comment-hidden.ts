/** Hiding a comment from everybody but its author and the author of the post, with the comments below it. */
import type { CommandContext } from '../platform/context.js';
import { statement, type Transaction } from '../platform/db/database.js';
import { NotFound } from '../platform/errors.js';
import { requireActing } from '../platform/require-viewer.js';
import { isCountedIn, type Narrowed } from './comment-visibility.js';
import { canCurateComments } from './comment.policy.js';
import { countComments } from './internal/count-comments.js';
import { hideComment } from './internal/hide-comment.js';
import type { CommentId, PostId } from './post.entity.js';
import { commentShown, type CommentFact } from './posts.events.js';
import { lockSeenSubject } from './seen-subject.js';

const SHOW = statement(
  'comments.show',
  `with shown as (
     update posts c set hidden_through = (select above.hidden_through from posts above where above.id = $2)
     where c.hidden_through = $1 returning hidden_through, narrowed_through, deleted_at
   ) select count(*) filter (where hidden_through is null and ${isCountedIn('shown')} and deleted_at is null)::int as count from shown`,
);

/**
 * Hides or shows a comment as the author of the post. One below a hidden comment stays hidden with that one.
 * Doing it twice is the same as once.
 *
 * Opens its own transaction.
 *
 * @throws {NotFound} NOT_FOUND, also for a comment under somebody else's post
 */
export async function setCommentHidden(
  context: CommandContext,
  input: { commentId: CommentId; isHidden: boolean },
): Promise<PostId> {
  const viewer = requireActing(context);
  const { commentId, isHidden } = input;
  return context.database.transaction(async (tx) => {
    const comment = await lockSeenSubject(tx, viewer, commentId, ['commentId']);
    if (comment.root === null || !canCurateComments(viewer.actorId, comment.root.authorId))
      throw new NotFound(['commentId']);
    const postId = comment.root.id as PostId;
    if (isHidden === (comment.hiddenThrough === commentId)) return postId;
    const { parentId, authorId, hiddenThrough, narrowedTo } = comment;
    const fact = { commentId, postId, parentId, authorId };
    if (isHidden) await hideComment(tx, { ...fact, hiddenThrough, narrowedTo });
    else await showComment(tx, fact, narrowedTo);
    return postId;
  });
}

async function showComment(
  tx: Transaction,
  fact: CommentFact,
  narrowedTo: Narrowed['narrowedTo'],
): Promise<void> {
  const { commentId, postId, parentId } = fact;
  const row = await tx.row<{ count: number }>(SHOW, [commentId, parentId]);
  await countComments(tx, postId, parentId, {
    comments: row?.count ?? 0,
    answers: narrowedTo === null ? 1 : 0,
  });
  await tx.append(commentShown, fact);
}

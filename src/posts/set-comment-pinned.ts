/** Pinning comments above the others of a post. */
import type { CommandContext, Viewer } from '../platform/context.js';
import { statement, type Transaction } from '../platform/db/database.js';
import { Invalid, NotFound, TooMany } from '../platform/errors.js';
import { requireViewer } from '../platform/require-viewer.js';
import { canCurateComments } from './comment.policy.js';
import type { CommentId, PostId } from './post.entity.js';
import { commentUpdated } from './posts.events.js';
import { lockSeenSubject } from './seen-subject.js';
import { commentVisibleTo } from './visibility.js';

/** Most pinned comments of one post. */
export const PINNED_COMMENTS = 3;

const PIN = statement(
  'comments.pin',
  `insert into pinned_comments (comment_id, post_id, pinned_at)
   select $1, $2, $3 where (select count(*) from pinned_comments where post_id = $2) < ${PINNED_COMMENTS}
   returning comment_id`,
);
const GIVE_WAY = statement(
  'comments.unpin_unseen',
  `delete from pinned_comments pin using posts c
   where pin.post_id = $1 and c.id = pin.comment_id and not ${commentVisibleTo('c', '$2::uuid')} returning pin.comment_id`,
);
const UNPIN = statement(
  'comments.unpin',
  'delete from pinned_comments where comment_id = $1 returning comment_id',
);
const IS_PINNED = statement(
  'comments.is_pinned',
  'select comment_id from pinned_comments where comment_id = $1',
);

/**
 * Pins a comment as the author of the post, or lifts that. Doing it twice is the same as once. Pins of comments that the
 * author does not see any more, and so cannot lift, give way where there is no room.
 *
 * Opens its own transaction.
 *
 * @throws {NotFound} NOT_FOUND, also for a comment under somebody else's post
 * @throws {Invalid} INVALID_INPUT for an answer to a comment and for a hidden comment
 * @throws {TooMany} LIMIT_EXCEEDED for more than three
 */
export async function setCommentPinned(
  context: CommandContext,
  input: { commentId: CommentId; isPinned: boolean },
): Promise<PostId> {
  const viewer = requireViewer(context);
  const { commentId, isPinned } = input;
  return context.database.transaction(async (tx) => {
    const comment = await lockSeenSubject(tx, viewer, commentId, ['commentId']);
    const { root, parentId, authorId } = comment;
    if (root === null || !canCurateComments(viewer.actorId, root.authorId))
      throw new NotFound(['commentId']);
    const postId = root.id as PostId;
    if (isPinned && (parentId !== null || comment.isHidden)) {
      throw new Invalid(
        'Only a comment of the first level that is not hidden can be pinned.',
        ['commentId'],
        'FIRST_LEVEL',
      );
    }
    const isChanged = isPinned
      ? await pin(tx, viewer, { commentId, postId }, context.clock.now())
      : (await tx.row(UNPIN, [commentId])) !== null;
    if (isChanged) await tx.append(commentUpdated, { commentId, postId, parentId, authorId });
    return postId;
  });
}

async function pin(
  tx: Transaction,
  viewer: Viewer,
  { commentId, postId }: { commentId: CommentId; postId: PostId },
  now: Date,
): Promise<boolean> {
  if (await tx.row(IS_PINNED, [commentId])) return false;
  if (await tx.row(PIN, [commentId, postId, now])) return true;
  const gone = await tx.rows(GIVE_WAY, [postId, viewer.actorId]);
  if (gone.length > 0 && (await tx.row(PIN, [commentId, postId, now]))) return true;
  throw new TooMany(`At most ${PINNED_COMMENTS} pinned comments.`, PINNED_COMMENTS, ['commentId']);
}

/** Hiding a comment from everybody but its author and the author of the post, with the comments below it. */
import type { CommandContext } from '../platform/context.js';
import { statement, type Transaction } from '../platform/db/database.js';
import { NotFound } from '../platform/errors.js';
import { requireViewer } from '../platform/require-viewer.js';
import { canCurateComments } from './comment.policy.js';
import { countComments } from './internal/count-comments.js';
import type { CommentId, PostId } from './post.entity.js';
import { commentHidden, commentShown, commentUpdated } from './posts.events.js';
import { lockSeenSubject } from './seen-subject.js';
import type { SubjectFacts } from './visibility.queries.js';

// What is hidden by itself below keeps that; the rest follows the comment, also what staff removed and may restore.
const HIDE = statement(
  'comments.hide',
  `with recursive below as (
     select id from posts where id = $1
     union all
     select c.id from posts c join below on c.parent_id = below.id
       where c.kind = 'comment' and c.hidden_through is not distinct from $2::uuid
   ), hidden as (
     update posts set hidden_through = $1 where id in (select id from below) returning deleted_at
   ) select count(*) filter (where deleted_at is null)::int as count from hidden`,
);
const SHOW = statement(
  'comments.show',
  `with shown as (
     update posts c set hidden_through = (select above.hidden_through from posts above where above.id = $2)
     where c.hidden_through = $1 returning hidden_through, deleted_at
   ) select count(*) filter (where hidden_through is null and deleted_at is null)::int as count from shown`,
);
const UNPIN = statement(
  'comments.unpin_hidden',
  'delete from pinned_comments where comment_id = $1',
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
  const viewer = requireViewer(context);
  const { commentId, isHidden } = input;
  return context.database.transaction(async (tx) => {
    const comment = await lockSeenSubject(tx, viewer, commentId, ['commentId']);
    if (comment.root === null || !canCurateComments(viewer.actorId, comment.root.authorId))
      throw new NotFound(['commentId']);
    const postId = comment.root.id as PostId;
    if (isHidden === (comment.hiddenThrough === commentId)) return postId;
    await (isHidden ? hide : show)(tx, postId, commentId, comment);
    const fact = { commentId, postId, parentId: comment.parentId, authorId: comment.authorId };
    await tx.append(isHidden ? commentHidden : commentShown, fact);
    if (isHidden) await tx.append(commentUpdated, fact);
    return postId;
  });
}

async function hide(
  tx: Transaction,
  postId: PostId,
  commentId: CommentId,
  { parentId, hiddenThrough }: SubjectFacts,
): Promise<void> {
  const row = await tx.row<{ count: number }>(HIDE, [commentId, hiddenThrough]);
  await tx.rows(UNPIN, [commentId]);
  const comments = hiddenThrough === null ? -(row?.count ?? 0) : 0;
  await countComments(tx, postId, parentId, { comments, answers: -1 });
}

async function show(
  tx: Transaction,
  postId: PostId,
  commentId: CommentId,
  { parentId }: SubjectFacts,
): Promise<void> {
  const row = await tx.row<{ count: number }>(SHOW, [commentId, parentId]);
  await countComments(tx, postId, parentId, { comments: row?.count ?? 0, answers: 1 });
}

/**
 * What becomes of comments of ours on servers whose authors look at them first. The Create itself asks; the answer is an
 * Accept or Reject, or PeerTube's ApproveReply or RejectReply.
 *
 * @source GoToSocial interaction policies; PeerTube, `process-reply-approval.ts`
 */
import type { ActorId } from '../../actors/actor.entity.js';
import { statement } from '../../platform/db/database.js';
import type { CommentId } from '../../posts/post.entity.js';
import { setCommentHidden } from '../../posts/set-comment-hidden.js';
import { isOurs } from '../addresses.js';
import { approvalReceived, replyApproved } from '../federation.events.js';
import { idOf, objectOf } from '../internal/read-properties.js';
import { dropAuthorization, keepAuthorization } from '../quote-authorizations.queries.js';
import { Unwanted, type Handler, type Receiving } from './receiving.js';
import { canOwn } from './tombstones.js';

const COMMENT = statement(
  'federation.own_comment',
  `select p.id, p.uri, p.hidden_through is not distinct from p.id as "isHidden", answered.uri as "answeredUri",
     answered.author_id as "answeredAuthorId", root.author_id as "postAuthorId"
   from posts p join posts root on root.id = p.root_id join posts answered on answered.id = coalesce(p.parent_id, p.root_id)
   where p.uri = $1 and p.is_local and p.kind = 'comment' and p.deleted_at is null`,
);

interface OwnComment {
  readonly id: CommentId;
  readonly uri: string;
  /** The author of the post has refused it. */
  readonly isHidden: boolean;
  readonly answeredUri: string;
  readonly answeredAuthorId: ActorId;
  readonly postAuthorId: ActorId;
}

/** The author of what is answered lets the comment stand; false when the Accept is about anything else. */
export async function acceptComment(receiving: Receiving): Promise<boolean> {
  const { sender, activity: accept } = receiving;
  const comment = await commentOf(receiving);
  if (!comment) return false;
  const uri = idOf(accept.body['result']);
  const isTheirs = comment.answeredAuthorId === sender.actorId;
  if (isTheirs && uri !== null && canOwn(receiving, uri))
    await approve(receiving, comment, { uri, isActivity: false });
  return true;
}

/** The author of the post does not: only who wrote the comment and who wrote the post see it. */
export async function rejectComment(receiving: Receiving): Promise<boolean> {
  const comment = await commentOf(receiving);
  if (!comment) return false;
  if (comment.postAuthorId === receiving.sender.actorId) await refuse(receiving, comment);
  return true;
}

/**
 * The author of a video lets a comment of ours stand, wherever below it. The activity is the stamp, and the comment is
 * said again with it: only then the server of the video passes it on.
 */
export const handleApproveReply: Handler = async (receiving) => {
  const comment = await commentOf(receiving);
  const uri = receiving.activity.id;
  if (comment?.postAuthorId !== receiving.sender.actorId || !canOwn(receiving, uri))
    throw new Unwanted();
  await approve(receiving, comment, { uri, isActivity: true });
};

/** The author of a video does not. */
export const handleRejectReply: Handler = async (receiving) => {
  const comment = await commentOf(receiving);
  if (comment?.postAuthorId !== receiving.sender.actorId) throw new Unwanted();
  await refuse(receiving, comment);
};

async function approve(
  { context, command, sender }: Receiving,
  comment: OwnComment,
  stamp: { readonly uri: string; readonly isActivity: boolean },
): Promise<void> {
  const { id: subjectId, uri: quotingUri, answeredUri: quotedUri } = comment;
  const kept = { ...stamp, quotingUri, quotedUri, quotedAuthorId: sender.actorId };
  await context.database.transaction(async (tx) => {
    await keepAuthorization(tx, context.config.publicUrl.origin, context.clock.now(), kept);
    await tx.append(stamp.isActivity ? replyApproved : approvalReceived, { subjectId });
  });
  // They have changed their mind.
  if (comment.isHidden && comment.postAuthorId === sender.actorId)
    await setCommentHidden(command, { commentId: subjectId, isHidden: false });
}

async function refuse({ context, command, sender }: Receiving, comment: OwnComment): Promise<void> {
  await context.database.transaction((tx) =>
    dropAuthorization(tx, sender.actorId, { quotingUri: comment.uri }),
  );
  await setCommentHidden(command, { commentId: comment.id, isHidden: true });
}

/** The comment that is answered: named or embedded itself, or as what a ReplyRequest is about. */
async function commentOf({ context, activity }: Receiving): Promise<OwnComment | null> {
  const { object } = activity.body;
  const uri = idOf(objectOf(object)?.['instrument']) ?? idOf(object);
  if (uri === null || !isOurs(context.config, uri)) return null;
  return context.database.row<OwnComment>(COMMENT, [uri]);
}

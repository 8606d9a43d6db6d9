/**
 * Accept and Reject of comments of ours, from servers whose authors look at them first. The Create itself asks.
 *
 * @source GoToSocial interaction policies
 */
import type { ActorId } from '../../actors/actor.entity.js';
import { statement } from '../../platform/db/database.js';
import type { CommentId } from '../../posts/post.entity.js';
import { setCommentHidden } from '../../posts/set-comment-hidden.js';
import { isOurs } from '../addresses.js';
import { approvalReceived } from '../federation.events.js';
import { idOf, objectOf } from '../internal/read-properties.js';
import { keepAuthorization } from '../quote-authorizations.queries.js';
import type { Receiving } from './receiving.js';
import { canOwn } from './tombstones.js';

const COMMENT = statement(
  'federation.own_comment',
  `select p.id, p.uri, answered.uri as "answeredUri", answered.author_id as "answeredAuthorId", root.author_id as "postAuthorId"
   from posts p join posts root on root.id = p.root_id join posts answered on answered.id = coalesce(p.parent_id, p.root_id)
   where p.uri = $1 and p.is_local and p.kind = 'comment' and p.deleted_at is null`,
);

interface OwnComment {
  readonly id: CommentId;
  readonly uri: string;
  readonly answeredUri: string;
  readonly answeredAuthorId: ActorId;
  readonly postAuthorId: ActorId;
}

/** The author of what is answered lets the comment stand; false when the Accept is about anything else. */
export async function acceptComment(receiving: Receiving): Promise<boolean> {
  const { context, sender, activity: accept } = receiving;
  const comment = await commentOf(receiving);
  if (!comment) return false;
  const uri = idOf(accept.body['result']);
  const isTheirs = comment.answeredAuthorId === sender.actorId;
  if (!isTheirs || uri === null || !canOwn(receiving, uri)) return true;
  const { id: subjectId, uri: quotingUri, answeredUri: quotedUri } = comment;
  const kept = { uri, quotingUri, quotedUri, quotedAuthorId: sender.actorId };
  await context.database.transaction(async (tx) => {
    await keepAuthorization(tx, context.config.publicUrl.origin, context.clock.now(), kept);
    await tx.append(approvalReceived, { subjectId });
  });
  return true;
}

/** The author of the post does not: only who wrote the comment and who wrote the post see it. */
export async function rejectComment(receiving: Receiving): Promise<boolean> {
  const comment = await commentOf(receiving);
  if (!comment) return false;
  if (comment.postAuthorId === receiving.sender.actorId)
    await setCommentHidden(receiving.command, { commentId: comment.id, isHidden: true });
  return true;
}

/** The comment that is answered: named or embedded itself, or as what a ReplyRequest is about. */
async function commentOf({ context, activity }: Receiving): Promise<OwnComment | null> {
  const { object } = activity.body;
  const uri = idOf(objectOf(object)?.['instrument']) ?? idOf(object);
  if (uri === null || !isOurs(context.config, uri)) return null;
  return context.database.row<OwnComment>(COMMENT, [uri]);
}

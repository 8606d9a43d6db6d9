/** Delete: of a post or comment, of a stamp, and of an actor by itself. */
import { removeRemoteActor } from '../../actors/remove-remote-actor.js';
import { OutsideUnavailable } from '../../platform/outside-unavailable.js';
import { eraseOne } from '../../posts/erase-author.js';
import { fetchDocument } from '../internal/fetch-document.js';
import { idOf } from '../internal/read-properties.js';
import { revokeQuote } from './quote-requests.js';
import { dropMessage } from './messages.js';
import {
  findSubject,
  Unwanted,
  type Handler,
  type KnownSubject,
  type Receiving,
} from './receiving.js';
import { setCommentHidden } from '../../posts/set-comment-hidden.js';
import type { CommentId } from '../../posts/post.entity.js';
import { bury, canOwn } from './tombstones.js';

const GONE = new Set([404, 410]);

/** Something is gone for good, also when we hear of it only now. */
export const handleDelete: Handler = async (receiving) => {
  const { context, sender, activity } = receiving;
  const uri = idOf(activity.body['object']);
  if (uri === null) return;
  if (!canOwn(receiving, uri))
    return takeFromOwn(receiving, await findSubject(context.database, uri));
  if (uri === sender.uri) {
    if (await isGone(receiving, uri)) await removeActor(receiving);
    return;
  }
  if (await revokeQuote(receiving, uri)) return;
  const subject = await findSubject(context.database, uri);
  if (subject && subject.authorId !== sender.actorId) return takeFromOwn(receiving, subject);
  await bury(receiving, uri);
  // Whoever is suspended or blocked sees nothing any more, and still has the last word about what is theirs.
  if (subject) await eraseOne(context, sender.actorId, subject.id);
  await dropMessage(receiving, uri);
};

/** PeerTube deletes comments of others on its own videos: here they are hidden, as who wrote the post has it. */
async function takeFromOwn(receiving: Receiving, subject: KnownSubject | null): Promise<void> {
  if (subject?.kind !== 'comment' || subject.isDeleted) throw new Unwanted();
  const commentId = subject.id as CommentId;
  await setCommentHidden(receiving.command, { commentId, isHidden: true });
}

/**
 * A whole person goes only when their server, asked, does not have them any more. Pixelfed goes on to answer with what
 * says no more than that they are not to be seen, others with a Tombstone.
 */
async function isGone({ context }: Receiving, uri: string): Promise<boolean> {
  try {
    const { type, suspended } = await fetchDocument(context, uri);
    return type === 'Tombstone' || suspended === true;
  } catch (error) {
    if (!(error instanceof OutsideUnavailable) || error.isTemporary) throw error;
    return error.status !== null && GONE.has(error.status);
  }
}

/** Out of sight at once; the rest follows piece by piece. */
async function removeActor({ context, sender }: Receiving): Promise<void> {
  await context.database.transaction((tx) =>
    removeRemoteActor(tx, sender.actorId, context.clock.now()),
  );
}

/** From an activity that its actor has proven to what is done about it. */
import type { JobContext } from '../../platform/context.js';
import { DomainError } from '../../platform/errors.js';
import { OutsideUnavailable } from '../../platform/outside-unavailable.js';
import { passOn } from '../pass-on.js';
import type { RemoteActor } from '../resolve-actor.js';
import type { CheckedActivity } from '../internal/check-activity.js';
import { idOf } from '../internal/read-properties.js';
import { MalformedDocument, type JsonObject } from '../internal/read-document.js';
import { handleAnnounce } from './announcements.js';
import { handleAccept, handleReject } from './answers.js';
import { handleApproveReply, handleRejectReply } from './comment-approvals.js';
import { handleDelete } from './deletions.js';
import { handleReaction } from './emoji-reactions.js';
import { handleFlag } from './flags.js';
import { handleFollow } from './follows.js';
import { handleMove } from './moves.js';
import { handleCreate, handleUpdate } from './notes.js';
import { handleAdd, handleRemove } from './pins.js';
import { handleQuoteRequest } from './quote-requests.js';
import { handleReplyRequest } from './reply-requests.js';
import { handleBlock } from './reactions.js';
import { actAs, type Handler } from './receiving.js';
import { handleUndo } from './undo.js';
import { handleView } from './views.js';

/** Why nothing is done about what its actor took back before it came. */
export const UNDONE = 'Undone before it came.';

/** What we understand; all else is kept and left alone. */
const HANDLERS: Readonly<Record<string, Handler>> = {
  Follow: handleFollow,
  Accept: handleAccept,
  Reject: handleReject,
  Undo: handleUndo,
  Create: handleCreate,
  Update: handleUpdate,
  Delete: handleDelete,
  Like: handleReaction,
  EmojiReact: handleReaction,
  Announce: handleAnnounce,
  Block: handleBlock,
  Flag: handleFlag,
  Add: handleAdd,
  Remove: handleRemove,
  Move: handleMove,
  QuoteRequest: handleQuoteRequest,
  ReplyRequest: handleReplyRequest,
  ApproveReply: handleApproveReply,
  RejectReply: handleRejectReply,
  View: handleView,
};

/** Types of what is understood; `FEDERATION.md` names the same. */
export const UNDERSTOOD_TYPES: readonly string[] = Object.keys(HANDLERS);

/** What an actor that the staff suspended may still do: take back, and end. */
const PASSING = new Set(['Undo', 'Delete', 'Reject', 'RejectReply', 'Update']);

/** Whether there is anything to carry out. */
export function isUnderstood({ type }: CheckedActivity): boolean {
  return Object.hasOwn(HANDLERS, type);
}

/**
 * Carries out an activity of an actor.
 *
 * @returns what was refused, in words; null when it was done
 * @throws {DomainError} for what the actor may not do
 */
export async function carryOut(
  context: JobContext,
  activity: CheckedActivity,
  sender: RemoteActor,
): Promise<string | null> {
  const handle = HANDLERS[activity.type];
  if (!handle || !isUnderstood(activity)) return 'Not understood.';
  if (!isHeard(sender, activity)) return 'The actor is not heard here.';
  await handle({ context, command: actAs(context, sender.actorId), sender, activity });
  await passOn(context, activity, sender);
  return null;
}

/** In words, what was refused for good; null for what may be tried again. */
export function refusalOf(error: unknown): string | null {
  const isRefusal = error instanceof DomainError || error instanceof MalformedDocument;
  const isGone = error instanceof OutsideUnavailable && !error.isTemporary;
  return isRefusal || isGone ? error.message : null;
}

function isHeard({ status, isBarred }: RemoteActor, { type }: CheckedActivity): boolean {
  if (status === 'DELETED' || isBarred) return false;
  return status !== 'SUSPENDED' || PASSING.has(type);
}

/** What an Undo or an answer has to know later; what was said stands in its post, as long as that stands. */
export function withoutContent(body: JsonObject): JsonObject {
  const { id, type, actor, object } = body;
  return { id, type, actor, object: idOf(object) };
}

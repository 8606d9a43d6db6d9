/** Carries out what another server sent. Runs at least once; every handler may run twice. */
import type { ActorId } from '../../actors/actor.entity.js';
import type { JobContext } from '../../platform/context.js';
import { statement } from '../../platform/db/database.js';
import { DomainError } from '../../platform/errors.js';
import { OutsideUnavailable } from '../../platform/http-client.js';
import { defineJob } from '../../platform/jobs/job.js';
import type { ReceivedActivityId } from '../federation.events.js';
import { checkActivity, type CheckedActivity } from '../internal/check-activity.js';
import { MalformedDocument, type JsonObject } from '../internal/read-document.js';
import { idOf } from '../internal/read-properties.js';
import { handleAccept, handleReject } from '../receive/answers.js';
import { handleFollow } from '../receive/follows.js';
import { passOn } from '../pass-on.js';
import { handleDelete } from '../receive/deletions.js';
import { handleFlag } from '../receive/flags.js';
import { handleMove } from '../receive/moves.js';
import { handleCreate, handleUpdate } from '../receive/notes.js';
import { handleQuoteRequest } from '../receive/quote-requests.js';
import { handleReaction } from '../receive/emoji-reactions.js';
import { handleAnnounce } from '../receive/announcements.js';
import { handleBlock } from '../receive/reactions.js';
import { handleAdd, handleRemove } from '../receive/pins.js';
import { actAs, type Handler } from '../receive/receiving.js';
import { handleUndo } from '../receive/undo.js';
import { resolveActor, type RemoteActor } from '../resolve-actor.js';

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
};

const FIND = statement(
  'received_activities.find',
  `select r.body, t.uri is not null as "isUndone" from received_activities r
     left join remote_tombstones t on t.uri = r.activity_uri and t.actor_uri = r.actor_uri
   where r.id = $1 and r.handled_at is null`,
);
const HANDLED = statement(
  'received_activities.handled',
  `update received_activities set handled_at = $2, refusal = $3, body = $4::jsonb where id = $1`,
);

/** What an actor that the staff suspended may still do: take back, and end. */
const PASSING = new Set(['Undo', 'Delete', 'Reject', 'Update']);

interface Received {
  readonly receivedId: ReceivedActivityId;
  /** Who sent it: what one actor does is carried out in its order. */
  readonly actorId: ActorId;
}

/** A refusal is the end of it; what another server has to answer first is tried again. */
export const receiveActivity = defineJob<Received>(
  'receiveActivity',
  async (context, { receivedId }) => {
    const row = await context.database.row<{ body: JsonObject; isUndone: boolean }>(FIND, [
      receivedId,
    ]);
    if (!row) return;
    const refusal = row.isUndone ? 'Undone before it came.' : await carryOut(context, row.body);
    await context.database.transaction((tx) =>
      tx.rows(HANDLED, [receivedId, context.clock.now(), refusal, withoutContent(row.body)]),
    );
  },
  { asksOutside: true, maxAttempts: 12, queueOf: ({ actorId }) => actorId },
);

/** What was refused, in words; null when it was done. */
async function carryOut(context: JobContext, body: JsonObject): Promise<string | null> {
  try {
    const activity = checkActivity(body);
    const handle = HANDLERS[activity.type];
    if (!handle) return 'Not understood.';
    const sender = await resolveActor(context, activity.actorUri);
    if (!isHeard(sender, activity)) return 'The actor is not heard here.';
    await handle({ context, command: actAs(context, sender.actorId), sender, activity });
    await passOn(context, activity, sender);
    return null;
  } catch (error) {
    const isRefusal = error instanceof DomainError || error instanceof MalformedDocument;
    const isGone = error instanceof OutsideUnavailable && !error.isTemporary;
    if (isRefusal || isGone) return error.message;
    throw error;
  }
}

function isHeard({ status, isBarred }: RemoteActor, { type }: CheckedActivity): boolean {
  if (status === 'DELETED' || isBarred) return false;
  return status !== 'SUSPENDED' || PASSING.has(type);
}

/** What an Undo or an answer has to know later; what was said stands in its post, as long as that stands. */
function withoutContent(body: JsonObject): string {
  const { id, type, actor, object } = body;
  return JSON.stringify({ id, type, actor, object: idOf(object) });
}

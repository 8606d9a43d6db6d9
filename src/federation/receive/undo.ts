/** Undo, also of what has not come yet. */
import { statement } from '../../platform/db/database.js';
import type { JsonObject } from '../internal/read-document.js';
import { idOf, objectOf, textOf } from '../internal/read-properties.js';
import { UNDOINGS } from './reactions.js';
import type { Handler, Receiving } from './receiving.js';
import { bury } from './tombstones.js';

const RECEIVED = statement(
  'received_activities.body',
  'select body, handled_at is not null as "isHandled" from received_activities where actor_uri = $1 and activity_uri = $2',
);

interface ReceivedRow {
  readonly body: JsonObject;
  readonly isHandled: boolean;
}

/** Takes back what the sender did. What is undone before it came will not be done when it comes. */
export const handleUndo: Handler = async (receiving) => {
  const { sender, activity } = receiving;
  const uri = idOf(activity.body['object']);
  const received = uri === null ? null : await findReceived(receiving, uri);
  const undone = objectOf(activity.body['object']) ?? received?.body ?? null;
  const isOwn = undone && (idOf(undone['actor']) ?? sender.uri) === sender.uri;
  const type = textOf(undone?.['type']);
  if (undone && isOwn && type !== null) await UNDOINGS[type]?.(receiving, undone);
  // The id of a Follow names the pair on some servers, so another one may come under the same id.
  if (uri !== null && !received?.isHandled && type !== 'Follow') await bury(receiving, uri);
};

function findReceived(
  { context, sender }: Receiving,
  activityUri: string,
): Promise<ReceivedRow | null> {
  return context.database.row<ReceivedRow>(RECEIVED, [sender.uri, activityUri]);
}

/** Undo, also of what has not come yet. */
import { statementForMany } from '../../platform/db/for-many.js';
import type { JsonObject } from '../internal/read-document.js';
import { idOf, objectOf, textOf } from '../internal/read-properties.js';
import { UNDOINGS } from './reactions.js';
import type { Handler, Receiving } from './receiving.js';
import { bury } from './tombstones.js';

const RECEIVED = statementForMany(
  'received_activities.body',
  `select asked.place, r.body, r.handled_at is not null as "isHandled"
   from jsonb_to_recordset($1::jsonb) as asked(place int, "actorUri" text, uri text)
     join received_activities r on r.actor_uri = asked."actorUri" and r.activity_uri = asked.uri`,
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

async function findReceived(
  { context, sender }: Receiving,
  uri: string,
): Promise<ReceivedRow | null> {
  const question = { actorUri: sender.uri, uri };
  return (await context.database.ask<ReceivedRow>(RECEIVED, question))[0] ?? null;
}

/** Undo, also of what has not come yet. */
import { statement } from '../../platform/db/database.js';
import type { JsonObject } from '../internal/read-document.js';
import { idOf, objectOf, textOf } from '../internal/read-properties.js';
import { UNDOINGS } from './reactions.js';
import type { Handler, Receiving } from './receiving.js';

const RECEIVED = statement(
  'received_activities.body',
  'select body from received_activities where actor_uri = $1 and activity_uri = $2',
);
const BURY = statement(
  'remote_tombstones.add',
  `insert into remote_tombstones (uri, actor_uri, created_at) values ($1, $2, $3) on conflict do nothing`,
);

/** Takes back what the sender did. What is undone before it came will not be done when it comes. */
export const handleUndo: Handler = async (receiving) => {
  const { context, sender, activity } = receiving;
  const uri = idOf(activity.body['object']);
  const received = uri === null ? null : await findReceived(receiving, uri);
  const undone = objectOf(activity.body['object']) ?? received;
  const isOwn = undone && (idOf(undone['actor']) ?? sender.uri) === sender.uri;
  const type = textOf(undone?.['type']);
  if (undone && isOwn && type !== null) await UNDOINGS[type]?.(receiving, undone);
  // The id of a Follow names the pair on some servers, so another one may come under the same id.
  if (uri !== null && !received && type !== 'Follow')
    await context.database.transaction((tx) =>
      tx.rows(BURY, [uri, sender.uri, context.clock.now()]),
    );
};

async function findReceived(
  { context, sender }: Receiving,
  activityUri: string,
): Promise<JsonObject | null> {
  const row = await context.database.row<{ body: JsonObject }>(RECEIVED, [sender.uri, activityUri]);
  return row?.body ?? null;
}

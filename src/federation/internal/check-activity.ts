/** What an activity must be before anybody looks at its meaning: whose it is, and that it can be told apart. */
import { originOf } from '../addresses.js';
import { MalformedDocument, type JsonObject } from './read-document.js';
import { idOf, isShortAddress, listOf, objectOf, textOf } from './read-properties.js';

/** An activity with what each one has. */
export interface CheckedActivity {
  readonly id: string;
  readonly type: string;
  readonly actorUri: string;
  readonly body: JsonObject;
}

/**
 * Checks the envelope. One actor does it, on whose server it has its id.
 *
 * @throws {MalformedDocument}
 * @source FEP-fe34
 */
export function checkActivity(body: JsonObject): CheckedActivity {
  const [id, actorUri, type] = [
    textOf(body['id']),
    idOf(body['actor']),
    listOf(body['type']).find((one) => typeof one === 'string'),
  ];
  if (id === null || !isShortAddress(id)) throw new MalformedDocument('The activity has no id.');
  if (actorUri === null || listOf(body['actor']).length !== 1 || !isShortAddress(actorUri))
    throw new MalformedDocument('The activity does not have exactly one actor.');
  if (typeof type !== 'string') throw new MalformedDocument('The activity has no type.');
  const origin = originOf(actorUri);
  if (origin === null || originOf(id) !== origin)
    throw new MalformedDocument('The activity has its id on another server than its actor.');
  return { id, type, actorUri, body };
}

/**
 * The object of an activity, where it is embedded and has its identity on the server of the sender. What another server
 * is said to have said has to be fetched there.
 */
export function ownObject({
  body,
  actorUri,
}: CheckedActivity): (JsonObject & { id: string }) | null {
  const object = objectOf(listOf(body['object'])[0]);
  const id = textOf(object?.['id']);
  return object && id !== null && originOf(id) === originOf(actorUri) ? { ...object, id } : null;
}

/**
 * Whether a document says the usual things in unusual words: with prefixes, in expanded form, with other names for id and
 * type. All known servers write the usual ones, which are read as they are.
 */
import { MLS_NAMESPACE } from '../../documents/mls-context.js';
import type { JsonObject } from '../read-document.js';
import { listOf, objectOf } from '../read-properties.js';

const FULL_WORDS = ['https://www.w3.org/ns/activitystreams#', MLS_NAMESPACE];

/** Whether an activity has to be put into the usual words before it is read. */
export function isOddActivity(activity: JsonObject): boolean {
  const embedded = [activity['object'], activity['actor']].map((one) => objectOf(listOf(one)[0]));
  return isOdd(activity, ['id', 'type', 'actor']) || embedded.some((one) => one && isOddPart(one));
}

/** As `isOddActivity`, for what stands at an address. */
export function isOddDocument(document: JsonObject): boolean {
  return isOdd(document, ['id', 'type']);
}

function isOdd(node: JsonObject, needed: readonly string[]): boolean {
  if (hasOddWords(node)) return true;
  const isMissing = needed.some((name) => node[name] === undefined);
  return isMissing && listOf(node['@context']).some((one) => objectOf(one) !== null);
}

/** What says nothing at all says it in no words. */
function isOddPart(node: JsonObject): boolean {
  return (
    hasOddWords(node) ||
    (Object.keys(node).length > 0 &&
      node['id'] === undefined &&
      node['type'] === undefined &&
      node['href'] === undefined)
  );
}

function hasOddWords(node: JsonObject): boolean {
  return (
    Object.keys(node).some(
      (key) =>
        key !== '@context' &&
        (/^(?:@|as:|mls:)/.test(key) || FULL_WORDS.some((start) => key.startsWith(start))),
    ) || listOf(node['type']).some((type) => typeof type === 'string' && type.includes(':'))
  );
}

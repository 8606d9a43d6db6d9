/** Collections of other servers: their first few members, or all of those that are told in one piece. */
import { originOf } from '../addresses.js';
import { fetchDocument, type FetchServices } from './fetch-document.js';
import { MalformedDocument, type JsonObject } from './read-document.js';
import { listOf, objectOf, textOf } from './read-properties.js';

/**
 * The first members of a collection, at most so many, as they stand there: embedded or by their identities. Where they
 * are on pages, the first page is asked for, and no other.
 *
 * @throws {OutsideUnavailable} when the collection or its first page is not there
 * @throws {MalformedDocument} when what is there is something else
 */
export async function fetchFirstMembers(
  services: FetchServices,
  uri: string,
  most: number,
): Promise<readonly unknown[]> {
  const collection = await fetchDocument(services, uri);
  const members = membersOf(collection);
  const first = members.length > 0 ? undefined : collection['first'];
  const page = objectOf(first);
  const address = textOf(first);
  if (page) return membersOf(page).slice(0, most);
  if (address === null || originOf(address) !== originOf(collection.id))
    return members.slice(0, most);
  return membersOf(await fetchDocument(services, address)).slice(0, most);
}

function membersOf(document: JsonObject): readonly unknown[] {
  const ordered = listOf(document['orderedItems']);
  return ordered.length > 0 ? ordered : listOf(document['items']);
}

/**
 * All members of a collection that tells them in one piece.
 *
 * @throws {OutsideUnavailable} when the collection is not there
 * @throws {MalformedDocument} when it does not tell all of them in one piece
 */
export async function fetchAllMembers(
  services: FetchServices,
  uri: string,
): Promise<readonly unknown[]> {
  const collection = await fetchDocument(services, uri);
  const members = membersOf(collection);
  const { type, first, totalItems } = collection;
  const isCollection = type === 'OrderedCollection' || type === 'Collection';
  const isWhole = typeof totalItems !== 'number' || totalItems === members.length;
  const isTold = 'orderedItems' in collection || 'items' in collection || totalItems === 0;
  if (!isCollection || first !== undefined || !isWhole || !isTold)
    throw new MalformedDocument('The collection is not whole.');
  return members;
}

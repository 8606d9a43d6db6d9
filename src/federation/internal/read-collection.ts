/** Collections of other servers: their first few members, or all of those that are told in one piece. */
import { originOf } from '../addresses.js';
import type { KeyOwner } from '../signing-keys.js';
import { fetchDocument, type FetchServices, type IdentifiedDocument } from './fetch-document.js';
import { MalformedDocument, type JsonObject } from './read-document.js';
import { listOf, objectOf, textOf } from './read-properties.js';

/**
 * The first members of a collection, at most so many, as they stand there: embedded or by their identities. Where they
 * are on pages, at most so many pages of its own server are asked for. The server itself asks unless told otherwise.
 *
 * @throws {OutsideUnavailable} when the collection or its first page is not there
 * @throws {MalformedDocument} when what is there is something else
 */
export async function fetchFirstMembers(
  services: FetchServices,
  uri: string,
  most: number,
  mostPages = 1,
  asker?: KeyOwner,
): Promise<readonly unknown[]> {
  const collection = await fetchDocument(services, uri, asker);
  const members = membersOf(collection);
  const first = members.length > 0 ? undefined : collection['first'];
  const found = [...members];
  let page = objectOf(first);
  let address = page ? null : ownPage(collection, first);
  const seen = new Set<string>();
  for (let pages = 0; pages < mostPages && (page || address !== null); pages++) {
    if (address !== null) seen.add(address);
    page ??= await fetchDocument(services, address!, asker);
    found.push(...membersOf(page));
    address = found.length < most ? ownPage(collection, page['next']) : null;
    if (address !== null && seen.has(address)) break;
    page = null;
  }
  return found.slice(0, most);
}

/** A page of the collection's own server; null for anything else. */
function ownPage(collection: IdentifiedDocument, value: unknown): string | null {
  const address = textOf(value);
  return address !== null && originOf(address) === originOf(collection.id) ? address : null;
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

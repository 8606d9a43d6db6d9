/** Collections of other servers: the first few members, never all of them. */
import { originOf } from '../addresses.js';
import { fetchDocument, type FetchServices } from './fetch-document.js';
import type { JsonObject } from './read-document.js';
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

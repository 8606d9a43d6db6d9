/** Collections and their pages as other servers read them. @source ActivityStreams 2.0 §2.4, ActivityPub §5 */
import type { Page, PageRequest } from '../../platform/db/page.js';
import { CONTEXT } from './context.js';

/** A member and its place in the order. */
export interface Member {
  /** Sort key; part of the address of the page that begins next to it. */
  readonly key: string;
  readonly item: unknown;
}

/** What a collection says of itself; absent = it does not. */
export interface CollectionParts {
  readonly id: string;
  /** Null = nobody's business. */
  readonly totalItems: number | null;
  /** Whether its members are on pages. */
  readonly hasPages: boolean;
  readonly more?: object;
}

/** A collection whose members, if they are told at all, are on pages. */
export function pagedCollection({ id, totalItems, hasPages, more }: CollectionParts): object {
  return {
    '@context': CONTEXT,
    id,
    type: 'OrderedCollection',
    ...more,
    ...(totalItems !== null && { totalItems }),
    ...(hasPages && { first: `${id}?page=true`, last: `${id}?page=last` }),
  };
}

/** A page of a collection, with the ways to its neighbours. */
export function collectionPage(
  { id: partOf, totalItems }: Pick<CollectionParts, 'id' | 'totalItems'>,
  request: PageRequest,
  { rows, hasNextPage, hasPreviousPage }: Page<Member>,
): object {
  const [first, last] = [rows.at(0), rows.at(-1)];
  return {
    '@context': CONTEXT,
    id: addressOf(partOf, request),
    type: 'OrderedCollectionPage',
    partOf,
    ...(totalItems !== null && { totalItems }),
    ...(last && hasNextPage && { next: `${partOf}?page=true&after=${last.key}` }),
    ...(first && hasPreviousPage && { prev: `${partOf}?page=true&before=${first.key}` }),
    orderedItems: rows.map(({ item }) => item),
  };
}

function addressOf(collection: string, { isBackward, from }: PageRequest): string {
  if (from === null) return `${collection}?page=${isBackward ? 'last' : 'true'}`;
  return `${collection}?page=true&${isBackward ? 'before' : 'after'}=${from[0]}`;
}

/** A short collection, told whole; `ordered` = the order says something. */
export function wholeCollection(id: string, items: readonly unknown[], ordered: boolean): object {
  return {
    '@context': CONTEXT,
    id,
    type: ordered ? 'OrderedCollection' : 'Collection',
    totalItems: items.length,
    [ordered ? 'orderedItems' : 'items']: items,
  };
}

/** How many there are, and nothing else; null = not even that. Without a context, as it stands in other documents. */
export function countedCollection(id: string, totalItems: number | null): object {
  return { id, type: 'Collection', ...(totalItems !== null && { totalItems }) };
}

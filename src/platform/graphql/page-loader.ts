/** Pages inside of lists: the same page of one list for many owners is one statement, not one per owner. */
import { toPage, type Page, type PageRequest } from '../db/page.js';
import type { GraphQLContext } from './context.js';
import type { LoaderDefinition } from './loader.js';

/** Which page of which list of which owner. */
export interface PageKey<Variant> {
  readonly ownerId: string;
  /** What else tells two lists apart; plain data. */
  readonly variant: Variant;
  readonly request: PageRequest;
}

/** A row that says whose list it stands in. */
export interface OwnedRow {
  readonly ownerId: string;
}

/**
 * Defines a loader of pages.
 *
 * @param read rows of each owner in the order of the list (reversed when the request walks backwards),
 *   one more than the request's size where there are more
 */
export function definePageLoader<Variant, Row extends OwnedRow>(
  read: (
    context: GraphQLContext,
    ownerIds: readonly string[],
    variant: Variant,
    request: PageRequest,
  ) => Promise<Row[]>,
): LoaderDefinition<PageKey<Variant>, Page<Row>> {
  const keyOf = (key: PageKey<Variant>): string => `${key.ownerId} ${listOf(key)}`;
  const loadList = async (
    context: GraphQLContext,
    keys: readonly PageKey<Variant>[],
  ): Promise<[string, Page<Row>][]> => {
    const { variant, request } = keys[0]!;
    const rows = await read(
      context,
      keys.map(({ ownerId }) => ownerId),
      variant,
      request,
    );
    const byOwner = groupBy(rows, ({ ownerId }) => ownerId);
    return keys.map((key) => [keyOf(key), toPage(request, byOwner.get(key.ownerId) ?? [])]);
  };
  return {
    keyOf,
    load: async (context, keys) => {
      const lists = [...groupBy(keys, listOf).values()];
      const pages = await Promise.all(lists.map((list) => loadList(context, list)));
      return new Map(pages.flat());
    },
  };
}

function listOf<Variant>({ variant, request }: PageKey<Variant>): string {
  return JSON.stringify([variant, request]);
}

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

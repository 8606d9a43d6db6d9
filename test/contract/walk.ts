// Walks the connection that a document calls `list`, from either end to the other.
import { Kind, parse, print, visit, type ArgumentNode, type SelectionNode } from 'graphql';
import type { Person } from '../support/world.js';

/** From where to where. */
export type End = 'first' | 'last';

/** One page, as `list` answered it. */
export interface WalkedPage {
  /** In the order of the list. */
  readonly cursors: readonly string[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  /** Of the request. */
  readonly requestId: string;
}

const PLACE = 'edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }';

/** All pages of the list, in the order in which they were asked for. */
export async function walk(
  who: Person,
  document: string,
  end: End,
  size: number,
): Promise<WalkedPage[]> {
  const pages: WalkedPage[] = [];
  let from: string | undefined;
  for (;;) {
    const page = await pageFrom(who, document, end, size, from);
    pages.push(page);
    if (!(end === 'first' ? page.hasNextPage : page.hasPreviousPage)) return pages;
    from = end === 'first' ? page.cursors.at(-1) : page.cursors[0];
    if (from === undefined) throw new Error('A page that is not the last one has no items');
  }
}

/** One page of the list: the first or last `size` items, behind or before the cursor `from`. */
export function pageFrom(
  who: Person,
  document: string,
  end: End,
  size: number,
  from?: string,
): Promise<WalkedPage> {
  return ask(who, paged(document, end, size, from));
}

/** The document with another page of `list`. */
function paged(document: string, end: End, size: number, from: string | undefined): string {
  const cursor = end === 'first' ? 'after' : 'before';
  const given = `${end}: ${size}${from === undefined ? '' : `, ${cursor}: ${JSON.stringify(from)}`}`;
  return print(
    visit(parse(document), {
      Field: (field) =>
        field.alias?.value === 'list'
          ? {
              ...field,
              arguments: [
                ...(field.arguments ?? []).filter(({ name }) => name.value !== 'first'),
                ...argumentsOf(given),
              ],
              selectionSet: {
                kind: Kind.SELECTION_SET,
                selections: [...field.selectionSet!.selections, ...selectionsOf(PLACE)],
              },
            }
          : undefined,
    }),
  );
}

function selectionsOf(text: string): readonly SelectionNode[] {
  const [definition] = parse(`{ ${text} }`).definitions;
  return definition?.kind === Kind.OPERATION_DEFINITION ? definition.selectionSet.selections : [];
}

function argumentsOf(text: string): readonly ArgumentNode[] {
  const [field] = selectionsOf(`field(${text})`);
  return field?.kind === Kind.FIELD ? (field.arguments ?? []) : [];
}

interface List {
  readonly edges: readonly { readonly cursor: string }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

async function ask(who: Person, document: string): Promise<WalkedPage> {
  const answer = await who.graphql(document);
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  const { edges, pageInfo } = findList(answer.data)!;
  const cursors = edges.map(({ cursor }) => cursor);
  const { startCursor, endCursor, ...sides } = pageInfo;
  if (startCursor !== (cursors[0] ?? null) || endCursor !== (cursors.at(-1) ?? null))
    throw new Error('The page does not begin and end where it says');
  return { cursors, ...sides, requestId: answer.headers.get('x-request-id')! };
}

function findList(value: unknown): List | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if ('list' in value) return value.list as List;
  return Object.values(value)
    .map(findList)
    .find((list) => list !== undefined);
}

// Documents of a server of ours, as others fetch them.
import type { World } from './world.js';

/** A fetched document. */
export interface FetchedDocument {
  readonly status: number;
  readonly type: string | null;
  readonly headers: Headers;
  readonly body: unknown;
}

/** A collection, or a page of one. */
export interface ReadCollection<Item = unknown> {
  readonly id: string;
  readonly type: string;
  readonly totalItems?: number;
  readonly first?: string;
  readonly last?: string;
  readonly next?: string;
  readonly prev?: string;
  readonly orderedItems?: Item[];
}

const MOST_PAGES = 50;

/** Fetches what stands at a path or public address, without a signature. */
export async function getDocument(
  world: World,
  address: string,
  headers: Record<string, string> = {},
): Promise<FetchedDocument> {
  const { pathname, search } = new URL(address, world.origin);
  const response = await fetch(world.origin + pathname + search, {
    headers: { accept: 'application/activity+json', ...headers },
  });
  const text = await response.text();
  const body: unknown = text === '' ? null : JSON.parse(text);
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    headers: response.headers,
    body,
  };
}

/** Walks from a page to the end, in one direction. */
export async function walkCollection<Item = unknown>(
  world: World,
  from: string,
  direction: 'next' | 'prev',
): Promise<{ pages: ReadCollection<Item>[]; items: Item[] }> {
  const pages: ReadCollection<Item>[] = [];
  for (let address: string | undefined = from; address !== undefined;) {
    if (pages.length === MOST_PAGES) throw new Error('The pages have no end.');
    const page = (await getDocument(world, address)).body as ReadCollection<Item>;
    pages.push(page);
    address = page[direction];
  }
  return { pages, items: pages.flatMap(({ orderedItems }) => orderedItems ?? []) };
}

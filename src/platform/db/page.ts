/**
 * Keyset pages. A cursor is the sort key of a row, opaque and versioned; it keeps working after the
 * row it points at is gone. Offsets do not exist here.
 */
import { Invalid } from '../errors.js';
import { isStorable } from '../storable-text.js';

/** Largest page a client may ask for. */
export const MAX_PAGE_SIZE = 100;

/** Page arguments as Relay clients send them. */
export interface PageArguments {
  readonly first?: number | null;
  readonly after?: string | null;
  readonly last?: number | null;
  readonly before?: string | null;
}

/** What a keyset statement needs to know. */
export interface PageRequest {
  /** Rows to show; a statement fetches one more, to know whether there are further ones. */
  readonly size: number;
  /** True when walking from the end (`last`/`before`): the statement sorts the other way round. */
  readonly isBackward: boolean;
  /** Sort key to continue from, exclusive; null = from the edge. */
  readonly from: readonly string[] | null;
}

/** Rows in display order, with what Relay's PageInfo needs. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
}

const VERSION = '1';

/** Thrown for a cursor that this server did not make; the GraphQL edge answers INVALID_CURSOR. */
export class InvalidCursor extends Error {}

/** Makes the opaque cursor of a sort key. */
export function encodeCursor(key: readonly string[]): string {
  return Buffer.from(JSON.stringify([VERSION, ...key])).toString('base64url');
}

/**
 * Reads a cursor of `length` key parts.
 *
 * @throws {InvalidCursor} when it was not made by `encodeCursor` for this list
 */
export function decodeCursor(cursor: string, length: number): string[] {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(parsed) && parsed.length === length + 1 && parsed[0] === VERSION) {
      const key: unknown[] = parsed.slice(1);
      if (key.every((part) => typeof part === 'string' && isStorable(part))) return key as string[];
    }
  } catch {
    // falls through: not JSON is as wrong as another shape
  }
  throw new InvalidCursor('The cursor is malformed: pass back one that this field returned.');
}

/**
 * Turns page arguments into a request.
 *
 * @param keyLength parts of the list's sort key
 * @throws {Invalid} INVALID_INPUT for sizes outside 1–100, for both directions at once, and for a cursor of the other one
 * @throws {InvalidCursor}
 */
export function readPage(
  args: PageArguments,
  keyLength: number,
  isPart: (part: string, index: number) => boolean = () => true,
): PageRequest {
  const isBackward = readDirection(args);
  const size = args.last ?? args.first ?? 20;
  if (!Number.isInteger(size) || size < 1 || size > MAX_PAGE_SIZE) {
    const name = isBackward ? 'last' : 'first';
    throw new Invalid(`${name} must be between 1 and ${MAX_PAGE_SIZE}.`, [name], 'RANGE', '1..100');
  }
  const cursor = isBackward ? args.before : args.after;
  const from = cursor == null ? null : decodeCursor(cursor, keyLength);
  if (from && !from.every(isPart)) throw new InvalidCursor('The cursor belongs to another list.');
  return { size, isBackward, from };
}

/** Whether the page is walked from the end; what the other direction alone has a use for is refused, not ignored. */
function readDirection({ first, after, last, before }: PageArguments): boolean {
  const isBackward = last != null;
  if (isBackward && first != null)
    throw new Invalid('Give first or last, not both.', ['last'], 'ONE_DIRECTION');
  if (isBackward ? after != null : before != null) {
    const name = isBackward ? 'after' : 'before';
    throw new Invalid('after goes with first, before with last.', [name], 'CURSOR_DIRECTION');
  }
  return isBackward;
}

/** Cuts the extra row off and restores display order. */
export function toPage<Row>(request: PageRequest, fetched: readonly Row[]): Page<Row> {
  const hasMore = fetched.length > request.size;
  const rows = fetched.slice(0, request.size);
  const hasOther = request.from !== null;
  return request.isBackward
    ? { rows: rows.reverse(), hasNextPage: hasOther, hasPreviousPage: hasMore }
    : { rows, hasNextPage: hasMore, hasPreviousPage: hasOther };
}

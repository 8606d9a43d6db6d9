/** Keyset pages by id, newest first: the SQL that every chronological list shares. */
import type { PageRequest } from '../platform/db/page.js';
import { statement, type Statement } from '../platform/db/database.js';

// Bounds instead of "or is null": only a plain comparison lets the index begin at the cursor.
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';
const AFTER_ALL = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** What a list selects. */
export interface PageSelect {
  /**
   * Statement up to and including its last condition; one that cuts its parts to a page, too, makes itself from the
   * end of a page's statement.
   */
  readonly select: string | ((pageEnd: string) => string);
  /** Column that orders the list, the greatest (newest) first. */
  readonly key: string;
  /** A coarser column by which an index finds the rows: these are in its order, too. */
  readonly coarse?: {
    readonly key: string;
    /** That of a cursor. @param cursor SQL expression */
    readonly of: (cursor: string) => string;
  };
}

/** A statement with its values, as `Reader.rows` takes them. */
export type Call = [query: Statement, values: readonly unknown[]];

/**
 * Greatest numbers of rows that statements are written for. The planner knows them, where of a placeholder it would
 * assume a tenth of the table; then it also sees that planning each call anew wins nothing.
 */
const BOUNDS = [6, 11, 21, 51, 101];

/** One page of one list. In `select`, $1 and $2 are taken (cursor, number of rows); `values` begin at $3. */
export function singlePage(
  name: string,
  selected: PageSelect,
): (request: PageRequest, values: readonly unknown[]) => Call {
  const page = boundedPages(name, selected, '$1');
  return (request, values) => [
    page(request, (rows) => `select * from (${rows}) page limit $2`),
    [cursorOf(request), request.size + 1, ...values],
  ];
}

/** Owners that are ids. */
const OWNERS_BY_ID = 'select id, id as key from unnest($1::uuid[]) as listed(id)';

/**
 * The same page of one list for each of several owners, in one statement: rows carry `ownerId`. In
 * `select`, the owner is `owner.id`; $1 to $3 are taken (owners, cursor, number of rows); `values` begin at $4.
 *
 * @param owners statement that makes a row of each owner in $1, with the column `key`, which becomes `ownerId`
 */
export function batchedPage(
  name: string,
  selected: PageSelect & { readonly select: string },
  owners = OWNERS_BY_ID,
): (ownerIds: readonly string[], request: PageRequest, values: readonly unknown[]) => Call {
  const page = boundedPages(name, selected, '$2');
  return (ownerIds, request, values) => [
    page(
      request,
      (rows) => `select page.*, owner.key as "ownerId" from (${owners}) owner
        cross join lateral (select * from (${rows}) bounded limit $3) page`,
    ),
    [ownerIds, cursorOf(request), request.size + 1, ...values],
  ];
}

/** The statement for a request, made when it is first wanted: one per direction and bound. */
function boundedPages(
  name: string,
  { select, key, coarse }: PageSelect,
  cursor: string,
): (request: PageRequest, wrap: (rows: string) => string) => Statement {
  const made = new Map<string, Statement>();
  return ({ isBackward, size }, wrap) => {
    const bound = BOUNDS.find((rows) => rows > size) ?? size + 1;
    const variant = `${name}.${isBackward ? 'backward' : 'forward'}.${bound}`;
    let found = made.get(variant);
    if (!found) {
      const [beyond, order] = isBackward ? ['>', ''] : ['<', ' desc'];
      const from = `${cursor}::uuid`;
      const [within, first] = coarse
        ? [` and ${coarse.key} ${beyond}= ${coarse.of(from)}`, `${coarse.key}${order}, `]
        : ['', ''];
      const end = `${within} and ${key} ${beyond} ${from} order by ${first}${key}${order} limit ${bound}`;
      found = statement(variant, wrap((typeof select === 'string' ? select : select(end)) + end));
      made.set(variant, found);
    }
    return found;
  };
}

function cursorOf(request: PageRequest): string {
  return request.from?.[0] ?? (request.isBackward ? BEFORE_ALL : AFTER_ALL);
}

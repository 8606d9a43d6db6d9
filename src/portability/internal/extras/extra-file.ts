/** Files of the folder `extras`: what no vocabulary has words for, as JSON of shapes that ARCHIVE.md describes. */
import { statement, type Reader, type Statement } from '../../../platform/db/database.js';
import type { ListOwner } from '../list-exports.js';

/** One file. */
export interface ExtraFile {
  readonly name: string;
  /** Rows of `id` and `item`: $1 the owner, $2 the host, behind the id $3. */
  readonly page: Statement;
  /** From a row's item to what stands in the file. */
  readonly toItem: (item: never) => object;
}

const PAGE = 100;
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

/** A file with an item per row of `select`, which has the columns `id` and `item`, and $1 and $2 as in `ExtraFile`. */
export function extraFile(
  name: string,
  select: string,
  toItem: ExtraFile['toItem'] = (item) => item,
): ExtraFile {
  const text = `select * from (${select}) whole where id > $3::uuid and $2::text is not null order by id limit ${PAGE}`;
  return { name: `extras/${name}.json`, page: statement(`export.extras.${name}`, text), toItem };
}

/** Address of `actors other`. */
export const ADDRESS = `other.username || '@' || coalesce(other.domain, $2)`;

/** True for `actors other` that are there. */
export const IS_THERE = `other.status not in ('PENDING', 'SUSPENDED', 'DELETED')`;

/** An instant as JSON writes it. */
export function instant(column: string): string {
  return `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}

/** The text of a file, oldest items first; read in pages. */
export async function* textOf(
  reader: Reader,
  { actorId, host }: ListOwner,
  { page, toItem }: ExtraFile,
): AsyncGenerator<string> {
  yield '{"version":1,"items":[';
  let after = BEFORE_ALL;
  for (let separator = ''; ;) {
    const rows = await reader.rows<{ id: string; item: never }>(page, [actorId, host, after]);
    for (const { item } of rows) {
      yield separator + JSON.stringify(toItem(item));
      separator = ',\n';
    }
    if (rows.length < PAGE) break;
    after = rows.at(-1)!.id;
  }
  yield ']}\n';
}

/** Reads of imports of emoji. The staff asks. */
import { bothWays, HIGHEST_ID, LOWEST_ID } from '../platform/db/both-ways.js';
import { statement, type Reader } from '../platform/db/database.js';
import type { PageRequest } from '../platform/db/page.js';
import type { EmojiImportId, EmojiImportRow } from './emoji-import.js';

const COLUMNS = `id, account_id as "accountId", category, replaces, state, total, added, replaced, kept, refused, refusals,
  failure, created_at as "createdAt", finished_at as "finishedAt"`;
const BY_IDS = statement(
  'emoji_imports.by_ids',
  `select ${COLUMNS} from emoji_imports where id = any($1::uuid[])`,
);
const ALL = bothWays({
  name: 'emoji_imports.all',
  order: 'desc',
  lowest: [LOWEST_ID],
  highest: [HIGHEST_ID],
  text: ({ beyond, order }) =>
    `select ${COLUMNS} from emoji_imports where id ${beyond} $1::uuid order by id ${order} limit $2`,
});

/** Imports by id, in no particular order. */
export function findEmojiImports(
  reader: Reader,
  ids: readonly EmojiImportId[],
): Promise<EmojiImportRow[]> {
  return reader.rows<EmojiImportRow>(BY_IDS, [ids]);
}

/** All imports, the newest first; one more than the page shows. */
export function listEmojiImports(reader: Reader, page: PageRequest): Promise<EmojiImportRow[]> {
  const { query, from } = ALL(page);
  return reader.rows<EmojiImportRow>(query, [...from, page.size + 1]);
}

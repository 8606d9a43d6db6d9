/** Reads of imports; only their owner ever sees one. */
import type { AccountId } from '../accounts/account.entity.js';
import { statement, type Reader } from '../platform/db/database.js';
import type { PageRequest } from '../platform/db/page.js';
import type { ImportId, ImportRow, ImportLine, RowOutcome } from './import-row.js';
import { KEPT_IMPORTS } from './start-import.js';

const COUNT = (outcome: RowOutcome, name: string): string =>
  `count(*) filter (where r.outcome = '${outcome}')::int as ${name}`;
const SELECT = `select i.id, i.account_id as "accountId", i.source, i.mode, i.state, i.removed,
    i.created_at as "createdAt", counts.* from data_imports i cross join lateral (
    select count(*)::int as total, ${COUNT('WAITING', 'waiting')}, ${COUNT('IMPORTED', 'imported')},
      ${COUNT('UNCHANGED', 'unchanged')}, ${COUNT('PENDING', 'pending')}, ${COUNT('FAILED', 'failed')}
    from data_import_rows r where r.import_id = i.id) counts`;
const LIST = statement(
  'data_imports.list',
  `${SELECT} where i.account_id = $1 order by i.id desc limit ${KEPT_IMPORTS}`,
);
const BY_IDS = statement(
  'data_imports.by_ids',
  `${SELECT} where i.account_id = $1 and i.id = any($2::uuid[])`,
);

/** The newest imports of an account, newest first; at most 20. */
export function listImports(reader: Reader, accountId: AccountId): Promise<ImportRow[]> {
  return reader.rows<ImportRow>(LIST, [accountId]);
}

/** Imports of an account by id, in no particular order. */
export function findImports(
  reader: Reader,
  accountId: AccountId,
  ids: readonly ImportId[],
): Promise<ImportRow[]> {
  return reader.rows<ImportRow>(BY_IDS, [accountId, ids]);
}

/** A line and the import that it belongs to. */
export type OwnedLine = ImportLine & { readonly ownerId: string };

const LAST_LINE = 2_147_483_647;
const [FORWARD, BACKWARD] = [
  ['>', 'asc'],
  ['<', 'desc'],
].map(([comparison, order]) =>
  statement(
    `data_import_rows.${order}`,
    `select page.*, owner.id as "ownerId" from unnest($1::uuid[]) as owner(id) cross join lateral (
       select line, text, outcome, reason from data_import_rows r where r.import_id = owner.id
         and r.line ${comparison} $3 and ($2::text[] is null or r.outcome = any($2))
       order by r.line ${order} limit $4) page`,
  ),
);

/** Lines of imports in the order of the file, one more than the page shows; `outcomes` null = all. */
export function findLines(
  reader: Reader,
  importIds: readonly string[],
  outcomes: readonly RowOutcome[] | null,
  request: PageRequest,
): Promise<OwnedLine[]> {
  const from = request.from?.[0] ?? (request.isBackward ? LAST_LINE : 0);
  const query = request.isBackward ? BACKWARD! : FORWARD!;
  return reader.rows<OwnedLine>(query, [importIds, outcomes, from, request.size + 1]);
}

/** Reads of exports; only their owner ever sees one. */
import type { AccountId } from '../accounts/account.entity.js';
import { statement, type Reader } from '../platform/db/database.js';
import type { ExportId, ExportRow } from './export-row.js';

/** Exports that are listed. */
export const LISTED_EXPORTS = 20;

const COLUMNS = `id, account_id as "accountId", format, includes_media as "includesMedia", state,
  progress_percent as "progressPercent", size_bytes as "sizeBytes", created_at as "createdAt",
  expires_at as "expiresAt", removed_at as "removedAt"`;
const LIST = statement(
  'data_exports.list',
  `select ${COLUMNS} from data_exports where account_id = $1 order by id desc limit ${LISTED_EXPORTS}`,
);
const BY_IDS = statement(
  'data_exports.by_ids',
  `select ${COLUMNS} from data_exports where account_id = $1 and id = any($2::uuid[])`,
);

/** The driver gives numbers of 64 bits as text. */
type Stored = Omit<ExportRow, 'sizeBytes'> & { readonly sizeBytes: string | null };

/** The newest exports of an account, newest first; at most 20. */
export async function listExports(reader: Reader, accountId: AccountId): Promise<ExportRow[]> {
  return (await reader.rows<Stored>(LIST, [accountId])).map(toRow);
}

/** Exports of an account by id, in no particular order. */
export async function findExports(
  reader: Reader,
  accountId: AccountId,
  ids: readonly ExportId[],
): Promise<ExportRow[]> {
  return (await reader.rows<Stored>(BY_IDS, [accountId, ids])).map(toRow);
}

function toRow(row: Stored): ExportRow {
  return { ...row, sizeBytes: row.sizeBytes === null ? null : BigInt(row.sizeBytes) };
}

/** Removes the files of exports: objects first, rows second, so that a crash between the two is finished by the next try. */
import type { AccountId } from '../../accounts/account.entity.js';
import type { Services } from '../../platform/context.js';
import { statement } from '../../platform/db/database.js';
import type { ExportId } from '../export-row.js';

/** An archive and where it lies. */
export interface StoredExport {
  readonly id: ExportId;
  readonly key: string;
}

const REMOVED = statement(
  'data_exports.removed',
  'update data_exports set removed_at = $2 where id = $1',
);
const OF_ACCOUNT = statement(
  'data_exports.of_account',
  'select id, storage_key as key from data_exports where account_id = $1 limit 100',
);
const FORGET = statement(
  'data_exports.forget',
  'delete from data_exports where id = any($1::uuid[])',
);

/** Removes files; the rows stay and say so. */
export async function removeExportFiles(
  { storage, database, clock }: Services,
  exports: readonly StoredExport[],
): Promise<void> {
  for (const { id, key } of exports) {
    await storage.remove(key);
    await database.rows(REMOVED, [id, clock.now()]);
  }
}

/** Removes up to 100 exports of an account, rows and files. @returns how many there were; 0 = it is done */
export async function forgetExports(services: Services, accountId: AccountId): Promise<number> {
  const exports = await services.database.rows<StoredExport>(OF_ACCOUNT, [accountId]);
  await removeExportFiles(services, exports);
  await services.database.rows(FORGET, [exports.map(({ id }) => id)]);
  return exports.length;
}

/** Bringing a list along. */
import type { CommandContext } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import { Conflict } from '../platform/errors.js';
import { newId } from '../platform/ids.js';
import { requireRate } from '../platform/require-rate.js';
import { requireViewer } from '../platform/require-viewer.js';
import type { ImportId, ImportMode, ImportSource } from './import-row.js';
import { readImport } from './internal/read-import.js';
import { importRequested } from './portability.events.js';

/** Imports that are remembered. */
export const KEPT_IMPORTS = 20;

/** Each is up to 5,000 acts. */
const IMPORT_LIMIT = { name: 'import', points: 30, windowSeconds: 86_400, failsClosed: false };

const INSERT = statement(
  'data_imports.insert',
  `insert into data_imports (id, account_id, source, mode, state, created_at, updated_at)
   values ($1, $2, $3, $4, 'QUEUED', $5, $5) on conflict do nothing returning id`,
);
const INSERT_LINES = statement(
  'data_import_rows.insert',
  `insert into data_import_rows (import_id, line, text, item, outcome, reason)
   select $1, r.line, r.text, nullif(r.item, 'null'::jsonb),
     case when r.item is null then 'FAILED' else 'WAITING' end, case when r.item is null then 'INVALID_INPUT' end
   from jsonb_to_recordset($2::jsonb) as r(line int, text text, item jsonb)`,
);
const FORGET_OLD = statement(
  'data_imports.forget_old',
  `delete from data_imports where account_id = $1 and id not in (
     select id from data_imports where account_id = $1 order by id desc limit ${KEPT_IMPORTS})`,
);

/**
 * Has a file taken in, line by line, by a job. Opens its own transaction.
 *
 * @throws {Forbidden} FORBIDDEN for anonymous callers
 * @throws {Invalid} INVALID_INPUT for a file that cannot be read; single lines that cannot are named in its report
 * @throws {Conflict} CONFLICT while another one is being taken in
 * @throws {RateLimited} RATE_LIMITED
 */
export async function startImport(
  context: CommandContext,
  input: { source: ImportSource; csv: string; mode: ImportMode },
): Promise<ImportId> {
  const { accountId } = requireViewer(context);
  const lines = readImport(input.source, input.csv, context.config.publicUrl.host);
  await requireRate(context, IMPORT_LIMIT, accountId);
  const now = context.clock.now();
  return context.database.transaction(async (tx) => {
    const id = newId<'dataimport'>(now);
    if (!(await tx.row(INSERT, [id, accountId, input.source, input.mode, now])))
      throw new Conflict('A file is being taken in already.', 'CONFLICT');
    await tx.rows(INSERT_LINES, [id, JSON.stringify(lines)]);
    await tx.rows(FORGET_OLD, [accountId]);
    await tx.append(importRequested, { importId: id });
    return id;
  });
}

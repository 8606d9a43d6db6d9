/** Asking for an archive of what is one's own. */
import { addSeconds } from '../platform/clock.js';
import type { CommandContext } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import { Conflict, RateLimited } from '../platform/errors.js';
import { newId } from '../platform/ids.js';
import { requireViewer } from '../platform/require-viewer.js';
import type { ExportId, ExportFormat, JobState } from './export-row.js';
import { newExportKey } from './internal/begin-export.js';
import { exportRequested } from './portability.events.js';

const DAY_SECONDS = 86_400;

const LOCK = statement(
  'data_exports.lock_account',
  'select from accounts where id = $1 for no key update',
);
const RECENT = statement(
  'data_exports.recent',
  `select state, created_at as "createdAt" from data_exports
   where account_id = $1 and (state in ('QUEUED', 'RUNNING') or state = 'SUCCEEDED' and format = $2 and created_at > $3)
   order by state in ('QUEUED', 'RUNNING') desc, id desc limit 1`,
);
const INSERT = statement(
  'data_exports.insert',
  `insert into data_exports (id, account_id, format, includes_media, state, storage_key, created_at, updated_at)
   values ($1, $2, $3, $4, 'QUEUED', $5, $6, $6)`,
);

/**
 * Has an archive written. One at a time, and one of each format within some days; those that failed do not count.
 * Opens its own transaction.
 *
 * @throws {Forbidden} FORBIDDEN for anonymous callers
 * @throws {Conflict} CONFLICT while another one is being written
 * @throws {RateLimited} RATE_LIMITED
 */
export async function requestExport(
  context: CommandContext,
  input: { format: ExportFormat; includesMedia: boolean },
): Promise<ExportId> {
  const { accountId } = requireViewer(context);
  const now = context.clock.now();
  const { intervalDays } = context.config.exports;
  return context.database.transaction(async (tx) => {
    await tx.rows(LOCK, [accountId]);
    const since = addSeconds(now, -intervalDays * DAY_SECONDS);
    const recent = await tx.row<{ state: JobState; createdAt: Date }>(RECENT, [
      accountId,
      input.format,
      since,
    ]);
    if (recent && recent.state !== 'SUCCEEDED')
      throw new Conflict('An archive is being written already.', 'CONFLICT');
    if (recent) {
      const allowedAt = addSeconds(recent.createdAt, intervalDays * DAY_SECONDS);
      throw new RateLimited(Math.ceil((allowedAt.getTime() - now.getTime()) / 1000));
    }
    const id = newId<'dataexport'>(now);
    const key = newExportKey();
    await tx.rows(INSERT, [id, accountId, input.format, input.includesMedia, key, now]);
    await tx.append(exportRequested, { exportId: id });
    return id;
  });
}

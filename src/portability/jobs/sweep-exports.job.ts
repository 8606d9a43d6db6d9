/** Removes archives whose days are over, and has those begun anew whose writing was cut off. */
import { addSeconds } from '../../platform/clock.js';
import { statement } from '../../platform/db/database.js';
import { defineJob } from '../../platform/jobs/job.js';
import type { ExportId } from '../export-row.js';
import { SILENCE_SECONDS } from '../internal/begin-export.js';
import { removeExportFiles } from '../internal/remove-exports.js';
import { exportRequested } from '../portability.events.js';

const EXPIRED = statement(
  'data_exports.expired',
  `select id, storage_key as key from data_exports
   where (expires_at <= $1 or state = 'FAILED') and removed_at is null order by expires_at limit 100`,
);
const SILENT = statement(
  'data_exports.silent',
  `update data_exports set updated_at = $1 where state in ('QUEUED', 'RUNNING') and updated_at < $2
   returning id as "exportId"`,
);

/** Runs by the clock. */
export const sweepExports = defineJob<Record<string, never>>('sweepExports', async (context) => {
  const { database, clock } = context;
  const now = clock.now();
  await removeExportFiles(context, await database.rows(EXPIRED, [now]));
  await database.transaction(async (tx) => {
    const silent = addSeconds(now, -SILENCE_SECONDS);
    for (const request of await tx.rows<{ exportId: ExportId }>(SILENT, [now, silent]))
      await tx.append(exportRequested, request);
  });
});

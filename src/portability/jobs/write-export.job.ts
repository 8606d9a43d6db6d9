/** Writes an archive, stores it under the key that its row names, and says so. */
import { stat } from 'node:fs/promises';
import { findAccount, type AccountRow } from '../../accounts/accounts.queries.js';
import { addSeconds } from '../../platform/clock.js';
import type { JobContext } from '../../platform/context.js';
import { statement, type Statement } from '../../platform/db/database.js';
import { enqueueAt } from '../../platform/jobs/enqueue.js';
import { declareJob, type JobType } from '../../platform/jobs/job.js';
import type { ExportId } from '../export-row.js';
import { openArchive } from '../internal/archive.js';
import { beginExport, type ExportOrder } from '../internal/begin-export.js';
import { ExportAbandoned, followExport } from '../internal/export-progress.js';
import { requireRoom } from '../internal/require-room.js';
import { writeArchive, writeLists } from '../internal/write-archive.js';
import { exportFailed, exportReady } from '../portability.events.js';

const DAY_SECONDS = 86_400;
const TRIES = 5;
const BUSY_SECONDS = 15;

const FINISH = statement(
  'data_exports.finish',
  `update data_exports set state = 'SUCCEEDED', progress_percent = 100, size_bytes = $3, updated_at = $4, expires_at = $5
   where id = $1 and storage_key = $2 and state = 'RUNNING' returning id`,
);
const FAIL = statement(
  'data_exports.fail',
  `update data_exports set state = 'FAILED', updated_at = $2
   where id = $1 and storage_key = $3 and state = 'RUNNING' returning id`,
);
const GIVE_UP = statement(
  'data_exports.give_up',
  `update data_exports e set state = 'FAILED', updated_at = $2 from accounts a
   where e.id = $1 and e.state in ('QUEUED', 'RUNNING') and a.id = e.account_id and a.state <> 'ACTIVE' returning e.id`,
);

const declared = declareJob<{ exportId: ExportId }>('writeExport', {
  maxAttempts: TRIES,
  keyOf: ({ exportId }) => exportId,
});

/** A repeat begins anew. Only some are written at a time: each takes long, and other work waits for the same workers. */
export const writeExport: JobType<{ exportId: ExportId }> = {
  ...declared,
  run: async (context, { exportId }) => {
    const order = await beginExport(context, exportId);
    if (order === 'BUSY') return waitForTurn(context, exportId);
    const account = order && (await findAccount(context.database, order.accountId));
    if (!order || !account) return fail(context, exportId, GIVE_UP);
    try {
      await write(context, order, account);
    } catch (error) {
      const isAbandoned = error instanceof ExportAbandoned;
      if (isAbandoned) await fail(context, exportId, GIVE_UP);
      else if (context.attempt >= TRIES) await fail(context, exportId, FAIL, [order.key]);
      if (!isAbandoned) throw error;
    }
  },
};

async function waitForTurn({ database }: JobContext, exportId: ExportId): Promise<void> {
  const at = addSeconds(new Date(), BUSY_SECONDS);
  await database.transaction((tx) => enqueueAt(tx, at, declared, { exportId }));
}

async function fail(
  { database, clock }: JobContext,
  exportId: ExportId,
  query: Statement,
  values: readonly string[] = [],
): Promise<void> {
  await database.transaction(async (tx) => {
    if (await tx.row(query, [exportId, clock.now(), ...values]))
      await tx.append(exportFailed, { exportId });
  });
}

async function write(context: JobContext, order: ExportOrder, account: AccountRow): Promise<void> {
  await using directory = await context.scratch.directory();
  await requireRoom(directory.path, order.mediaBytes);
  await using archive = openArchive(directory.path, context.clock.now());
  const { includesMedia, posts } = order;
  if (order.format === 'CSV_LISTS') await writeLists(context, archive, account);
  else {
    const onPost = followExport(context, order, includesMedia ? posts * 2 : posts);
    await writeArchive(context, archive, { account, includesMedia, onPost });
  }
  await archive.finish();
  await store(context, order, account, archive.file);
}

/** Whoever is not the writer any more, as another one has begun anew or it was given up, takes back what it stored. */
async function store(
  { storage, database, clock, config }: JobContext,
  { id, key }: ExportOrder,
  { actorId }: AccountRow,
  file: string,
): Promise<void> {
  const { size } = await stat(file);
  await storage.putFile(key, file, 'application/gzip');
  const now = clock.now();
  const expiresAt = addSeconds(now, config.exports.keptDays * DAY_SECONDS);
  const isFinished = await database.transaction(async (tx) => {
    if (!(await tx.row(FINISH, [id, key, size, now, expiresAt]))) return false;
    await tx.append(exportReady, { exportId: id, actorId });
    return true;
  });
  if (!isFinished) await storage.remove(key);
}

/** Writes an archive, stores it under the key that its row names, and says so. */
import { stat } from 'node:fs/promises';
import type { AccountId } from '../../accounts/account.entity.js';
import { findAccount, type AccountRow } from '../../accounts/accounts.queries.js';
import { addSeconds } from '../../platform/clock.js';
import type { JobContext } from '../../platform/context.js';
import { statement } from '../../platform/db/database.js';
import { defineJob } from '../../platform/jobs/job.js';
import type { ExportId, ExportFormat } from '../export-row.js';
import { openArchive } from '../internal/archive.js';
import { ExportAbandoned, followExport } from '../internal/export-progress.js';
import { writeArchive, writeLists } from '../internal/write-archive.js';
import { exportFailed, exportReady } from '../portability.events.js';

interface Order {
  readonly id: ExportId;
  readonly accountId: AccountId;
  readonly format: ExportFormat;
  readonly includesMedia: boolean;
  readonly key: string;
  /** For the progress. */
  readonly posts: number;
}

const DAY_SECONDS = 86_400;
const TRIES = 5;

const BEGIN = statement(
  'data_exports.begin',
  `update data_exports e set state = 'RUNNING', updated_at = $2 from accounts a
   where e.id = $1 and e.state in ('QUEUED', 'RUNNING') and a.id = e.account_id and a.state = 'ACTIVE'
   returning e.id, e.account_id as "accountId", e.format, e.includes_media as "includesMedia", e.storage_key as key,
     (select count(*)::int from posts p where p.author_id = a.actor_id and p.deleted_at is null) as posts`,
);
const FINISH = statement(
  'data_exports.finish',
  `update data_exports set state = 'SUCCEEDED', progress_percent = 100, size_bytes = $2, updated_at = $3, expires_at = $4
   where id = $1 and state = 'RUNNING' returning id`,
);
const FAIL = statement(
  'data_exports.fail',
  `update data_exports set state = 'FAILED', updated_at = $2 where id = $1 and state in ('QUEUED', 'RUNNING')
   returning id`,
);
const EXISTS = statement('data_exports.exists', 'select 1 from data_exports where id = $1');

/** A repeat begins anew; of two at once the later one ends on what the earlier one has stored. */
export const writeExport = defineJob<{ exportId: ExportId }>(
  'writeExport',
  async (context, { exportId }) => {
    const order = await context.database.row<Order>(BEGIN, [exportId, context.clock.now()]);
    const account = order && (await findAccount(context.database, order.accountId));
    if (!order || !account) return fail(context, exportId);
    try {
      await write(context, order, account);
    } catch (error) {
      const isAbandoned = error instanceof ExportAbandoned;
      if (isAbandoned || context.attempt >= TRIES) await fail(context, exportId);
      if (!isAbandoned) throw error;
    }
  },
  { maxAttempts: TRIES },
);

async function fail({ database, clock }: JobContext, exportId: ExportId): Promise<void> {
  await database.transaction(async (tx) => {
    if (await tx.row(FAIL, [exportId, clock.now()])) await tx.append(exportFailed, { exportId });
  });
}

async function write(context: JobContext, order: Order, account: AccountRow): Promise<void> {
  await using directory = await context.scratch.directory();
  await using archive = openArchive(directory.path, context.clock.now());
  const { includesMedia, posts } = order;
  if (order.format === 'CSV_LISTS') await writeLists(context, archive, account);
  else {
    const onPost = followExport(context, order.id, includesMedia ? posts * 2 : posts);
    await writeArchive(context, archive, { account, includesMedia, onPost });
  }
  await archive.finish();
  await store(context, order, account, archive.file);
}

async function store(
  { storage, database, clock, config }: JobContext,
  { id, key }: Order,
  { actorId }: AccountRow,
  file: string,
): Promise<void> {
  const { size } = await stat(file);
  await storage.putFile(key, file, 'application/gzip');
  const now = clock.now();
  const expiresAt = addSeconds(now, config.exports.keptDays * DAY_SECONDS);
  const isFinished = await database.transaction(async (tx) => {
    if (!(await tx.row(FINISH, [id, size, now, expiresAt]))) return false;
    await tx.append(exportReady, { exportId: id, actorId });
    return true;
  });
  if (!isFinished && !(await database.row(EXISTS, [id]))) await storage.remove(key);
}

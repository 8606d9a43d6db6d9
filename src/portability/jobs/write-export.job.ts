/** Writes an archive, stores it under the key that its row names, and says so. */
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { AccountId } from '../../accounts/account.entity.js';
import { findAccount, type AccountRow } from '../../accounts/accounts.queries.js';
import { addSeconds } from '../../platform/clock.js';
import type { JobContext } from '../../platform/context.js';
import { statement } from '../../platform/db/database.js';
import { defineJob } from '../../platform/jobs/job.js';
import type { ExportId, ExportFormat } from '../export-row.js';
import { openArchive } from '../internal/archive.js';
import { writeArchive, writeLists } from '../internal/write-archive.js';

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
/** The lists and the upload to the storage come after the posts. */
const PERCENT_OF_POSTS = 95;

const BEGIN = statement(
  'data_exports.begin',
  `update data_exports e set state = 'RUNNING', updated_at = $2 from accounts a
   where e.id = $1 and e.state in ('QUEUED', 'RUNNING') and a.id = e.account_id
   returning e.id, e.account_id as "accountId", e.format, e.includes_media as "includesMedia", e.storage_key as key,
     (select count(*)::int from posts p where p.author_id = a.actor_id and p.deleted_at is null) as posts`,
);
const PROGRESS = statement(
  'data_exports.progress',
  `update data_exports set progress_percent = $2, updated_at = $3 where id = $1 and state = 'RUNNING'`,
);
const FINISH = statement(
  'data_exports.finish',
  `update data_exports set state = 'SUCCEEDED', progress_percent = 100, size_bytes = $2, updated_at = $3, expires_at = $4
   where id = $1 and state = 'RUNNING' returning id`,
);
const FAIL = statement(
  'data_exports.fail',
  `update data_exports set state = 'FAILED', updated_at = $2 where id = $1 and state in ('QUEUED', 'RUNNING')`,
);

/** A repeat begins anew; of two at once the later one ends on what the earlier one has stored. */
export const writeExport = defineJob<{ exportId: ExportId }>(
  'writeExport',
  async (context, { exportId }) => {
    const order = await context.database.row<Order>(BEGIN, [exportId, context.clock.now()]);
    const account = order && (await findAccount(context.database, order.accountId));
    if (!order || !account) return;
    try {
      await write(context, order, account);
    } catch (error) {
      if (context.attempt >= TRIES)
        await context.database.rows(FAIL, [exportId, context.clock.now()]);
      throw error;
    }
  },
  { maxAttempts: TRIES },
);

async function write(context: JobContext, order: Order, account: AccountRow): Promise<void> {
  const directory = await mkdtemp(path.join(tmpdir(), 'triptych-export-'));
  try {
    const archive = openArchive(directory, context.clock.now());
    if (order.format === 'CSV_LISTS') await writeLists(context, archive, account);
    else await writeArchive(context, archive, orderOf(context, order, account));
    await archive.finish();
    await store(context, order, archive.file);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function orderOf({ database, clock }: JobContext, order: Order, account: AccountRow) {
  const onPosts = async (done: number): Promise<void> => {
    const percent = Math.min(Math.floor((done / order.posts) * PERCENT_OF_POSTS), PERCENT_OF_POSTS);
    await database.rows(PROGRESS, [order.id, percent, clock.now()]);
  };
  return { account, includesMedia: order.includesMedia, onPosts };
}

async function store(
  { storage, database, clock, config }: JobContext,
  { id, key }: Order,
  file: string,
): Promise<void> {
  const { size } = await stat(file);
  await storage.putFile(key, file, 'application/gzip');
  const now = clock.now();
  const expiresAt = addSeconds(now, config.exports.keptDays * DAY_SECONDS);
  const finished = await database.row(FINISH, [id, size, now, expiresAt]);
  if (!finished && !(await database.row(EXISTS, [id]))) await storage.remove(key);
}

const EXISTS = statement('data_exports.exists', 'select 1 from data_exports where id = $1');

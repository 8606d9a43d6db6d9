/**
 * Takes an import in, line by line: what a line does and what is said of it commit together, so a run that was cut
 * off goes on where it ended.
 */
import { actFor, type ActingContext } from '../../accounts/act-for.js';
import type { AccountId } from '../../accounts/account.entity.js';
import { addSeconds } from '../../platform/clock.js';
import { statement } from '../../platform/db/database.js';
import { DomainError, RateLimited } from '../../platform/errors.js';
import { declareJob, type JobType } from '../../platform/jobs/job.js';
import { enqueueAt } from '../../platform/jobs/enqueue.js';
import type { ImportId, ImportMode, ImportSource } from '../import-row.js';
import { applyLine, type Applied } from '../internal/apply-line.js';
import type { ImportItem } from '../internal/read-import.js';
import { removeAbsent } from '../internal/remove-absent.js';

interface Order {
  readonly id: ImportId;
  readonly accountId: AccountId;
  readonly source: ImportSource;
  readonly mode: ImportMode;
  /** It was done before, and goes on with lines that had to wait. */
  readonly isResumed: boolean;
}

const BATCH = 100;

const BEGIN = statement(
  'data_imports.begin',
  `update data_imports set state = 'RUNNING', updated_at = $2 where id = $1 and state in ('QUEUED', 'RUNNING')
   returning id, account_id as "accountId", source, mode, finished_at is not null as "isResumed"`,
);
const NEXT = statement(
  'data_import_rows.next',
  `select line from data_import_rows where import_id = $1 and outcome = 'WAITING' order by line limit ${BATCH}`,
);
const LOCK = statement(
  'data_import_rows.lock',
  `select item from data_import_rows where import_id = $1 and line = $2 and outcome = 'WAITING' for update`,
);
const DECIDE = statement(
  'data_import_rows.decide',
  `update data_import_rows set outcome = $3, reason = $4 where import_id = $1 and line = $2 and outcome = 'WAITING'`,
);
const FINISH = statement(
  'data_imports.finish',
  `update data_imports set state = 'SUCCEEDED', removed = removed + $2, updated_at = $3,
     finished_at = coalesce(finished_at, $3) where id = $1 and state = 'RUNNING'`,
);
const FAIL = statement(
  'data_imports.fail',
  `update data_imports set state = 'FAILED', updated_at = $2 where id = $1 and state = 'RUNNING'`,
);

const declared = declareJob<{ importId: ImportId }>('applyImport', {
  keyOf: ({ importId }) => importId,
});

/** Where a limit of the account is reached, it goes on when that allows. */
export const applyImport: JobType<{ importId: ImportId }> = {
  ...declared,
  run: async (context, { importId }) => {
    const order = await context.database.row<Order>(BEGIN, [importId, context.clock.now()]);
    const importer = order && (await actFor(context, order.accountId));
    if (!order) return;
    if (!importer) {
      await context.database.rows(FAIL, [importId, context.clock.now()]);
      return;
    }
    try {
      await applyAll(importer, order);
    } catch (error) {
      if (!(error instanceof RateLimited)) throw error;
      const goesOnAt = addSeconds(new Date(), error.retryAfterSeconds);
      await context.database.transaction((tx) => enqueueAt(tx, goesOnAt, declared, { importId }));
    }
  },
};

async function applyAll(importer: ActingContext, order: Order): Promise<void> {
  const { database, clock } = importer;
  for (;;) {
    const lines = await database.rows<{ line: number }>(NEXT, [order.id]);
    for (const { line } of lines) await applyOne(importer, order, line);
    if (lines.length === 0) break;
  }
  const isOverwriting = order.mode !== 'MERGE' && !order.isResumed;
  const removed = isOverwriting
    ? await removeAbsent(importer, order.source, order.id, order.mode === 'DRY_RUN')
    : 0;
  await database.rows(FINISH, [order.id, removed, clock.now()]);
}

async function applyOne(importer: ActingContext, order: Order, line: number): Promise<void> {
  const { database } = importer;
  const isDryRun = order.mode === 'DRY_RUN';
  const decide = ({ outcome, reason }: Applied) =>
    database.rows(DECIDE, [order.id, line, outcome, reason]);
  try {
    await database.transaction(async (tx) => {
      const row = await tx.row<{ item: ImportItem }>(LOCK, [order.id, line]);
      if (row) await decide(await applyLine(importer, order.source, row.item, isDryRun));
    });
  } catch (error) {
    if (!(error instanceof DomainError) || error instanceof RateLimited) throw error;
    await decide({ outcome: 'FAILED', reason: error.code });
  }
}

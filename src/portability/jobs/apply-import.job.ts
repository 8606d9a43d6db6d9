/**
 * Takes an import in, line by line: what a line does and what is said of it commit together, so a run that was cut
 * off goes on where it ended.
 */
import { actFor, type ActingContext } from '../../accounts/act-for.js';
import type { AccountId } from '../../accounts/account.entity.js';
import { addSeconds } from '../../platform/clock.js';
import type { JobContext } from '../../platform/context.js';
import { statement, type Statement } from '../../platform/db/database.js';
import type { EventType } from '../../platform/journal/event.js';
import { DomainError, RateLimited } from '../../platform/errors.js';
import { declareJob, type JobType } from '../../platform/jobs/job.js';
import { enqueueAt } from '../../platform/jobs/enqueue.js';
import type { ImportId, ImportMode, ImportSource } from '../import-row.js';
import { applyLine, type Applied } from '../internal/apply-line.js';
import type { ImportItem } from '../internal/read-import.js';
import { countAbsent, removeAbsent } from '../internal/remove-absent.js';
import { importFailed, importFinished, importProgressed } from '../portability.events.js';

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
const TURNS = statement(
  'data_import_rows.turns',
  `with alive as (update data_imports set updated_at = $2 where id = $1)
   select 100 * count(*) filter (where outcome <> 'WAITING') / greatest(count(*), 1) as percent
   from data_import_rows where import_id = $1`,
);
const FINISH = statement(
  'data_imports.finish',
  `update data_imports set state = 'SUCCEEDED', removed = removed + $2, updated_at = $3,
     finished_at = coalesce(finished_at, $3) where id = $1 and state = 'RUNNING' returning id`,
);
const FAIL = statement(
  'data_imports.fail',
  `update data_imports set state = 'FAILED', updated_at = $2 where id = $1 and state = 'RUNNING' returning id`,
);

const declared = declareJob<{ importId: ImportId }>('applyImport', {
  keyOf: ({ importId }) => importId,
});

/** Where a limit of the account is reached, it goes on when that allows. */
export const applyImport: JobType<{ importId: ImportId }> = {
  ...declared,
  run: async (context, { importId }) => {
    const order = await context.database.row<Order>(BEGIN, [importId, context.clock.now()]);
    if (!order) return;
    try {
      await applySome(context, order);
    } catch (error) {
      if (!(error instanceof RateLimited)) throw error;
      const goesOnAt = addSeconds(new Date(), error.retryAfterSeconds);
      await context.database.transaction((tx) => enqueueAt(tx, goesOnAt, declared, { importId }));
    }
  },
};

/** A batch of lines, then it goes to the end of the queue: other work does not wait for a long list. */
async function applySome(context: JobContext, order: Order): Promise<void> {
  const importer = await actFor(context, order.accountId);
  if (!importer) return end(context, order.id, FAIL, [], importFailed);
  const lines = await context.database.rows<{ line: number }>(NEXT, [order.id]);
  if (lines.length === 0) return finish(importer, order);
  for (const { line } of lines) await applyOne(importer, order, line);
  await tellAndGoOn(context, order.id);
}

async function finish(importer: ActingContext, { id, source, mode, isResumed }: Order) {
  if (mode === 'OVERWRITE' && !isResumed) await removeAbsent(importer, source, id);
  const absent = mode === 'DRY_RUN' && !isResumed ? await countAbsent(importer, source, id) : 0;
  await end(importer, id, FINISH, [absent], importFinished);
}

async function end(
  { database, clock }: Pick<JobContext, 'database' | 'clock'>,
  importId: ImportId,
  query: Statement,
  values: readonly number[],
  event: EventType<{ importId: ImportId }>,
): Promise<void> {
  await database.transaction(async (tx) => {
    if (await tx.row(query, [importId, ...values, clock.now()]))
      await tx.append(event, { importId });
  });
}

async function tellAndGoOn({ database, clock }: JobContext, importId: ImportId): Promise<void> {
  await database.transaction(async (tx) => {
    const turns = await tx.row<{ percent: string }>(TURNS, [importId, clock.now()]);
    await tx.append(importProgressed, { importId, percent: Number(turns?.percent ?? 0) });
    await enqueueAt(tx, new Date(), declared, { importId });
  });
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

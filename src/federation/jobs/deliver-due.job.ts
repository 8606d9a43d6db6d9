/**
 * Brings what waits for other servers to them. A host that is down is left alone for longer and longer, and delays no
 * other; one inbox that refuses for now delays no other of its host.
 */
import type { JobContext } from '../../platform/context.js';
import type { Database } from '../../platform/db/database.js';
import { enqueueAnew } from '../../platform/jobs/enqueue.js';
import { defineJob } from '../../platform/jobs/job.js';
import { SLICES } from '../delivery-slices.js';
import { deliveriesDue } from '../federation.events.js';
import { DeliveryRun } from '../internal/delivery-run.js';
import { giveLostTurns, nextTurnAt } from '../internal/delivery-turns.js';

/** A run that finds more and more to do ends after a while, and the next one goes on: first without those that are slow. */
const BOUNDS = { openMs: 60_000, slowMs: 1_000, longestMs: 300_000 };

interface Occasion {
  /** Of the hosts that are delivered to; absent = a server starts, and all slices have their turn. */
  readonly slice?: number;
  /** What waits for another try; its own key, so that news need not wait with it. */
  readonly isRetry?: boolean;
}

/** The last run of each process. */
const runs = new WeakMap<Database, DeliveryRun>();

/**
 * For each slice of the hosts one job for news waits at any time, and one for the next try. One at a time delivers to a slice,
 * in all processes together; those of one process are done in one run.
 */
export const deliverDue = defineJob<Occasion>(
  'deliverDue',
  async (context: JobContext, { slice }) => {
    if (slice === undefined) return resume(context);
    await deliver(context, slice);
    await context.database.transaction(async (tx) => {
      const next = await nextTurnAt(tx, slice);
      if (next) await enqueueAnew(tx, next, deliverDue, { slice, isRetry: true });
    });
  },
  {
    asksOutside: true,
    keyOf: ({ slice, isRetry }) => `${isRetry === true ? 'again' : 'news'}${slice ?? ''}`,
    queueOf: ({ slice }) => (slice === undefined ? 'all' : String(slice)),
  },
);

async function deliver(context: JobContext, slice: number): Promise<void> {
  const { database } = context;
  const open = runs.get(database);
  if (open?.join(slice)) return open.ended;
  const run = new DeliveryRun(context, BOUNDS, [slice]);
  runs.set(database, run);
  await run.work();
}

async function resume({ database, clock }: JobContext): Promise<void> {
  await database.transaction(async (tx) => {
    await giveLostTurns(tx, clock.now());
    await tx.append(deliveriesDue, { slices: SLICES });
  });
}

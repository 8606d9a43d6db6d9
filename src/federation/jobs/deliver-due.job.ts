/**
 * Brings what waits for other servers to them. A host that is down is left alone for longer and longer, and delays no
 * other; one inbox that refuses for now delays no other of its host.
 */
import type { JobContext } from '../../platform/context.js';
import { enqueueAnew } from '../../platform/jobs/enqueue.js';
import { defineJob } from '../../platform/jobs/job.js';
import { nextAttemptAt } from '../internal/deliveries.js';
import { DeliveryRun } from '../internal/delivery-run.js';

/** A run that finds more and more to do ends after a while, and the next one goes on: first without those that are slow. */
const BOUNDS = { openMs: 60_000, slowMs: 1_000, longestMs: 300_000 };

interface Occasion {
  /** What waits for another try; its own key, so that news need not wait with it. */
  readonly isRetry?: boolean;
}

/** One job for news waits at any time, and one for the next try. One at a time delivers, for all hosts. */
export const deliverDue = defineJob<Occasion>(
  'deliverDue',
  async (context: JobContext) => {
    await new DeliveryRun(context, BOUNDS).work();
    await context.database.transaction(async (tx) => {
      const next = await nextAttemptAt(tx);
      if (next) await enqueueAnew(tx, next, deliverDue, { isRetry: true });
    });
  },
  {
    asksOutside: true,
    keyOf: ({ isRetry }) => (isRetry === true ? 'again' : 'news'),
    queueOf: () => 'all',
  },
);

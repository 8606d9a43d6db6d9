// Delivers at once, without a job: what is due to all hosts.
import { SLICES } from '../../src/federation/delivery-slices.js';
import { DeliveryRun } from '../../src/federation/internal/delivery-run.js';
import { giveLostTurns } from '../../src/federation/internal/delivery-turns.js';
import type { JobContext, Services } from '../../src/platform/context.js';

const BOUNDS = { openMs: 60_000, slowMs: 1_000, longestMs: 300_000 };

/** Brings what is due to where it goes. */
export function deliverNow(context: JobContext): Promise<void> {
  return new DeliveryRun(context, BOUNDS, SLICES).work();
}

/** Gives their turn to hosts whose deliveries a test has made due by itself. */
export async function loseNothing({
  database,
  clock,
}: Pick<Services, 'database' | 'clock'>): Promise<void> {
  await database.transaction((tx) => giveLostTurns(tx, clock.now()));
}

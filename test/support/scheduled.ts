// Jobs that the clock starts, when a test says so.
import { SCHEDULED_JOBS } from '../../src/app/jobs.js';
import type { World } from './world.js';

/** Runs a scheduled job once, by name, on the services of one process. */
export async function runScheduled(
  { services }: Pick<World, 'services'>,
  name: string,
): Promise<void> {
  const scheduled = SCHEDULED_JOBS.find(({ job }) => job.name === name);
  if (!scheduled) throw new Error(`the clock starts no ${name}`);
  await scheduled.job.run({ ...services, jobId: '0', attempt: 1 }, {});
}

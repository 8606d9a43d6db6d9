/** Runs a job for its input, or for each input that it stands for. */
import type { JobContext } from '../context.js';
import { enqueueEach } from './enqueue.js';
import type { JobType, Many } from './job.js';

/**
 * What fails for many is done for each apart, with tries of its own: one that cannot be done holds up no other. A crash
 * in between does all of it again.
 */
export async function runJob<Input extends object>(
  context: JobContext,
  job: JobType<Input>,
  input: Input | Many<Input>,
): Promise<void> {
  if (!job.runAll || !isMany(input)) return job.run(context, input as Input);
  try {
    await job.runAll(context, input.each);
  } catch (error) {
    context.log.info({ err: error }, 'what was to be done for many is done for each apart');
    const runAt = new Date();
    const each = input.each.map((one) => ({ runAt, input: one }));
    await context.database.transaction((tx) => enqueueEach(tx, job, each));
  }
}

function isMany<Input>(input: Input | Many<Input>): input is Many<Input> {
  return Array.isArray((input as Partial<Many<Input>>).each);
}

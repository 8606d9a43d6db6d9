/** Tells one person of one thing: for events that say all there is to know. */
import { defineJob } from '../../platform/jobs/job.js';
import { notify, type Cause } from '../notify.js';

/** A repeat tells nobody twice. */
export const notifyOne = defineJob<Cause>('notifyOne', (context, cause) =>
  context.database.transaction((tx) => notify(context, tx, [cause])),
);

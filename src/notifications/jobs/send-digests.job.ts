/** Finds, every hour, whose letter with unread notifications is due. */
import { defineJob } from '../../platform/jobs/job.js';
import { enqueueAt } from '../../platform/jobs/enqueue.js';
import { DIGEST_BATCH, findDueDigests, type DueDigest } from '../digest.queries.js';
import { sendDigest } from './send-digest.job.js';

const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

/** One transaction per batch of people; a letter that waits already is not asked for again. */
export const sendDigests = defineJob<Record<string, never>>(
  'sendDigests',
  async ({ database, clock, config }) => {
    // Without a mail server letters go to the admin's log, where these have no business.
    if (config.smtp.url === null) return;
    const now = clock.now();
    let due: DueDigest[] = [];
    let last = BEFORE_ALL;
    do {
      due = await database.transaction(async (tx) => {
        const found = await findDueDigests(tx, now, last);
        for (const { accountId } of found)
          await enqueueAt(tx, new Date(), sendDigest, { accountId });
        return found;
      });
      last = due.at(-1)?.recipientId ?? last;
    } while (due.length === DIGEST_BATCH);
  },
);

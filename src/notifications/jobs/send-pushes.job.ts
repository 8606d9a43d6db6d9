/** Enqueues one push per notification and target: each has its own tries. */
import { defineJob } from '../../platform/jobs/job.js';
import { enqueueEach } from '../../platform/jobs/enqueue.js';
import type { NotificationId } from '../notification-kinds.js';
import { findPushes } from '../push-targets.queries.js';
import { sendPush } from './send-push.job.js';

/** A repeat finds those that still wait, and pushes others again: the client shows them as one. */
export const sendPushes = defineJob<{ notificationIds: readonly NotificationId[] }>(
  'sendPushes',
  ({ database, clock }, { notificationIds }) =>
    database.transaction(async (tx) => {
      const now = clock.now();
      const pushes = await findPushes(tx, notificationIds, now);
      await enqueueEach(
        tx,
        sendPush,
        pushes.map((push) => ({ runAt: new Date(), input: push })),
      );
    }),
);

/** Tells of a notification once its pause is over. */
import { statement } from '../../platform/db/database.js';
import type { JobType } from '../../platform/jobs/job.js';
import { tell, tellLater } from '../internal/tell.js';
import type { NotificationId } from '../notification-kinds.js';

const LOCK = statement(
  'notifications.lock_one',
  'select id from notifications where id = $1 for update',
);

/** Does nothing when it was told or read meanwhile. */
export const tellNotification: JobType<{ notificationId: NotificationId }> = {
  ...tellLater,
  run: ({ database, clock }, { notificationId }) =>
    database.transaction(async (tx) => {
      const locked = await tx.rows<{ id: NotificationId }>(LOCK, [notificationId]);
      await tell(tx, locked, clock.now());
    }),
};

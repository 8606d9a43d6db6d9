/** Tells of notifications once their pause is over. */
import { statement } from '../../platform/db/database.js';
import type { JobType } from '../../platform/jobs/job.js';
import { tell, tellLater, type LaterTold } from '../internal/tell.js';
import type { NotificationId } from '../notification-kinds.js';

const LOCK = statement(
  'notifications.lock_each',
  'select id from notifications where id = any($1::uuid[]) order by id for update',
);

const tellAll: Required<JobType<LaterTold>>['runAll'] = ({ database, clock }, inputs) =>
  database.transaction(async (tx) => {
    const ids = inputs.map(({ notificationId }) => notificationId);
    const locked = await tx.rows<{ id: NotificationId }>(LOCK, [ids]);
    await tell(tx, locked, clock.now(), true);
  });

/** Does nothing where it was told or read meanwhile. */
export const tellNotification: JobType<LaterTold> = {
  ...tellLater,
  run: (context, input) => tellAll(context, [input]),
  runAll: tellAll,
};

/** Reading: up to a place in the list, or single notifications. What joins a notification later makes it unread again. */
import type { CommandContext } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import { requireViewer } from '../platform/require-viewer.js';
import type { NotificationId } from './notification-kinds.js';
import { notificationsRead } from './notifications.events.js';

const READ_UP_TO = statement(
  'notifications.read_up_to',
  `insert into notification_preferences as p (actor_id, read_position) values ($1, $2)
   on conflict (actor_id) do update set read_position = excluded.read_position
     where p.read_position is null or p.read_position < excluded.read_position
   returning actor_id`,
);
const READ_ONES = statement(
  'notifications.read_ones',
  `update notifications set read_position = position
   where recipient_id = $1 and id = any($2::uuid[]) and read_position is distinct from position returning id`,
);

/** What was read: everything up to a position in the list, or single notifications. */
export type ReadNotifications =
  | { readonly upToPosition: string }
  | { readonly ids: readonly NotificationId[] };

/**
 * Marks notifications of the viewer as read and tells the viewer's other devices. Only ever goes forward, so that
 * devices may report in any order. Opens its own transaction.
 *
 * @throws {Forbidden} FORBIDDEN for anonymous callers
 */
export async function markNotificationsRead(
  context: CommandContext,
  read: ReadNotifications,
): Promise<void> {
  const { actorId } = requireViewer(context);
  await context.database.transaction(async (tx) => {
    const changed =
      'ids' in read
        ? await tx.rows(READ_ONES, [actorId, read.ids])
        : await tx.rows(READ_UP_TO, [actorId, read.upToPosition]);
    if (changed.length > 0) await tx.append(notificationsRead, { recipientId: actorId });
  });
}

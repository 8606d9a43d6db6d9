/** The viewer's own notifications, by id. Anybody else's are not there. */
import { defineLoader } from '../../platform/graphql/loader.js';
import { defineNode, type NodeSource } from '../../platform/graphql/node.js';
import type { NotificationId } from '../notification-kinds.js';
import { findNotifications, type NotificationRow } from '../notifications.queries.js';

/** A notification as resolvers see it. */
export type NotificationSource = NotificationRow & NodeSource;

/** Shapes a row. */
export function toNotificationSource(row: NotificationRow): NotificationSource {
  return { ...row, nodeType: 'Notification' };
}

/** Loads notifications of the viewer. */
export const notificationLoader = defineLoader<NotificationId, NotificationSource>(
  async ({ database, viewer, clock }, ids) => {
    const rows = viewer ? await findNotifications(database, ids, viewer.actorId, clock.now()) : [];
    return new Map(rows.map((row) => [row.id, toNotificationSource(row)]));
  },
);

/** `notification_…` ids. */
export const notificationNode = defineNode('notification', ['Notification'], notificationLoader);

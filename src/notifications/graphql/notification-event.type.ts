/** Notifications, live. */
import { Ctx, Field, FieldResolver, Int, ObjectType, Resolver } from 'type-graphql';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { load } from '../../platform/graphql/loader.js';
import type { PayloadOf } from '../../platform/journal/event.js';
import type { LiveEvent } from '../../platform/realtime/live-event.js';
import { requireViewer } from '../../platform/require-viewer.js';
import {
  notificationsRead,
  notificationsReceived,
  type ReceivedNotification,
} from '../notifications.events.js';
import { countUnread } from '../notifications.queries.js';
import { notificationLoader, type NotificationSource } from './notification.loader.js';
import { NotificationType } from './notification.type.js';

@ObjectType('NotificationEvent', {
  description:
    'The viewer has a new notification, or has read some on another device. Of one notification there is at most one event every few seconds, however many people join it. Only its recipient hears of it.',
})
export class NotificationEventType {
  @Field(() => String, {
    description: 'Opaque position; `after: cursor` continues behind this event.',
  })
  cursor!: string;

  @Field(() => NotificationType, {
    nullable: true,
    description:
      'The notification as it is now; null when some were read, or when it is gone again.',
  })
  notification!: NotificationSource | null;
}

@Resolver(() => NotificationEventType)
export class NotificationEventFields {
  @FieldResolver(() => Int, { description: 'Unread notifications, counted up to 100.' })
  unreadCount(@Ctx() context: GraphQLContext): Promise<number> {
    const { actorId } = requireViewer(context);
    return countUnread(context.database, actorId, context.clock.now());
  }
}

/** True for events that `toNotificationEvent` can shape. */
export function isOfNotifications({ name }: LiveEvent): boolean {
  return name === notificationsReceived.name || name === notificationsRead.name;
}

/** Shapes an event of a notification topic for the viewer. */
export async function toNotificationEvent(
  event: LiveEvent,
  context: GraphQLContext,
): Promise<NotificationEventType> {
  const { actorId } = requireViewer(context);
  const own = receivedOf(event).find(({ recipientId }) => recipientId === actorId);
  const notification = own ? await load(context, notificationLoader, own.notificationId) : null;
  return Object.assign(new NotificationEventType(), { cursor: event.cursor, notification });
}

function receivedOf({ name, payload }: LiveEvent): readonly ReceivedNotification[] {
  return name === notificationsReceived.name
    ? (payload as PayloadOf<typeof notificationsReceived>).received
    : [];
}

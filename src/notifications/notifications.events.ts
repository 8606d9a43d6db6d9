/** Facts about notifications, for live readers and for what carries them further. */
import type { ActorId } from '../actors/actor.entity.js';
import { defineEvent } from '../platform/journal/event.js';
import type { NotificationId } from './notification-kinds.js';

/** Pause between two live events of one notification, in seconds. */
export const TELL_SECONDS = 3;

/** Live topic of the notifications of one person. */
export function notificationsTopic(recipientId: ActorId): string {
  return `notifications:${recipientId}`;
}

/** A notification and whose it is. */
export interface ReceivedNotification {
  readonly notificationId: NotificationId;
  readonly recipientId: ActorId;
}

/** People have something new; of one notification at most every few seconds, however many join it. */
export const notificationsReceived = defineEvent<{ received: readonly ReceivedNotification[] }>(
  'notificationsReceived',
  ({ received }) => received.map(({ recipientId }) => notificationsTopic(recipientId)),
);

/** A person has read notifications, on whatever device. */
export const notificationsRead = defineEvent<{ recipientId: ActorId }>(
  'notificationsRead',
  ({ recipientId }) => [notificationsTopic(recipientId)],
);

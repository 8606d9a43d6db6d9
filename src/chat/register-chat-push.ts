/** A device asks to be woken by its push service when something comes for it. */
import type { ChatDeviceId } from '../devices/device.js';
import { requireDevice } from '../devices/devices.queries.js';
import type { CommandContext } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import { requireSubscription, type WebPushSubscription } from '../platform/push/web-push.js';
import { requireViewer } from '../platform/require-viewer.js';
import { newTopic } from './internal/wake-up.js';

const REGISTER = statement(
  'chat_push_subscriptions.register',
  `insert into chat_push_subscriptions (device_id, session_id, endpoint, p256dh, auth, topic, created_at)
   values ($1, $2, $3, $4, $5, $6, $7)
   on conflict (device_id) do update set session_id = excluded.session_id, endpoint = excluded.endpoint,
     p256dh = excluded.p256dh, auth = excluded.auth, topic = excluded.topic, woken_at = null, woken_position = null`,
);
const REMOVE = statement(
  'chat_push_subscriptions.remove',
  'delete from chat_push_subscriptions where device_id = $1',
);

/**
 * Registers where a device of the viewer is woken; each has one place, and another one takes its place. It ends with the
 * session, with the device, and when the push service does not know it any more. Opens its own transaction.
 *
 * @throws {NotFound} NOT_FOUND for a device that is not the viewer's, or revoked
 * @throws {Invalid} INVALID_INPUT for keys that are none, and for an endpoint that is not on the public internet
 */
export async function registerChatPush(
  context: CommandContext,
  deviceId: ChatDeviceId,
  subscription: WebPushSubscription,
): Promise<void> {
  const viewer = requireViewer(context);
  requireSubscription(subscription, ['webPush']);
  const { endpoint, p256dh, auth } = subscription;
  const now = context.clock.now();
  await context.database.transaction(async (tx) => {
    await requireDevice(tx, viewer, deviceId);
    const place = [deviceId, viewer.sessionId, endpoint, p256dh, auth];
    await tx.rows(REGISTER, [...place, newTopic(), now]);
  });
}

/**
 * Wakes a device of the viewer no more. A repeat changes nothing. Opens its own transaction.
 *
 * @throws {NotFound} NOT_FOUND for a device that is not the viewer's, or revoked
 */
export async function removeChatPush(
  context: CommandContext,
  deviceId: ChatDeviceId,
): Promise<void> {
  const viewer = requireViewer(context);
  await context.database.transaction(async (tx) => {
    await requireDevice(tx, viewer, deviceId);
    await tx.rows(REMOVE, [deviceId]);
  });
}

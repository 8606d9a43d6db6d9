/** Being woken by Web Push when something comes and nobody listens. */
import type { ChatServer } from './chat-server.js';

/** What `PushSubscription.toJSON()` of a browser says, or a service such as UnifiedPush. */
export interface PushPlace {
  readonly endpoint?: string;
  readonly keys?: Readonly<Record<string, string>>;
}

/**
 * Has the server wake a device there. The push says nothing: whoever gets it calls `synchronise`.
 *
 * @throws {RangeError} for what is no subscription @throws {RefusedError}
 */
export async function enablePush(
  server: ChatServer,
  deviceId: string,
  { endpoint, keys = {} }: PushPlace,
): Promise<void> {
  const { p256dh, auth } = keys;
  if (!endpoint || !p256dh || !auth) throw new RangeError('This is no push subscription.');
  await server.registerPush({ deviceId, webPush: { endpoint, p256dh, auth } });
}

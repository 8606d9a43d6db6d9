/** One push as the push service gets it: encrypted for the client, so that the service learns nothing but its size. */
import webPush, { type Urgency } from 'web-push';
import type { OutsideRequest } from '../../platform/outside-post.js';
import type { NotificationKind } from '../notification-kinds.js';
import type { PushTargetRow } from '../push-targets.queries.js';
import type { VapidKeys } from '../vapid.js';

/** What the client gets. */
export interface PushMessage {
  /** Global id. */
  readonly notificationId: string;
  readonly kind: NotificationKind;
  readonly title: string;
  readonly url: string | null;
  readonly unreadCount: number;
}

/** For so long a push service keeps what it cannot deliver, in seconds: older news is in the list anyway. */
const TTL_SECONDS = 24 * 3600;

/** Kinds that somebody may be waiting for; the others do not wake a phone that saves its battery. */
const PROMPT_KINDS: ReadonlySet<NotificationKind> = new Set([
  'COMMENT',
  'REPLY',
  'MENTION',
  'STORY_ANSWER',
  'STORY_MENTION',
  'FOLLOW_REQUEST',
  'FOLLOW_ACCEPTED',
]);

/**
 * Encrypts and signs a push. A later push of the same notification replaces one that still waits.
 *
 * @param subject whom the push service may turn to: a mailto: or https: address
 * @source RFC 8030 (topic, TTL, urgency), RFC 8291 (encryption), RFC 8292 (VAPID)
 */
export function sealPush(
  message: PushMessage,
  { endpoint, p256dh, auth }: PushTargetRow,
  keys: VapidKeys,
  { subject, topic }: { readonly subject: string; readonly topic: string },
): OutsideRequest {
  const urgency: Urgency = PROMPT_KINDS.has(message.kind) ? 'normal' : 'low';
  const details = webPush.generateRequestDetails(
    { endpoint, keys: { p256dh, auth } },
    JSON.stringify(message),
    {
      vapidDetails: { subject, ...keys },
      TTL: TTL_SECONDS,
      urgency,
      topic,
      contentEncoding: 'aes128gcm',
    },
  );
  return {
    url: new URL(details.endpoint),
    headers: details.headers,
    body: details.body,
  };
}

/** One push of a notification. */
import type { OutsideRequest } from '../../platform/outside-post.js';
import type { VapidKeys } from '../../platform/push/vapid.js';
import { sealWebPush } from '../../platform/push/web-push.js';
import type { NotificationKind } from '../notification-kinds.js';
import type { PushTargetRow } from '../push-targets.queries.js';

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

/** Encrypts and signs a push. A later push of the same notification replaces one that still waits. */
export function sealPush(
  message: PushMessage,
  target: PushTargetRow,
  keys: VapidKeys,
  { subject, topic }: { readonly subject: string; readonly topic: string },
): OutsideRequest {
  const urgency = PROMPT_KINDS.has(message.kind) ? 'normal' : 'low';
  const delivery = { subject, topic, ttlSeconds: TTL_SECONDS, urgency } as const;
  return sealWebPush(JSON.stringify(message), target, keys, delivery);
}

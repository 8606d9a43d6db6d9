/** Reads of push targets. One whose session has ended is not there any more. */
import type { AccountId } from '../accounts/account.entity.js';
import type { ActorId } from '../actors/actor.entity.js';
import { statement, type Reader } from '../platform/db/database.js';
import type { Id } from '../platform/ids.js';
import type { NotificationKind } from './notification-kinds.js';

/** Identity of a push target. */
export type PushTargetId = Id<'pushtarget'>;

/** Push targets that an account may have. */
export const MAX_PUSH_TARGETS = 20;

/** Where notifications are pushed to. */
export interface PushTargetRow {
  readonly id: PushTargetId;
  readonly endpoint: string;
  /** Public key of the client, base64url. */
  readonly p256dh: string;
  /** Secret of the client, base64url; only for encrypting. */
  readonly auth: string;
  /** Kinds to push; null = all. */
  readonly kinds: readonly NotificationKind[] | null;
  readonly createdAt: Date;
}

const COLUMNS = `t.id, t.endpoint, t.p256dh, t.auth, t.kinds, t.created_at as "createdAt"`;
const LIVE = (now: string): string => `exists (select from sessions s where s.id = t.session_id
  and s.revoked_at is null and (s.expires_at is null or s.expires_at > ${now}))`;

const OF_ACCOUNT = statement(
  'push_targets.of_account',
  `select ${COLUMNS} from push_targets t where t.account_id = $1 and ${LIVE('$2::timestamptz')}
   order by t.id desc limit ${MAX_PUSH_TARGETS}`,
);
const BY_IDS = statement(
  'push_targets.by_ids',
  `select ${COLUMNS} from push_targets t
   where t.account_id = $1 and t.id = any($3::uuid[]) and ${LIVE('$2::timestamptz')}`,
);
const FOR_NOTIFICATIONS = statement(
  'push_targets.for_notifications',
  `select n.id as "notificationId", t.id as "targetId" from notifications n
   join accounts account on account.actor_id = n.recipient_id and account.state = 'ACTIVE'
   join push_targets t on t.account_id = account.id and (t.kinds is null or n.kind = any(t.kinds))
   where n.id = any($1::uuid[]) and ${LIVE('$2::timestamptz')} order by n.id, t.id`,
);
const TO_SEND = statement(
  'push_targets.to_send',
  `select ${COLUMNS}, account.actor_id as "recipientId", account.language from push_targets t
   join accounts account on account.id = t.account_id and account.state = 'ACTIVE'
   where t.id = $1 and ${LIVE('$2::timestamptz')}`,
);

/** Push targets of an account, the newest first. */
export function findPushTargets(
  reader: Reader,
  accountId: AccountId,
  now: Date,
): Promise<PushTargetRow[]> {
  return reader.rows<PushTargetRow>(OF_ACCOUNT, [accountId, now]);
}

/** Push targets of an account by id, in no particular order; all others are left out. */
export function findPushTargetsById(
  reader: Reader,
  accountId: AccountId,
  ids: readonly string[],
  now: Date,
): Promise<PushTargetRow[]> {
  return reader.rows<PushTargetRow>(BY_IDS, [accountId, now, ids]);
}

/** Which of the notifications go to which target. */
export function findPushes(
  reader: Reader,
  notificationIds: readonly string[],
  now: Date,
): Promise<{ notificationId: string; targetId: PushTargetId }[]> {
  return reader.rows(FOR_NOTIFICATIONS, [notificationIds, now]);
}

/** A target with whose it is; null when it is gone. */
export function findTargetToSend(
  reader: Reader,
  targetId: PushTargetId,
  now: Date,
): Promise<(PushTargetRow & { recipientId: ActorId; language: string }) | null> {
  return reader.row(TO_SEND, [targetId, now]);
}

/**
 * Reads of requests: who waits to be let in. Blocked, muted and closed senders are left out, and so is one of whom nothing
 * waits that the recipient still sees.
 */
import type { ActorId } from '../actors/actor.entity.js';
import { statement, type Reader } from '../platform/db/database.js';
import { toPage, type Page, type PageRequest } from '../platform/db/page.js';
import type { Id } from '../platform/ids.js';
import { singlePage } from '../posts/page-sql.js';
import { mayNotify } from './internal/shown-actor.js';
import { showsSubject } from './internal/shown-subject.js';

/** Identity of a request. */
export type NotificationRequestId = Id<'notificationrequest'>;

/** A request as its recipient sees it. */
export interface NotificationRequestRow {
  readonly id: NotificationRequestId;
  readonly actorId: ActorId;
  readonly createdAt: Date;
  /** What waits. */
  readonly notificationCount: number;
}

const SELECT = (recipient: string, now: string): string =>
  `select r.id, r.actor_id as "actorId", r.created_at as "createdAt", held.count as "notificationCount"
   from notification_requests r join actors who on who.id = r.actor_id cross join lateral (
     select count(*)::int as count from notification_actors a join notifications n on n.id = a.notification_id
     where a.actor_id = r.actor_id and a.state = 'HELD' and n.recipient_id = r.recipient_id
       and ${showsSubject(recipient, now)}) held
   where r.recipient_id = ${recipient} and r.state = 'PENDING' and held.count > 0 and ${mayNotify('who', recipient, now)}`;

const PAGE = singlePage('notification_requests.page', {
  select: SELECT('$3::uuid', '$4::timestamptz'),
  key: 'r.id',
});
const BY_IDS = statement(
  'notification_requests.by_ids',
  `${SELECT('$2::uuid', '$3::timestamptz')} and r.id = any($1::uuid[])`,
);

/** A page of the requests to somebody, the newest first. */
export async function findRequestPage(
  reader: Reader,
  recipientId: ActorId,
  request: PageRequest,
  now: Date,
): Promise<Page<NotificationRequestRow>> {
  const rows = await reader.rows<NotificationRequestRow>(...PAGE(request, [recipientId, now]));
  return toPage(request, rows);
}

/** Requests to their recipient, by id, in no particular order; all others are left out. */
export function findRequests(
  reader: Reader,
  ids: readonly string[],
  recipientId: ActorId,
  now: Date,
): Promise<NotificationRequestRow[]> {
  return reader.rows<NotificationRequestRow>(BY_IDS, [ids, recipientId, now]);
}

/**
 * Reads of notifications. Each asks anew who may be seen: people who were blocked or muted since, and posts, stories
 * and starter packs that are gone, out of sight or filtered, leave the list and the number of unread ones together.
 */
import type { ActorId } from '../actors/actor.entity.js';
import { statement, type Reader } from '../platform/db/database.js';
import { toPage, type Page, type PageRequest } from '../platform/db/page.js';
import { singlePage } from '../posts/page-sql.js';
import type { CommentId, PostId, PostKind } from '../posts/post.entity.js';
import type { StarterPackId } from '../starterpacks/starter-pack.js';
import type { StoryId } from '../stories/story.entity.js';
import { mayNotify } from './internal/shown-actor.js';
import { showsSubject } from './internal/shown-subject.js';
import type { NotificationId, NotificationKind } from './notification-kinds.js';

/** Actors that a notification names. */
export const NAMED_ACTORS = 5;

/** Unread notifications are counted up to here. */
export const MAX_UNREAD = 100;

/** Groups up to this size are counted one by one; of larger ones only blocked and muted people are taken off. */
const COUNTED_ACTORS = 200;

/** A notification as its recipient sees it. */
export interface NotificationRow {
  readonly id: NotificationId;
  readonly kind: NotificationKind;
  /** The post or comment that it is about; null = none. */
  readonly postId: PostId | CommentId | null;
  readonly postKind: PostKind | null;
  /** The story that it is about; null = none. */
  readonly storyId: StoryId | null;
  /** The starter pack that it is about; null = none. */
  readonly starterPackId: StarterPackId | null;
  /** Page of the post or comment; null = none. */
  readonly url: string | null;
  readonly detail: Readonly<Record<string, string>>;
  /** Sort key: UUIDv7 of when somebody joined last. */
  readonly position: string;
  readonly happenedAt: Date;
  readonly isRead: boolean;
  /** The latest, at most NAMED_ACTORS. */
  readonly actorIds: readonly ActorId[];
  readonly actorCount: number;
}

/** Which notifications to list. */
export interface NotificationChoice {
  /** Null = all. */
  readonly kinds: readonly NotificationKind[] | null;
  readonly isUnreadOnly: boolean;
}

const members = (recipient: string, now: string): string =>
  `from notification_actors a join actors who on who.id = a.actor_id
   where a.notification_id = n.id and a.state = 'SHOWN' and ${mayNotify('who', recipient, now)}`;
const hidden = (recipient: string, now: string): string =>
  `select count(*) from notification_actors a where a.notification_id = n.id and a.state = 'SHOWN' and a.actor_id in (
     select blocked_id from blocks where blocker_id = ${recipient} union select blocker_id from blocks where blocked_id = ${recipient}
     union select muted_id from mutes where muter_id = ${recipient} and mutes_notifications
       and (expires_at is null or expires_at > ${now})
     union select b.id from domain_blocks d join actors b on d.domain = any(domain_with_parents(b.domain))
       where d.actor_id = ${recipient} and b.id = a.actor_id)`;
const IS_READ = `(coalesce(n.position <= preferences.read_position, false) or coalesce(n.position <= n.read_position, false))`;

function selectNotifications(recipient: string, now: string): string {
  return `select n.id, n.kind, n.post_id as "postId", n.story_id as "storyId",
     n.starter_pack_id as "starterPackId", (select kind from posts where id = n.post_id) as "postKind",
     (select url from posts where id = n.post_id) as url, n.detail,
     n.position, n.happened_at as "happenedAt", ${IS_READ} as "isRead", named.ids as "actorIds",
     case when not n.has_actors then 0
       when n.actor_count <= ${COUNTED_ACTORS} then (select count(*) ${members(recipient, now)})::int
       else n.actor_count - (${hidden(recipient, now)})::int end as "actorCount"
   from notifications n left join notification_preferences preferences on preferences.actor_id = n.recipient_id
   cross join lateral (select array(select a.actor_id ${members(recipient, now)}
     order by a.id desc limit ${NAMED_ACTORS}) as ids) named
   where n.recipient_id = ${recipient} and (not n.has_actors or n.actor_count > 0 and cardinality(named.ids) > 0)
     and ${showsSubject(recipient, now)}`;
}

const PAGE = singlePage('notifications.page', {
  select: `${selectNotifications('$3::uuid', '$4::timestamptz')}
    and ($5::text[] is null or n.kind = any($5::text[])) and not ($6::boolean and ${IS_READ})`,
  key: 'n.position',
});
const BY_IDS = statement(
  'notifications.by_ids',
  `${selectNotifications('$2::uuid', '$3::timestamptz')} and n.id = any($1::uuid[])`,
);
const UNREAD = statement(
  'notifications.unread',
  `select count(*)::int as count from (
     select from notifications n left join notification_preferences preferences on preferences.actor_id = n.recipient_id
     where n.recipient_id = $1 and n.position > coalesce(preferences.read_position, '00000000-0000-0000-0000-000000000000')
       and not coalesce(n.position <= n.read_position, false)
       and (not n.has_actors or n.actor_count > 0 and exists (select ${members('$1::uuid', '$2::timestamptz')}))
       and ${showsSubject('$1::uuid', '$2::timestamptz')}
     limit ${MAX_UNREAD}) unread`,
);

/** A page of somebody's notifications, the newest first. */
export async function findNotificationPage(
  reader: Reader,
  recipientId: ActorId,
  { kinds, isUnreadOnly }: NotificationChoice,
  request: PageRequest,
  now: Date,
): Promise<Page<NotificationRow>> {
  const values = [recipientId, now, kinds, isUnreadOnly];
  return toPage(request, await reader.rows<NotificationRow>(...PAGE(request, values)));
}

/** Notifications of their recipient, by id, in no particular order; all others are left out. */
export function findNotifications(
  reader: Reader,
  ids: readonly string[],
  recipientId: ActorId,
  now: Date,
): Promise<NotificationRow[]> {
  return reader.rows<NotificationRow>(BY_IDS, [ids, recipientId, now]);
}

/** How many notifications somebody has yet to read, at most MAX_UNREAD. */
export async function countUnread(
  reader: Reader,
  recipientId: ActorId,
  now: Date,
): Promise<number> {
  return (await reader.row<{ count: number }>(UNREAD, [recipientId, now]))?.count ?? 0;
}

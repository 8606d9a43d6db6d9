/** What a notification says in one sentence: for clients that do not know its kind, for pushes and letters. */
import type { ActorRow } from '../actors/actor.queries.js';
import { formatMessage, type Locale } from '../platform/messages/catalogue.js';
import type { NotificationRow } from './notifications.queries.js';

/** A notification in a language. `name` is that of the latest actor; empty where there is none. */
export function notificationText(
  locale: Locale,
  {
    kind,
    actorCount,
    postKind,
    detail,
  }: Pick<NotificationRow, 'kind' | 'actorCount' | 'postKind' | 'detail'>,
  name: string,
): string {
  return formatMessage(locale, `notification.${kind}`, {
    ...detail,
    name,
    count: Math.max(0, actorCount - 1),
    subject: postKind === 'comment' ? 'comment' : 'post',
  });
}

/** How somebody is called in a sentence: the chosen name, else the handle. */
export function nameOf({
  displayName,
  username,
  domain,
}: Pick<ActorRow, 'displayName' | 'username' | 'domain'>): string {
  return displayName.trim() || `@${domain === null ? username : `${username}@${domain}`}`;
}

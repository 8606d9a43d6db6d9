/** Sends one person what they have not read since the letter before. */
import type { AccountId } from '../../accounts/account.entity.js';
import { findAccount } from '../../accounts/accounts.queries.js';
import { sendLetter } from '../../accounts/letters.js';
import { findActors } from '../../actors/actor.queries.js';
import type { JobContext } from '../../platform/context.js';
import { statement } from '../../platform/db/database.js';
import { defineJob } from '../../platform/jobs/job.js';
import { chooseLocale, formatMessage } from '../../platform/messages/catalogue.js';
import { findDueDigest, type DueDigest } from '../digest.queries.js';
import { nameOf, notificationText } from '../notification-text.js';
import {
  findNotificationPage,
  MAX_UNREAD,
  type NotificationRow,
} from '../notifications.queries.js';
import { unsubscribeUrl } from '../unsubscribe-digest.js';

/** Notifications that a letter names; of the others it tells the number. */
const NAMED_NOTIFICATIONS = 10;

const SENT = statement(
  'digests.sent',
  `update notification_preferences set digest_sent_at = $2, digest_position = $3 where actor_id = $1`,
);

/** Does nothing when it is not due (any more), or nothing is unread. A crash right after sending sends once more. */
export const sendDigest = defineJob<{ accountId: AccountId }>(
  'sendDigest',
  async (context, { accountId }) => {
    const { database, clock } = context;
    const now = clock.now();
    const due = await findDueDigest(database, now, accountId);
    const account = due && (await findAccount(database, accountId));
    if (!due || !account) return;
    const unread = await findUnread(context, due);
    const [newest] = unread;
    if (!newest) return;
    const locale = chooseLocale([account.language]);
    const lines = await linesOf(context, locale, unread.slice(0, NAMED_NOTIFICATIONS));
    const more = unread.length - lines.length;
    const link = unsubscribeUrl(context, accountId);
    const { frequency } = due;
    await sendLetter(context, account, {
      to: account.email,
      subject: formatMessage(locale, 'letter.digest.subject', { count: unread.length }),
      paragraphs: [
        formatMessage(locale, 'letter.digest.intro'),
        ...lines,
        ...(more > 0 ? [formatMessage(locale, 'letter.digest.more', { count: more })] : []),
        `${formatMessage(locale, 'letter.digest.unsubscribe', { frequency })}\n${link}`,
      ],
      headers: {
        'List-Unsubscribe': `<${link}>`,
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      },
    });
    await database.rows(SENT, [due.recipientId, now, newest.position]);
  },
  { keyOf: ({ accountId }) => accountId },
);

/** Unread notifications that no letter has told of, the latest first. */
async function findUnread(
  { database, clock }: JobContext,
  { recipientId, toldPosition }: DueDigest,
): Promise<readonly NotificationRow[]> {
  const choice = { kinds: null, isUnreadOnly: true };
  const request = { size: MAX_UNREAD, isBackward: false, from: null };
  const page = await findNotificationPage(database, recipientId, choice, request, clock.now());
  return page.rows.filter(({ position }) => toldPosition === null || position > toldPosition);
}

async function linesOf(
  { database }: JobContext,
  locale: ReturnType<typeof chooseLocale>,
  notifications: readonly NotificationRow[],
): Promise<string[]> {
  const actorIds = notifications.flatMap(({ actorIds: [first] }) => (first ? [first] : []));
  const actors = new Map((await findActors(database, actorIds)).map((actor) => [actor.id, actor]));
  return notifications.map((notification) => {
    const [first] = notification.actorIds;
    const actor = first && actors.get(first);
    const text = notificationText(locale, notification, actor ? nameOf(actor) : '');
    const url = notification.url ?? (actor ? actor.url : null);
    return url === null ? text : `${text}\n${url}`;
  });
}

/** Pushes one notification to one target. */
import { findActors } from '../../actors/actor.queries.js';
import type { JobContext } from '../../platform/context.js';
import { statement } from '../../platform/db/database.js';
import { TerminalError } from '../../platform/errors.js';
import { ForbiddenAddress } from '../../platform/outside-address.js';
import { toGlobalId } from '../../platform/ids.js';
import { defineJob } from '../../platform/jobs/job.js';
import { chooseLocale } from '../../platform/messages/catalogue.js';
import { vapidKeys } from '../../platform/push/vapid.js';
import { pushOutcome } from '../../platform/push/web-push.js';
import { sealPush, type PushMessage } from '../internal/push-message.js';
import { nameOf, notificationText } from '../notification-text.js';
import { countUnread, findNotifications } from '../notifications.queries.js';
import { findTargetToSend, type PushTargetId } from '../push-targets.queries.js';

/** About two hours in all: what a push service has not taken by then is no news. */
const MAX_ATTEMPTS = 9;

/** UTF-16 units of a pushed title: whatever its script, the whole stays below the 4,096 bytes that services take. */
const MAX_TITLE = 500;

const FORGET = statement('push_targets.forget', 'delete from push_targets where id = $1');

/** What is read, gone or out of sight by now is not pushed. A target that its push service does not know is forgotten. */
export const sendPush = defineJob<{ notificationId: string; targetId: PushTargetId }>(
  'sendPush',
  async (context, { notificationId, targetId }) => {
    const { database, clock, config, outside, log } = context;
    const target = await findTargetToSend(database, targetId, clock.now());
    if (!target) return;
    const { recipientId, language } = target;
    const message = await messageOf(context, notificationId, { recipientId, language });
    if (!message) return;
    const subject = config.publicUrl.origin;
    const topic = notificationId.replaceAll('-', '');
    const request = sealPush(message, target, await vapidKeys(context), { subject, topic });
    const { status } = await outside(request).catch((error: unknown) => {
      throw error instanceof ForbiddenAddress ? new TerminalError(error.message) : error;
    });
    const outcome = pushOutcome(status);
    if (outcome === 'TAKEN') return;
    if (outcome === 'GONE') {
      await database.rows(FORGET, [targetId]);
      log.info({ targetId, status }, 'push target is gone');
      return;
    }
    const problem = `The push service answered ${status}`;
    throw outcome === 'LATER' ? new Error(problem) : new TerminalError(problem);
  },
  {
    asksOutside: true,
    maxAttempts: MAX_ATTEMPTS,
    keyOf: ({ notificationId, targetId }) => `${notificationId}:${targetId}`,
  },
);

async function messageOf(
  { database, clock }: JobContext,
  notificationId: string,
  recipient: Pick<
    NonNullable<Awaited<ReturnType<typeof findTargetToSend>>>,
    'recipientId' | 'language'
  >,
): Promise<PushMessage | null> {
  const now = clock.now();
  const { recipientId, language } = recipient;
  const [row] = await findNotifications(database, [notificationId], recipientId, now);
  if (!row || row.isRead) return null;
  const [actor] = await findActors(database, row.actorIds.slice(0, 1));
  return {
    notificationId: toGlobalId('notification', row.id),
    kind: row.kind,
    title: notificationText(chooseLocale([language]), row, actor ? nameOf(actor) : '').slice(
      0,
      MAX_TITLE,
    ),
    url: row.url ?? actor?.url ?? null,
    unreadCount: await countUnread(database, recipientId, now),
  };
}

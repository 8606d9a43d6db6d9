/** The answer to somebody whose notifications wait. */
import type { ActorId } from '../actors/actor.entity.js';
import type { CommandContext } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import { NotFound } from '../platform/errors.js';
import { requireViewer } from '../platform/require-viewer.js';
import { releaseHeld } from './internal/requests.js';
import type { NotificationRequestId } from './notification-requests.queries.js';

const ACCEPT = statement(
  'notification_requests.accept',
  `update notification_requests set state = 'ACCEPTED'
   where recipient_id = $1 and id = $2 and state = 'PENDING' returning actor_id as "actorId"`,
);
const DISMISS = statement(
  'notification_requests.dismiss',
  `delete from notification_requests
   where recipient_id = $1 and id = $2 and state = 'PENDING' returning actor_id as "actorId"`,
);

/**
 * Lets the sender of a request in, now and from now on, or forgets what waits: a later notification of the same
 * sender makes a new request. Opens its own transaction.
 *
 * @throws {Forbidden} FORBIDDEN for anonymous callers
 * @throws {NotFound} NOT_FOUND for somebody else's request, and for one that was answered
 */
export async function respondToNotificationRequest(
  context: CommandContext,
  { requestId, accept }: { requestId: NotificationRequestId; accept: boolean },
): Promise<void> {
  const { actorId } = requireViewer(context);
  await context.database.transaction(async (tx) => {
    const request = await tx.row<{ actorId: ActorId }>(accept ? ACCEPT : DISMISS, [
      actorId,
      requestId,
    ]);
    if (!request) throw new NotFound(['requestId']);
    await releaseHeld(tx, actorId, request.actorId, accept ? 'SHOWN' : 'GONE');
  });
}

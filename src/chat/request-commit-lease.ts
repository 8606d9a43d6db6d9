/** Whose turn it is to commit: a courtesy among devices, by which none of them starves. */
import type { ChatDeviceId } from '../devices/device.js';
import { requireDevice } from '../devices/devices.queries.js';
import type { CommandContext } from '../platform/context.js';
import { Forbidden } from '../platform/errors.js';
import { requireRate } from '../platform/require-rate.js';
import type { ConversationId } from './conversation.js';
import { requireChatter } from './internal/chatting.js';
import { queueForLease, type CommitLease } from './internal/commit-lease.js';
import { devicesOf, lockGroup } from './internal/encrypted-group.js';

const LIMIT = { name: 'chat_lease', points: 1200, windowSeconds: 600, failsClosed: false };

/**
 * Puts a device of whoever acts in line, and says whether it is its turn. A commit without a turn is accepted all the same if
 * it is the first of its epoch. Opens its own transaction.
 *
 * @throws {NotFound} NOT_FOUND for a conversation that the viewer does not see, or a device that is not theirs
 * @throws {Forbidden} FORBIDDEN when the device is not in the group
 * @throws {RateLimited} RATE_LIMITED for more than 1,200 in ten minutes
 */
export async function requestCommitLease(
  context: CommandContext,
  conversationId: ConversationId,
  deviceId: ChatDeviceId,
): Promise<CommitLease> {
  const chatter = requireChatter(context);
  await requireRate(context, LIMIT, chatter.countedBy);
  return context.database.transaction(async (tx) => {
    await requireDevice(tx, chatter, deviceId);
    await lockGroup(tx, conversationId, chatter.actorId);
    const devices = await devicesOf(tx, conversationId);
    if (!devices.some((device) => device.deviceId === deviceId && device.isReceiving))
      throw new Forbidden('This device is not in the group.', 'FORBIDDEN', ['deviceId']);
    return queueForLease(tx, { conversationId, deviceId, now: context.clock.now() });
  });
}
